import type { Page } from 'playwright-core';
import { accountAddress, describeInBrowser } from './browser-stage.ts';

jest.setTimeout(60_000);

/** On the page itself: what is said to screen readers stands apart. */
const shown = (page: Page, text: string | RegExp) => page.getByRole('main').getByText(text);
const rowsOf = (page: Page) =>
  page
    .getByRole('table')
    .getByRole('row')
    .filter({ has: page.getByRole('cell') });
const titlesOf = (page: Page) => rowsOf(page).getByRole('cell').getByRole('link').filter({ hasText: /^DR-/ }).allTextContents();
const headsOf = async (page: Page) => (await page.getByRole('columnheader').allTextContents()).map((head) => head.replace(/^Sort by /, ''));

describeInBrowser('lists of records', (stage) => {
  it('show the shipped list views by their labels, each with its columns and its filter', async () => {
    const page = await stage().visit('#/Deal_Registration__c', { as: 'rep' });
    const view = page.getByLabel('List view');
    expect(await view.getByRole('option').allTextContents()).toEqual([
      'All Registrations',
      'Awaiting Approval',
      'In Conflict',
      'My Registrations',
      'Protected',
    ]);
    expect(await shown(page, '1–7 of 7').isVisible()).toBe(true);

    await view.selectOption('Awaiting Approval');
    await shown(page, '1–3 of 3').waitFor();
    expect(await headsOf(page)).toEqual([
      'Registration Number',
      'Partner',
      'Customer Name',
      'Estimated Value',
      'Estimated Currency',
      'Review Step',
      'Approver',
      'Review Due',
    ]);
    // What is due first comes first.
    expect(await titlesOf(page)).toEqual(['DR-000002', 'DR-000005', 'DR-000001']);

    await view.selectOption('In Conflict');
    await shown(page, '1–1 of 1').waitFor();
    expect(await titlesOf(page)).toEqual(['DR-000001']);
  });

  it('show what is mine to the user who is chosen, in words where there is nothing', async () => {
    const page = await stage().visit('#/Deal_Registration__c?view=Mine', { as: 'rep' });
    await shown(page, 'There are no records in “My Registrations”.').waitFor();
    await page.getByLabel('Working as').selectOption({ label: 'Integration User (integration)' });
    await shown(page, '1–7 of 7').waitFor();
  });

  it('keep view, search, sort and page in the address: a reload and the way back show the same', async () => {
    const page = await stage().visit('#/Opportunity', { as: 'rep' });
    await page.getByLabel('List view').selectOption('All Opportunities');
    await shown(page, '1–25 of 160').waitFor();
    await page.getByRole('link', { name: 'Sort by Amount' }).click();
    await page.getByRole('columnheader', { name: 'Amount' }).and(page.locator('[aria-sort="ascending"]')).waitFor();
    await page.getByRole('link', { name: 'Sort by Amount' }).click();
    await page.getByRole('columnheader', { name: 'Amount' }).and(page.locator('[aria-sort="descending"]')).waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toContain('Amount');
    await page.getByRole('link', { name: 'Next' }).click();
    await shown(page, '26–50 of 160').waitFor();
    const before = await rowsOf(page).allInnerTexts();
    const amounts = before.map((row) => Number(/USD ([\d,]+)/.exec(row)?.[1]?.replaceAll(',', '')));
    expect(amounts).toEqual(amounts.toSorted((a, b) => b - a));

    await page.reload();
    await shown(page, '26–50 of 160').waitFor();
    expect(await rowsOf(page).allInnerTexts()).toEqual(before);
    await page.getByLabel('Search this list').fill('platform');
    await page.getByRole('button', { name: 'Search' }).click();
    await shown(page, /of \d+ found for “platform”/).waitFor();
    await page.goBack();
    await shown(page, '26–50 of 160').waitFor();
    expect(await rowsOf(page).allInnerTexts()).toEqual(before);
    expect(await page.getByLabel('Search this list').inputValue()).toBe('');
  });

  it('find text as it is written, also where it is a pattern or a quote, and say so where there is none', async () => {
    const page = await stage().visit('#/Account', { as: 'rep' });
    const search = page.getByLabel('Search this list');
    await search.fill('HAZELFIELD rob');
    await search.press('Enter');
    await shown(page, '1–1 of 1 found for “HAZELFIELD rob”').waitFor();
    for (const nothing of ["o'neill %_\\", "' OR Name LIKE '%"]) {
      await search.fill(nothing);
      await search.press('Enter');
      await shown(page, `Nothing in “All Accounts” matches “${nothing}”.`).waitFor();
    }
  });

  it('open a record, with its heading in focus', async () => {
    const page = await stage().visit('#/Deal_Registration__c?view=Protected', { as: 'rep' });
    await page.getByRole('link', { name: 'DR-000003' }).click();
    await page.getByRole('heading', { level: 1, name: 'DR-000003' }).waitFor();
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');
    expect(await page.title()).toBe('DR-000003 · Coldmere Steel & Wire PLC · Salesforce sandbox');
  });

  it.each([
    ['Accounts', 'My Accounts', 'Account Name'],
    ['Opportunities', 'Closing This Month', 'Name'],
    ['Contacts', 'All Contacts', 'Full Name'],
    ['Leads', 'Open Leads', 'Full Name'],
    ['Tasks', 'Open Tasks', 'Subject'],
    ['Users', 'Active Users', 'Full Name'],
  ])('are there for %s', async (tab, view, title) => {
    const page = await stage().visit('#/', { as: 'rep' });
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: tab }).click();
    await page.getByRole('heading', { level: 1, name: tab }).waitFor();
    await page.getByLabel('List view').selectOption(view);
    await shown(page, /\d+–\d+ of \d+|There are no records/).waitFor();
    if ((await page.getByRole('table').count()) > 0) expect((await headsOf(page))[0]).toBe(title);
    expect(await page.getByRole('link', { name: tab }).getAttribute('aria-current')).toBe('page');
  });

  it('offer nothing new where records are only read', async () => {
    const page = await stage().visit('#/User', { as: 'rep' });
    expect(await page.getByRole('link', { name: /^New / }).count()).toBe(0);
    await page.getByRole('link', { name: 'Mona Gerber' }).first().click();
    await page.getByRole('heading', { level: 1, name: /Mona Gerber/ }).waitFor();
    expect(await page.getByRole('group', { name: 'Actions' }).getByRole('button').count()).toBe(0);
    expect(await page.getByRole('button', { name: /^Edit / }).count()).toBe(0);
  });

  it('show all records of another one, where its page shows only the first', async () => {
    const { org, desk } = stage();
    const account = desk.accounts.get('Bexford Marine LLC');
    const contacts = Array.from({ length: 6 }, (_each, index) => ({
      attributes: { type: 'Contact' },
      LastName: `Berth ${index}`,
      AccountId: account,
    }));
    await org.call('POST', '/composite/sobjects', { records: contacts });
    const page = await stage().visit(accountAddress(stage(), 'Bexford Marine LLC'), { as: 'rep' });
    await page.getByRole('link', { name: /^Show all : Contacts/ }).click();
    await page.getByRole('main').getByRole('link', { name: 'Bexford Marine LLC' }).first().waitFor();
    const total = (await org.query(`SELECT Id FROM Contact WHERE AccountId = '${account}'`)).length;
    await shown(page, `1–${total} of ${total}`).waitFor();
    await page.getByRole('link', { name: 'Show all' }).click();
    await shown(page, /1–25 of 6\d\d/).waitFor();
  });

  it('are shown as far as their address makes sense', async () => {
    const page = await stage().visit("#/Account?view=Nothing&sort=Nonsense&page=-3&by=Name')%20OR%20(Id&of=x", { as: 'rep' });
    await shown(page, /1–25 of 4\d\d/).waitFor();
    expect(await page.getByLabel('List view').inputValue()).toBe('AllAccounts');
    await page.goto(`${stage().org.url}/#/Account?page=50`);
    await shown(page, 'There are no records on this page any more.').waitFor();
    await page.goto(`${stage().org.url}/#/Nonsense__c`);
    await page.getByRole('heading', { level: 1, name: /^My work/ }).waitFor();
  });

  it('follow what others change while they are looked at', async () => {
    const page = await stage().visit('#/Deal_Registration__c?view=Awaiting_Approval', { as: 'rep' });
    await shown(page, '1–3 of 3').waitFor();
    const path = `/sobjects/Deal_Registration__c/${stage().desk.registrations.get('DR-000005')}`;
    await stage().org.call('PATCH', path, { Review_Step__c: null });
    await shown(page, '1–2 of 2').waitFor();
    await stage().org.call('PATCH', path, { Review_Step__c: 'Partner Manager' });
  });

  it('say what the CRM refused, in its words, and are there again when it answers', async () => {
    await stage().org.control('faults', { rules: [{ method: 'GET', path: '/query', fault: 'limit', nth: 2, times: 2 }] });
    const page = await stage().visit('#/Account', { as: 'rep' });
    await page.getByRole('alert').getByText('TotalRequests Limit exceeded.').waitFor();
    await stage().org.control('faults', { rules: [] });
    await shown(page, '1–25 of 403').waitFor();
  });
});
