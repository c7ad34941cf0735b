import type { Page } from 'playwright-core';
import { accountAddress, describeInBrowser, registrationAddress } from './browser-stage.ts';

jest.setTimeout(60_000);

describeInBrowser('entering a record', (stage) => {
  const choose = async (page: Page, label: string, written: string, name: string) => {
    await page.getByRole('combobox', { name: label, exact: true }).fill(written);
    await page.getByRole('option', { name: new RegExp(`^${name}`) }).click();
  };
  const save = (page: Page) => page.getByRole('button', { name: 'Save' }).click();
  const idOf = (page: Page) => page.url().split('/').at(-1) ?? '';

  it('lets a rep register a deal: partner, customer, lines and value', async () => {
    const { org, desk } = stage();
    const page = await stage().visit('#/Deal_Registration__c', { as: 'rep2' });
    await page.getByRole('link', { name: 'New Deal Registration' }).click();
    await page.getByRole('heading', { level: 1, name: 'New Deal Registration' }).waitFor();
    expect(await page.evaluate('document.activeElement.getAttribute("role")')).toBe('combobox');
    expect(await page.getByLabel('Requested Decision').count()).toBe(0);
    await choose(page, 'Partner', 'bright', 'Brightpath Consulting Inc');
    await choose(page, 'Customer', 'tamgate', 'Tamgate Software Ltd');
    await page.getByLabel('Product Lines').fill('platform;analytics');
    await page.getByLabel('Estimated Value').fill('48000');
    await page.getByLabel('Estimated Currency').fill('USD');
    await page.getByLabel('Expected Close Date').fill('2026-06-30');
    await page.getByLabel('Description').fill('Replaces a spreadsheet.');
    await save(page);
    await page.getByRole('heading', { level: 1, name: 'DR-000008' }).waitFor();
    await page.getByRole('status').getByText('The deal registration was created.').waitFor();
    expect(await page.getByText('Status is not set yet.').isVisible()).toBe(true);
    const { body } = await org.call('GET', `/sobjects/Deal_Registration__c/${idOf(page)}`);
    expect(body).toMatchObject({
      Partner__c: desk.accounts.get('Brightpath Consulting Inc'),
      Customer__c: desk.accounts.get('Tamgate Software Ltd'),
      Product_Lines__c: 'platform;analytics',
      Estimated_Value__c: 48_000,
      Expected_Close_Date__c: '2026-06-30',
      Status__c: null,
      Requested_Decision__c: null,
      OwnerId: desk.users.get('rep2'),
      CreatedById: desk.users.get('rep2'),
    });
  });

  it('takes over from an opportunity what is known there', async () => {
    const { desk, org } = stage();
    const id = desk.opportunities.get('Bexford Marine: automation pilot') ?? '';
    const page = await stage().visit(`#/Opportunity/${id}`, { as: 'rep' });
    await page.getByRole('region', { name: 'Deal Registrations' }).getByRole('link', { name: 'New Deal Registration' }).click();
    await page.getByRole('heading', { level: 1, name: 'New Deal Registration' }).waitFor();
    expect(await page.getByRole('combobox', { name: 'Opportunity' }).inputValue()).toBe('Bexford Marine: automation pilot');
    expect(await page.getByRole('combobox', { name: 'Customer', exact: true }).inputValue()).toBe('Bexford Marine LLC');
    await choose(page, 'Partner', 'harbor', 'Harbor Cloud Ltd');
    await save(page);
    await page.getByRole('heading', { level: 1, name: /^DR-/ }).waitFor();
    expect((await org.call('GET', `/sobjects/Deal_Registration__c/${idOf(page)}`)).body).toMatchObject({
      Opportunity__c: id,
      Customer__c: desk.accounts.get('Bexford Marine LLC'),
    });
  });

  it('lets a rep enter an opportunity of an account, and says at the field what is missing', async () => {
    const page = await stage().visit(accountAddress(stage(), 'Bexford Marine LLC'), { as: 'rep' });
    await page.getByRole('region', { name: 'Opportunities' }).getByRole('link', { name: 'New Opportunity' }).click();
    await page.getByRole('textbox', { name: 'Name (required)' }).fill('Bexford Marine: second dock');
    await page.getByRole('combobox', { name: 'Stage' }).selectOption('Qualification');
    await save(page);
    await page.getByRole('alert').getByText('One field needs attention.').waitFor();
    expect(await page.getByLabel('Close Date').getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('Close Date').fill('2026-08-31');
    await save(page);
    await page.getByRole('heading', { level: 1, name: 'Bexford Marine: second dock' }).waitFor();
    await page.getByRole('definition').getByRole('link', { name: 'Bexford Marine LLC' }).first().waitFor();
  });

  it('shows the words of the CRM at each field that it asks for', async () => {
    const page = await stage().visit('#/Lead/new', { as: 'rep' });
    await page.getByRole('textbox', { name: 'First Name' }).fill('Half');
    await save(page);
    await page.getByText('Required fields are missing: [LastName, Company]').first().waitFor();
    await page.getByRole('alert').getByText('2 fields need attention.').waitFor();
    for (const name of ['Last Name', 'Company']) {
      expect(await page.getByRole('textbox', { name: `${name} (required)` }).getAttribute('aria-invalid')).toBe('true');
    }
  });

  it('lets a rep enter a task about a registration, with the defaults of the object', async () => {
    const page = await stage().visit(registrationAddress(stage(), 'DR-000006'), { as: 'rep' });
    await page.getByRole('region', { name: 'Tasks' }).getByRole('link', { name: 'New Task' }).click();
    expect(await page.getByRole('combobox', { name: 'Related To', exact: true }).inputValue()).toBe('DR-000006');
    expect(await page.getByRole('combobox', { name: 'Related To: kind of record' }).inputValue()).toBe('Deal_Registration__c');
    expect(await page.getByRole('combobox', { name: 'Status' }).inputValue()).toBe('Not Started');
    await page.getByLabel('Subject').fill('Ask for the second site');
    await page.getByLabel('Due Date Only').fill('2026-03-05');
    await save(page);
    await page.getByRole('heading', { level: 1, name: 'Ask for the second site' }).waitFor();
    await page.getByRole('link', { name: 'DR-000006' }).first().click();
    await page.getByRole('region', { name: 'Tasks' }).getByRole('link', { name: 'Ask for the second site' }).waitFor();
  });

  it('goes back where it is cancelled, after a question where something was typed', async () => {
    const page = await stage().visit('#/Lead', { as: 'rep' });
    await page.getByRole('link', { name: 'New Lead' }).click();
    await page.getByRole('textbox', { name: 'Last Name' }).fill('Almost');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Leave without saving' }).click();
    await page.getByRole('heading', { level: 1, name: 'Leads' }).waitFor();
    expect(await stage().org.query("SELECT Id FROM Lead WHERE LastName = 'Almost'")).toEqual([]);
  });

  it('goes to the list where it is cancelled and nothing was before it in the tab', async () => {
    const page = await stage().visit('#/Contact/new', { as: 'rep' });
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('heading', { level: 1, name: 'Contacts' }).waitFor();
  });

  it('sends a record once, however often the button is pressed', async () => {
    await stage().org.control('faults', { rules: [{ method: 'POST', path: '/sobjects/Contact', fault: 'delay', delayMs: 400 }] });
    const page = await stage().visit('#/Contact/new', { as: 'rep' });
    await page.getByRole('textbox', { name: 'Last Name' }).fill('Once');
    await page.getByRole('textbox', { name: 'Last Name' }).press('Enter');
    await page.getByRole('textbox', { name: 'Last Name' }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Once' }).waitFor();
    expect(await stage().org.query("SELECT Id FROM Contact WHERE LastName = 'Once'")).toHaveLength(1);
  });
});
