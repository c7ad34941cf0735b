import type { Page } from 'playwright-core';
import { describeInBrowser } from './browser-stage.ts';
import { change } from './furnished-desk.ts';

jest.setTimeout(60_000);

describeInBrowser('the start page', (stage) => {
  const card = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
  const lines = async (page: Page, name: string) =>
    (await card(page, name).getByRole('listitem').allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());

  it('shows a manager what waits for a decision, what is late first and said in words', async () => {
    const page = await stage().visit('#/', { as: 'manager' });
    expect(await lines(page, 'Waiting for your decision')).toEqual([
      'DR-000002 · Rookford Optics LLC Overdue 1 Mar 2026 20 hr ago Brightpath Consulting Inc · USD 38,500 · Partner Manager',
      'DR-000001 · Hazelfield Robotics Inc Due 3 Mar 2026 in 30 hr Northwind Integration LLC · USD 60,000 · Partner Manager Conflict: A direct opportunity of the same customer is open: Hazelfield Robotics: platform.',
    ]);
    expect(await lines(page, 'Your tasks')).toEqual([
      'Decide DR-000002: Rookford Optics LLC Overdue since yesterday DR-000002 · High priority',
      'Decide DR-000001: Hazelfield Robotics Inc Due tomorrow DR-000001',
    ]);
  });

  it('shows a rep the tasks, the protections that end soon and the decisions about their customers', async () => {
    const page = await stage().visit('#/', { as: 'rep' });
    expect(await card(page, 'Waiting for your decision').getByText('Nothing waits for your decision.').isVisible()).toBe(true);
    expect(await lines(page, 'Your tasks')).toEqual([
      'Send the offer Overdue by 3 days Rookford Optics: new business',
      'Call about the analytics rollout Due today Coldmere Steel & Wire PLC',
      'Prepare the quarter Due 11 Mar 2026',
    ]);
    expect(await lines(page, 'Protections that end soon')).toEqual([
      'DR-000007 · Rookford Optics LLC ends 7 Mar 2026 in 5 days Northwind Integration LLC · USD 12,000',
      'DR-000003 · Coldmere Steel & Wire PLC ends 14 Mar 2026 in 12 days Harbor Cloud Ltd · USD 24,000',
    ]);
    expect(await card(page, 'Recent decisions').getByText('Nothing of yours or your team was decided within 14 days.').isVisible()).toBe(
      true,
    );
  });

  it('shows a lead what concerns the people below, down the line', async () => {
    for (const as of ['manager', 'vp']) {
      const page = await stage().visit('#/', { as });
      expect((await lines(page, 'Recent decisions')).map((line) => line.slice(0, 9))).toEqual(['DR-000004', 'DR-000006']);
      expect(await lines(page, 'Protections that end soon')).toHaveLength(2);
    }
  });

  it('says in words where there is nothing at all', async () => {
    const page = await stage().visit('#/', { as: 'integration' });
    expect(await card(page, 'Your tasks').getByText('You have no open tasks.').isVisible()).toBe(true);
  });

  it('follows what happens, and leads to the whole lists', async () => {
    const page = await stage().visit('#/', { as: 'director' });
    expect(await lines(page, 'Waiting for your decision')).toHaveLength(1);
    await change(stage().org, `/sobjects/Deal_Registration__c/${stage().desk.registrations.get('DR-000002')}`, {
      Approver__c: stage().desk.users.get('director'),
      Review_Step__c: 'Director',
    });
    await card(page, 'Waiting for your decision')
      .getByRole('link', { name: /DR-000002/ })
      .waitFor();
    await page.getByRole('link', { name: 'All that await approval' }).click();
    await page.getByRole('heading', { level: 1, name: 'Deal Registrations' }).waitFor();
    expect(await page.getByLabel('List view').inputValue()).toBe('Awaiting_Approval');
  });
});
