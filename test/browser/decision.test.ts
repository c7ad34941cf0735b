import type { Page } from 'playwright-core';
import { describeInBrowser, registrationAddress } from './browser-stage.ts';
import { change } from './furnished-desk.ts';

jest.setTimeout(60_000);

describeInBrowser('the buttons of a registration', (stage) => {
  const path = (number: string): string => `/sobjects/Deal_Registration__c/${stage().desk.registrations.get(number)}`;
  const commandOn = async (number: string) => {
    const { body } = await stage().org.call('GET', path(number));
    return { Requested_Decision__c: body.Requested_Decision__c, Decision_Comment__c: body.Decision_Comment__c };
  };
  /** What the worker does with a command. */
  const answer = (number: string, note: string, more: object = {}) =>
    change(stage().org, path(number), { Requested_Decision__c: null, Decision_Comment__c: null, Sync_Note__c: note, ...more });
  const press = async (page: Page, label: string) => {
    await page.getByRole('group', { name: 'Actions' }).getByRole('button', { name: label, exact: true }).click();
    return page.getByRole('dialog', { name: new RegExp(`^${label} DR-`) });
  };

  it('stand in the order of the layout, before editing and deleting', async () => {
    const page = await stage().visit(registrationAddress(stage(), 'DR-000001'), { as: 'manager' });
    const labels = await page.getByRole('group', { name: 'Actions' }).getByRole('button').allTextContents();
    expect(labels).toEqual(['Approve', 'Deny', 'Return', 'Extend', 'Edit', 'Delete']);
  });

  it('set exactly what the quick action says; the page waits, and shows the answer when the worker has given it', async () => {
    const page = await stage().visit(registrationAddress(stage(), 'DR-000001'), { as: 'manager' });
    const dialog = await press(page, 'Approve');
    expect(await dialog.getByText('3 Mar 2026').isVisible()).toBe(true);
    await dialog.getByLabel('Decision Comment').fill('Known customer, go ahead.');
    await dialog.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('status').getByText('Asked. The answer appears in Sync Note within seconds.').waitFor();
    await page.getByText('Waiting for the answer to “Approve”.').waitFor();
    expect(await commandOn('DR-000001')).toEqual({ Requested_Decision__c: 'approve', Decision_Comment__c: 'Known customer, go ahead.' });
    const { body } = await stage().org.call('GET', path('DR-000001'));
    expect([body.Status__c, body.LastModifiedById]).toEqual(['in_review', stage().desk.users.get('manager')]);

    await answer('DR-000001', 'Approved and protected until 31 May 2026.', {
      Status__c: 'approved',
      Protected_Until__c: '2026-05-31T09:00:00Z',
    });
    await page.getByText('Answer to “Approve”', { exact: true }).waitFor();
    expect(await page.getByText('Waiting for the answer').count()).toBe(0);
    await page.getByRole('status').getByText('Answer to Approve: Approved and protected until 31 May 2026.').waitFor();
    const states = page.getByRole('region', { name: 'Path: Status' }).getByRole('listitem');
    expect(await states.filter({ hasText: '(now)' }).allInnerTexts()).toEqual([expect.stringContaining('Approved')]);
  });

  it.each(['Deny', 'Return'])('%s asks for the comment and sends nothing without it', async (label) => {
    const page = await stage().visit(registrationAddress(stage(), 'DR-000002'), { as: 'manager' });
    const dialog = await press(page, label);
    const comment = dialog.getByLabel('Decision Comment');
    await dialog.getByRole('button', { name: label }).click();
    await dialog.getByText('Complete this field.').waitFor();
    expect(await comment.getAttribute('aria-invalid')).toBe('true');
    expect(await commandOn('DR-000002')).toEqual({ Requested_Decision__c: null, Decision_Comment__c: null });

    await comment.fill('More about the project, please.');
    await dialog.getByRole('button', { name: label }).click();
    await page.getByText(`Waiting for the answer to “${label}”.`).waitFor();
    expect(await commandOn('DR-000002')).toEqual({
      Requested_Decision__c: label.toLowerCase(),
      Decision_Comment__c: 'More about the project, please.',
    });
    await answer('DR-000002', 'Only the approver decides this.');
    await page.getByText(`Answer to “${label}”`, { exact: true }).waitFor();
  });

  it('are there for everybody: who may not is told by the system', async () => {
    const page = await stage().visit(registrationAddress(stage(), 'DR-000005'), { as: 'rep2' });
    const dialog = await press(page, 'Extend');
    await dialog.getByRole('button', { name: 'Extend' }).click();
    await page.getByText('Waiting for the answer to “Extend”.').waitFor();
    await answer('DR-000005', 'Not carried out: it is not protected.');
    await page.getByText('Answer to “Extend”', { exact: true }).waitFor();
    expect(await page.getByRole('main').getByText('Not carried out: it is not protected.').count()).toBeGreaterThan(0);
  });

  it('show that an answer is waited for to everybody who opens the record', async () => {
    await change(stage().org, path('DR-000007'), { Requested_Decision__c: 'extend' }, 'rep');
    const page = await stage().visit(registrationAddress(stage(), 'DR-000007'), { as: 'director' });
    await page.getByText('Waiting for the answer to “Extend”.').waitFor();
    await answer('DR-000007', 'Extended by 30 days.');
    await page.getByText('Answer to “Extend”', { exact: true }).waitFor();
  });

  it('leave everything as it is where the dialog is cancelled, and give the focus back', async () => {
    const page = await stage().visit(registrationAddress(stage(), 'DR-000006'), { as: 'manager' });
    const dialog = await press(page, 'Approve');
    await dialog.getByLabel('Decision Comment').fill('Half a thought');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await commandOn('DR-000006')).toEqual({ Requested_Decision__c: null, Decision_Comment__c: null });
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Approve');
  });

  it('show a refusal of the CRM in the dialog, with what was typed still there', async () => {
    const page = await stage().visit(registrationAddress(stage(), 'DR-000006'), { as: 'manager' });
    const dialog = await press(page, 'Deny');
    await dialog.getByLabel('Decision Comment').fill('x'.repeat(256));
    await dialog.getByRole('button', { name: 'Deny' }).click();
    await dialog.getByText(/data value too large: x+ \(max length=255\)/).waitFor();
    expect(await dialog.getByLabel('Decision Comment').inputValue()).toHaveLength(256);
  });
});
