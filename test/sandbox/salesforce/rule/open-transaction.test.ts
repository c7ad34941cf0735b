import { bearer, openOrg, type OpenedOrg } from '../opened-org.ts';

let org: OpenedOrg;
beforeAll(async () => {
  org = await openOrg();
});
beforeEach(() => org.reset());
afterAll(() => org.close());

const SPAN = 'start=2026-03-02T08:00:00Z&end=2026-03-02T10:00:00Z';
const untilOpen = async (count: number): Promise<void> => {
  while ((await org.control('transactions')).body.open !== count);
};

describe('a transaction that stays open', () => {
  it('is read after it commits, with the stamp of its beginning, and holds back what is covered', async () => {
    await org.control('transactions', { hold: 'rep' });
    const late = org.call('POST', '/sobjects/Account', { Name: 'Late' }, bearer('rep'));
    await untilOpen(1);
    await org.control('clock', { advanceMs: 300_000 });
    await org.call('POST', '/sobjects/Account', { Name: 'Soon' });
    expect(await org.query('SELECT Name FROM Account')).toMatchObject([{ Name: 'Soon' }]);
    const meanwhile = (await org.call('GET', `/sobjects/Account/updated?${SPAN}`)).body;
    expect([meanwhile.ids.length, meanwhile.latestDateCovered]).toEqual([1, '2026-03-02T09:00:00.000+0000']);

    expect((await org.control('transactions', { release: true })).body).toEqual({ open: 0 });
    expect((await late).status).toBe(201);
    expect(await org.query('SELECT Name, SystemModstamp FROM Account ORDER BY SystemModstamp')).toMatchObject([
      { Name: 'Late', SystemModstamp: '2026-03-02T09:00:00.000+0000' },
      { Name: 'Soon', SystemModstamp: '2026-03-02T09:05:00.000+0000' },
    ]);
    const after = (await org.call('GET', `/sobjects/Account/updated?${SPAN}`)).body;
    expect([after.ids.length, after.latestDateCovered]).toEqual([2, '2026-03-02T09:05:00.000+0000']);
  });

  it('ends with a reset, and is asked for by whom there is', async () => {
    await org.control('transactions', { hold: 'all' });
    const held = org.call('POST', '/sobjects/Account', { Name: 'Held' });
    await untilOpen(1);
    await org.reset();
    expect((await held).status).toBe(201);
    expect((await org.control('transactions', { hold: 'nobody' })).status).toBe(400);
  });
});
