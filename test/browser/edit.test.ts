import type { Page } from 'playwright-core';
import { accountAddress, describeInBrowser, registrationAddress } from './browser-stage.ts';
import { change } from './furnished-desk.ts';
import { until } from '../support/until.ts';

jest.setTimeout(60_000);

describeInBrowser('editing a record', (stage) => {
  const registration = (number: string) => `/sobjects/Deal_Registration__c/${stage().desk.registrations.get(number)}`;
  const rowOf = async (path: string) => (await stage().org.call('GET', path)).body;
  const edit = (page: Page, label: string) => page.getByRole('button', { name: `Edit ${label}`, exact: true }).click();
  const save = (page: Page) => page.getByRole('button', { name: 'Save' }).click();
  /** Saved: the form is gone. */
  const saved = (page: Page) => page.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' });

  it('takes every type of field as people write it, and writes only what was changed', async () => {
    const id = stage().desk.opportunities.get('Rookford Optics: new business') ?? '';
    const before = await rowOf(`/sobjects/Opportunity/${id}`);
    const page = await stage().visit(`#/Opportunity/${id}`, { as: 'rep' });
    await edit(page, 'Stage');
    expect(await page.evaluate('document.activeElement.tagName')).toBe('SELECT');
    await page.getByRole('combobox', { name: 'Stage' }).selectOption('Proposal/Price Quote');
    await page.getByLabel('Amount').fill('81,250.50');
    await page.getByLabel('Close Date').fill('2026-09-30');
    await page.getByLabel('Next Step').fill('Send the offer');
    await page.getByLabel('Description').fill('First line\nSecond line');
    await save(page);
    await saved(page);
    const after = await rowOf(`/sobjects/Opportunity/${id}`);
    expect(after).toMatchObject({
      StageName: 'Proposal/Price Quote',
      Amount: 81_250.5,
      CloseDate: '2026-09-30',
      NextStep: 'Send the offer',
      Description: 'First line\nSecond line',
    });
    expect([after.Name, after.AccountId, after.Type]).toEqual([before.Name, before.AccountId, before.Type]);
    const history = await stage().org.query(
      `SELECT Field FROM OpportunityFieldHistory WHERE OpportunityId = '${id}' AND Field != 'created'`,
    );
    expect(new Set(history.map((row) => row['Field']))).toEqual(new Set(['Amount', 'CloseDate', 'StageName']));
  });

  it('empties a field', async () => {
    const page = await stage().visit(registrationAddress(stage(), 'DR-000007'), { as: 'rep' });
    await edit(page, 'Customer Domain');
    await page.getByLabel('Customer Domain').fill('');
    await page.getByLabel('Expected Close Date').fill('');
    await save(page);
    await saved(page);
    expect(await rowOf(registration('DR-000007'))).toMatchObject({
      Customer_Domain__c: null,
      Expected_Close_Date__c: null,
      Estimated_Value__c: 12_000,
    });
  });

  it('keeps what the layout shows only: a status is not typed', async () => {
    const page = await stage().visit(registrationAddress(stage(), 'DR-000001'), { as: 'rep' });
    expect(await page.getByRole('button', { name: 'Edit Status' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    expect(await page.getByRole('form', { name: 'Edit Deal Registration' }).getByLabel('Status').count()).toBe(0);
    await page.getByRole('button', { name: 'Cancel' }).click();
  });

  it('finds the record of a lookup by its name, with the mouse', async () => {
    const page = await stage().visit(registrationAddress(stage(), 'DR-000002'), { as: 'rep' });
    await edit(page, 'Opportunity');
    await page.getByRole('combobox', { name: 'Opportunity' }).fill('rookford');
    await page.getByRole('option', { name: /Rookford Optics: new business.*Rookford Optics LLC/ }).click();
    await save(page);
    await saved(page);
    expect((await rowOf(registration('DR-000002'))).Opportunity__c).toBe(stage().desk.opportunities.get('Rookford Optics: new business'));
    await page.getByRole('region', { name: 'Linked opportunity' }).getByRole('link', { name: 'Rookford Optics: new business' }).waitFor();
  });

  it('does not take a name for a lookup that nobody chose, and says so at the field', async () => {
    const page = await stage().visit(registrationAddress(stage(), 'DR-000001'), { as: 'rep' });
    await edit(page, 'Customer');
    const customer = page.getByRole('combobox', { name: 'Customer', exact: true });
    await customer.fill('Nobody of that name');
    await page.getByRole('main').getByText('Nothing is called “Nobody of that name”.').waitFor();
    await save(page);
    await page.getByText('Choose a record from the list, or empty the field.').waitFor();
    expect(await customer.getAttribute('aria-invalid')).toBe('true');
    expect(await page.evaluate('document.activeElement.getAttribute("role")')).toBe('combobox');
    expect((await rowOf(registration('DR-000001'))).Customer__c).toBe(stage().desk.accounts.get('Hazelfield Robotics Inc'));
  });

  it('shows what the CRM refuses at the field that it names, and keeps what was typed', async () => {
    const page = await stage().visit(registrationAddress(stage(), 'DR-000001'), { as: 'rep' });
    await edit(page, 'Estimated Currency');
    const currency = page.getByLabel('Estimated Currency');
    await currency.fill('Dollars');
    await page.getByLabel('Customer Name').fill('Hazelfield Robotics');
    await save(page);
    const words = page.getByText('Estimated Currency: data value too large: Dollars (max length=3)');
    await words.waitFor();
    const described = (await currency.getAttribute('aria-describedby')) ?? '';
    expect(described.split(' ')).toContain(await words.getAttribute('id'));
    expect(await page.evaluate('document.activeElement.value')).toBe('Dollars');
    await page.getByRole('alert').getByText('One field needs attention.').waitFor();
    await currency.fill('EUR');
    await save(page);
    await saved(page);
    expect(await rowOf(registration('DR-000001'))).toMatchObject({ Estimated_Currency__c: 'EUR', Customer_Name__c: 'Hazelfield Robotics' });
  });

  it.each([
    ['Estimated Value', 'twelve', 'Enter a number such as 25000.50.'],
    ['Estimated Value', '99999999999999999', 'Estimated Value: value outside of valid range on numeric field'],
  ])('says at %s what is wrong with %j', async (label, value, words) => {
    const page = await stage().visit(registrationAddress(stage(), 'DR-000001'), { as: 'rep' });
    await edit(page, label);
    await page.getByLabel(label).fill(value);
    await save(page);
    await page.getByText(words).waitFor();
    expect(await page.getByLabel(label).getAttribute('aria-invalid')).toBe('true');
  });

  it('shows what names no field above all of them', async () => {
    const page = await stage().visit(accountAddress(stage(), 'Harbor Cloud Ltd'), { as: 'rep' });
    await edit(page, 'Partner Id');
    await page.getByLabel('Partner Id').fill('P-001');
    await save(page);
    await page.getByText(/duplicate value found: Partner_Id__c duplicates value on record with id/).waitFor();
    await stage().org.control('faults', { rules: [{ method: 'PATCH', path: '/sobjects', fault: 'row_lock' }] });
    await page.getByLabel('Partner Id').fill('P-103');
    await save(page);
    await page
      .getByRole('alert')
      .getByText(/unable to obtain exclusive access to this record/)
      .waitFor();
    await save(page);
    await saved(page);
    await change(stage().org, `/sobjects/Account/${stage().desk.accounts.get('Harbor Cloud Ltd')}`, { Partner_Id__c: 'P-003' });
  });

  it('does not lose what was typed when somebody goes elsewhere: they are asked, and may stay', async () => {
    const page = await stage().visit(registrationAddress(stage(), 'DR-000005'), { as: 'rep' });
    await edit(page, 'Customer Name');
    await page.getByLabel('Customer Name').fill('Bexford Marine Group');
    await page.getByRole('link', { name: 'Accounts' }).click();
    const question = page.getByRole('dialog', { name: 'Leave without saving?' });
    await question.getByRole('button', { name: 'Stay' }).click();
    expect(await page.getByLabel('Customer Name').inputValue()).toBe('Bexford Marine Group');
    await page.waitForURL((url) => url.href.endsWith(registrationAddress(stage(), 'DR-000005')));

    await page.getByLabel('Working as').selectOption({ label: 'Rana Okafor (rep2)' });
    await question.getByRole('button', { name: 'Stay' }).click();
    await until('the choice is taken back', async () => (await page.getByLabel('Working as').inputValue()) === 'rep');

    await page.getByRole('link', { name: 'Accounts' }).click();
    await question.getByRole('button', { name: 'Leave without saving' }).click();
    await page.getByRole('heading', { level: 1, name: 'Accounts' }).waitFor();
    expect((await rowOf(registration('DR-000005'))).Customer_Name__c).toBe('Bexford Marine LLC');
  });

  it('lets go at once where nothing was typed', async () => {
    const page = await stage().visit(registrationAddress(stage(), 'DR-000005'), { as: 'rep' });
    await edit(page, 'Customer Name');
    await page.getByRole('link', { name: 'Accounts' }).click();
    await page.getByRole('heading', { level: 1, name: 'Accounts' }).waitFor();
  });

  it('keeps the form when the worker changes the record meanwhile, and writes both changes', async () => {
    const page = await stage().visit(registrationAddress(stage(), 'DR-000006'), { as: 'rep' });
    await edit(page, 'Customer Name');
    await page.getByLabel('Customer Name').fill('Tamgate Software Group');
    await change(stage().org, registration('DR-000006'), { Sync_Note__c: 'Checked again.', Estimated_Value__c: 42_500 });
    await page.getByRole('paragraph').filter({ hasText: 'Sync Note Checked again.' }).waitFor();
    expect(await page.getByLabel('Customer Name').inputValue()).toBe('Tamgate Software Group');
    await save(page);
    await saved(page);
    expect(await rowOf(registration('DR-000006'))).toMatchObject({
      Customer_Name__c: 'Tamgate Software Group',
      Estimated_Value__c: 42_500,
    });
  });

  it('asks before it writes over the same field that somebody else has changed meanwhile', async () => {
    const page = await stage().visit(registrationAddress(stage(), 'DR-000007'), { as: 'rep' });
    await edit(page, 'Estimated Value');
    await page.getByLabel('Estimated Value').fill('15000');
    await change(stage().org, registration('DR-000007'), { Estimated_Value__c: 14_000 }, 'rep2');
    await save(page);
    await page.getByText('Rana Okafor changed this to “USD 14,000” meanwhile. Save again to write over it.').waitFor();
    expect((await rowOf(registration('DR-000007'))).Estimated_Value__c).toBe(14_000);
    await save(page);
    await saved(page);
    expect((await rowOf(registration('DR-000007'))).Estimated_Value__c).toBe(15_000);
  });

  it('deletes after a question, and not where it is answered with no', async () => {
    const created = await stage().org.call('POST', '/sobjects/Contact', { LastName: 'Leaver' });
    const page = await stage().visit(`#/Contact/${created.body.id}`, { as: 'rep' });
    const question = page.getByRole('dialog', { name: 'Delete Leaver?' });
    await page.getByRole('button', { name: 'Delete' }).click();
    await question.getByRole('button', { name: 'Cancel' }).click();
    expect((await stage().org.call('GET', `/sobjects/Contact/${created.body.id}`)).status).toBe(200);
    await page.getByRole('button', { name: 'Delete' }).click();
    await question.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { level: 1, name: 'Contacts' }).waitFor();
    expect((await stage().org.call('GET', `/sobjects/Contact/${created.body.id}`)).status).toBe(404);
  });
});
