import { addPartner, openOrg, ORG_START } from './opened-org.ts';
import type { OpenedOrg } from './opened-org.ts';

const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;

describe('getUpdated and getDeleted', () => {
  let org: OpenedOrg;
  beforeAll(async () => void (org = await openOrg()));
  beforeEach(() => org.reset());
  afterAll(() => org.close());

  const at = (shiftMs: number) => encodeURIComponent(new Date(ORG_START + shiftMs).toISOString().replace('Z', '+00:00'));
  const span = (kind: string, fromMs: number, toMs: number, slash = '/') =>
    org.call('GET', `/sobjects/Account/${kind}${slash}?start=${at(fromMs)}&end=${at(toMs)}`);

  it('tell changed records from deleted ones', async () => {
    const kept = await addPartner(org, 'kept');
    const gone = await addPartner(org, 'gone');
    await org.call('DELETE', `/sobjects/Account/${gone}`);
    const updated = await span('updated', -60 * SECOND, 60 * SECOND);
    expect(updated.body).toEqual({ ids: [kept], latestDateCovered: '2026-03-02T09:00:00.000+0000' });
    const deleted = await span('deleted', -60 * SECOND, 60 * SECOND, '');
    expect(deleted.body).toEqual({
      deletedRecords: [{ id: gone, deletedDate: '2026-03-02T09:00:00.000+0000' }],
      earliestDateAvailable: '2026-02-15T09:00:00.000+0000',
      latestDateCovered: '2026-03-02T09:00:00.000+0000',
    });
  });

  it.each([
    ['updated', 60 * SECOND, 60 * SECOND, 200],
    ['updated', 60 * SECOND, 59 * SECOND, 400],
    ['updated', 30 * DAY, 60 * SECOND, 200],
    ['updated', 30 * DAY + SECOND, 60 * SECOND, 400],
    ['deleted', 15 * DAY, 60 * SECOND, 200],
    ['deleted', 15 * DAY + SECOND, 60 * SECOND, 400],
  ])('%s from %i ms ago over %i ms answers %i', async (kind, agoMs, lengthMs, status) => {
    const answer = await span(kind, -agoMs, lengthMs - agoMs);
    expect([answer.status, answer.body[0]?.errorCode]).toEqual([status, status === 200 ? undefined : 'INVALID_REPLICATION_DATE']);
  });

  it('refuse an object that is not replicated', async () => {
    const answer = await org.call('GET', `/sobjects/Organization/updated?start=${at(-60 * SECOND)}&end=${at(0)}`);
    expect([answer.status, answer.body[0].message]).toEqual([400, 'Organization is not replicable']);
  });
});
