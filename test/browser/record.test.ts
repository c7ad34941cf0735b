import type { Page } from 'playwright-core';
import { until } from '../support/until.ts';
import { accountAddress, describeInBrowser, registrationAddress } from './browser-stage.ts';
import { change } from './furnished-desk.ts';

jest.setTimeout(60_000);

describeInBrowser('the page of a record', (stage) => {
  const list = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
  const linksOf = async (page: Page, name: string) =>
    (await list(page, name).getByRole('link').allTextContents()).map((text) => text.trim());
  const path = (page: Page, field: string) => page.getByRole('region', { name: `Path: ${field}` });
  const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();

  it('shows the path from the picklist: passed states by the history, the present one, and those in which it ends', async () => {
    const page = await stage().visit(registrationAddress(stage(), 'DR-000006'), { as: 'rep' });
    const steps = path(page, 'Status').getByRole('list').first().getByRole('listitem');
    const words = (texts: readonly string[]) =>
      texts.map((text) =>
        text
          .replace(/[✓●\n]/g, '')
          .replace(/\s+/g, ' ')
          .trim(),
      );
    expect(words(await steps.allTextContents())).toEqual(['Submitted (passed)', 'In review (passed)', 'Returned', 'Approved (now)']);
    expect(await path(page, 'Status').getByRole('list', { name: 'Ends as' }).getByRole('listitem').allTextContents()).toEqual([
      'Denied',
      'Withdrawn',
      'Lapsed',
      'Expired',
      'Won',
      'Lost',
      'Revoked',
    ]);
    expect(await path(page, 'Status').locator('[aria-current="step"]').textContent()).toContain('Approved');
  });

  it('shows an end as such', async () => {
    const page = await stage().visit(registrationAddress(stage(), 'DR-000004'), { as: 'rep' });
    const ends = path(page, 'Status').getByRole('list', { name: 'Ends as' });
    expect(await ends.locator('[aria-current="step"]').textContent()).toContain('Denied');
  });

  it('shows the fields in the sections of the shipped layout, and its answer and reason above them', async () => {
    const page = await stage().visit(registrationAddress(stage(), 'DR-000004'), { as: 'rep' });
    const headings = await page.getByRole('main').getByRole('heading', { level: 2 }).allTextContents();
    expect(headings.slice(0, 5)).toEqual(['Registration', 'Customer and deal', 'Description', 'Decision', 'System']);
    expect(await page.getByText('Decision Reason An earlier registration covers this customer and product line.').isVisible()).toBe(true);
    const terms = await page.getByRole('term').allTextContents();
    expect(terms).toEqual(expect.arrayContaining(['Registration Number', 'Owner', 'Partner', 'Conflict Summary']));
  });

  it('leads to what belongs to it and back: partner, customer, opportunity, rivals', async () => {
    const page = await stage().visit(registrationAddress(stage(), 'DR-000003'), { as: 'rep' });
    expect(await linksOf(page, 'Linked opportunity')).toEqual(['Coldmere Steel & Wire: analytics rollout', 'Robin Epstein']);
    await list(page, 'Linked opportunity').getByRole('link', { name: 'Coldmere Steel & Wire: analytics rollout' }).click();
    await heading(page, 'Coldmere Steel & Wire: analytics rollout');
    await list(page, 'Deal Registrations').getByRole('link', { name: 'DR-000003' }).click();
    await heading(page, 'DR-000003');

    await page.getByRole('definition').getByRole('link', { name: 'Harbor Cloud Ltd' }).first().click();
    await heading(page, 'Harbor Cloud Ltd');
    expect(await linksOf(page, 'Registrations as Partner')).toEqual(expect.arrayContaining(['DR-000006', 'DR-000003']));
    expect(await list(page, 'Registrations as Customer').getByText('None.').isVisible()).toBe(true);
  });

  it('shows the competing registrations, whatever became of them, and says where nothing is linked', async () => {
    const page = await stage().visit(registrationAddress(stage(), 'DR-000001'), { as: 'rep' });
    const rivals = list(page, 'Other registrations for this customer');
    expect(await rivals.getByRole('link').first().textContent()).toBe('DR-000004');
    expect(await rivals.getByText('Denied').isVisible()).toBe(true);
    expect(await list(page, 'Linked opportunity').innerText()).toContain('No opportunity is linked yet.');
    expect(await linksOf(page, 'Opportunities of the customer')).toContain('Hazelfield Robotics: platform');
  });

  it('shows of an account its registrations as customer, its opportunities, contacts and tasks', async () => {
    const page = await stage().visit(accountAddress(stage(), 'Coldmere Steel & Wire PLC'), { as: 'rep' });
    expect(await linksOf(page, 'Registrations as Customer')).toContain('DR-000003');
    expect(await linksOf(page, 'Opportunities')).toContain('Coldmere Steel & Wire: analytics rollout');
    expect(await linksOf(page, 'Tasks')).toContain('Call about the analytics rollout');
    expect(await list(page, 'Contacts').getByRole('listitem').count()).toBeGreaterThan(0);
  });

  it('shows the history with who changed what', async () => {
    const page = await stage().visit(registrationAddress(stage(), 'DR-000006'), { as: 'rep' });
    const first = await list(page, 'Field history').getByRole('listitem').first().innerText();
    expect(first.replace(/\s+/g, ' ')).toMatch(/^Status from In review to Approved Integration User · 21 Feb 2026/);
  });

  it('shows what others change while it is looked at, and keeps the focus', async () => {
    const page = await stage().visit(registrationAddress(stage(), 'DR-000005'), { as: 'rep' });
    await page.getByRole('button', { name: 'Edit Customer Name' }).focus();
    await change(stage().org, `/sobjects/Deal_Registration__c/${stage().desk.registrations.get('DR-000005')}`, {
      Estimated_Value__c: 175_000,
      Sync_Note__c: 'The value was lowered by the partner.',
    });
    await page.getByRole('definition').getByText('USD 175,000').first().waitFor();
    await page.getByRole('paragraph').filter({ hasText: 'Sync Note The value was lowered by the partner.' }).waitFor();
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Edit Customer Name');
  });

  it('does not look while the tab is hidden, and at once when it is seen again', async () => {
    const { page, open } = await stage().openPage({ as: 'rep' });
    await page.clock.install();
    await open(registrationAddress(stage(), 'DR-000002'));
    const setHidden = (hidden: boolean) =>
      page.evaluate(
        `Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true }); document.dispatchEvent(new Event('visibilitychange'))`,
      );
    const callsWithin = async (ms: number) => {
      const { total } = (await stage().org.control('calls')).body;
      await page.clock.runFor(ms);
      return (await stage().org.control('calls')).body.total - total;
    };
    await until('a look at the record', async () => (await callsWithin(60_000)) > 0);
    await setHidden(true);
    // The look that was under way comes to its end.
    await until('no look any more', async () => (await callsWithin(60_000)) === 0);
    expect(await callsWithin(600_000)).toBe(0);
    await change(stage().org, `/sobjects/Deal_Registration__c/${stage().desk.registrations.get('DR-000002')}`, {
      Estimated_Value__c: 39_000,
    });
    await setHidden(false);
    await page.getByRole('definition').getByText('USD 39,000').first().waitFor();
  });

  it('says that a record is gone, whether it was there before or not', async () => {
    const created = await stage().org.call('POST', '/sobjects/Account', { Name: 'Short-lived Ltd' });
    const page = await stage().visit(`#/Account/${created.body.id}`, { as: 'rep' });
    await stage().org.call('DELETE', `/sobjects/Account/${created.body.id}`);
    await page.getByRole('alert').getByText('This record does not exist, or was deleted.').waitFor();
    await page.reload();
    await heading(page, 'This cannot be shown');
    await page.getByRole('alert').getByText('This record does not exist, or was deleted.').waitFor();
  });

  it('lets a task be completed with one button', async () => {
    const created = await stage().org.call('POST', '/sobjects/Task', { Subject: 'Ring the bell', Status: 'Not Started' });
    const page = await stage().visit(`#/Task/${created.body.id}`, { as: 'rep' });
    await page.getByRole('button', { name: 'Mark complete' }).click();
    await page.getByRole('button', { name: 'Mark complete' }).waitFor({ state: 'detached' });
    expect((await stage().org.call('GET', `/sobjects/Task/${created.body.id}`)).body.Status).toBe('Completed');
  });
});
