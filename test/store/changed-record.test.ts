import { sql } from 'kysely';
import { clearChanged, markChanged, readChanged } from '../../store/changed-record.ts';
import type { Database } from '../../store/database.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { until } from '../support/until.ts';

jest.setTimeout(60_000);

const LANE = ['hubspot', 'registration'] as const;
const AT = '2026-11-23T15:00:00.000Z';
const LATER = '2026-11-23T15:00:01.000Z';

describe('marks of changed records', () => {
  let postgres: TestPostgres;
  let db: Database;
  beforeAll(async () => {
    postgres = await startTestPostgres();
    ({ db } = await postgres.openEmpty());
  });
  beforeEach(() => db.deleteFrom('changed_record').execute());
  afterAll(() => postgres.stop());

  const mark = (ids: readonly string[], at = AT): Promise<void> =>
    db.transaction().execute((trx) => markChanged(trx, ...LANE, new Map(ids.map((id) => [id, at]))));
  const clear = (looked: Awaited<ReturnType<typeof readChanged>>): Promise<void> =>
    db.transaction().execute((trx) => clearChanged(trx, ...LANE, looked));
  const marked = async () => (await readChanged(db, ...LANE, 10)).map(({ remoteId, changedAt }) => [remoteId, changedAt]);

  it('are taken off by whoever looked at them, unless they were set again meanwhile', async () => {
    await mark(['1', '2']);
    const looked = await readChanged(db, ...LANE, 10);
    await mark(['2'], LATER);
    await clear(looked);
    expect(await marked()).toEqual([['2', LATER]]);
  });

  it('keep the latest time of a change, in whatever order it is told', async () => {
    await mark(['1'], LATER);
    await mark(['1'], AT);
    expect(await marked()).toEqual([['1', LATER]]);
  });

  it('are locked in the order of their ids by who sets them and who takes them off, so that neither waits for the other', async () => {
    // They lie in the table in another order.
    for (const id of ['2', '1']) await mark([id]);
    const looked = await readChanged(db, ...LANE, 10);
    let clearing: Promise<void> = Promise.resolve();
    await db.transaction().execute(async (trx) => {
      await markChanged(trx, ...LANE, new Map([['1', LATER]]));
      clearing = clear(looked);
      await until('who takes them off waits', async () => {
        const { rows } = await sql`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`.execute(
          db,
        );
        return rows.length > 0;
      });
      // Who waits for the first one must not hold the second.
      await markChanged(trx, ...LANE, new Map([['2', LATER]]));
    });
    await clearing;
    expect((await marked()).map(([id]) => id)).toEqual(['1', '2']);
  });
});
