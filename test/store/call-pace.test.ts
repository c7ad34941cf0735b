import type { CrmPort } from '../../crm/port.ts';
import { reserveCall } from '../../store/call-pace.ts';
import { openDatabase, type Database } from '../../store/database.ts';
import { openHubspotFixture, type HubspotFixture } from '../crm/hubspot/sandbox-fixture.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';

jest.setTimeout(120_000);

let postgres: TestPostgres;
let db: Database;
/** Another process has connections of its own. */
let other: Database;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const opened = await postgres.openEmpty();
  ({ db } = opened);
  other = openDatabase(opened.url, 2);
});
beforeEach(async () => {
  await db.deleteFrom('call_pace').execute();
});
afterAll(async () => {
  await other.destroy();
  await postgres.stop();
});

describe('reserveCall', () => {
  /** Far apart, so that the time that the test takes does not count. */
  const BUCKET = { connection: 'hubspot', bucket: 'searches', spacingMs: 60_000, burst: 1 };
  const minutes = async (from: Database, change: Partial<typeof BUCKET> = {}): Promise<number> =>
    Math.round((await reserveCall(from, { ...BUCKET, ...change })) / 60_000);

  it('gives the first turn at once, and each later one behind the one before, whichever process asks', async () => {
    expect([await minutes(db), await minutes(other), await minutes(db), await minutes(other)]).toEqual([0, 1, 2, 3]);
  });

  it('gives no turn twice to those who ask at the same time', async () => {
    const waits = await Promise.all([db, other, db, other, db, other].map((from) => minutes(from)));
    expect(waits.toSorted((one, two) => one - two)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('lets a burst through at once', async () => {
    const waits: number[] = [];
    for (let turn = 0; turn < 5; turn += 1) waits.push(await minutes(db, { burst: 3 }));
    expect(waits).toEqual([0, 0, 0, 1, 2]);
  });

  it('does not wait for a turn that only a clock that was set back can have given', async () => {
    await minutes(db);
    await db
      .updateTable('call_pace')
      .set({ free_at: new Date(Date.now() + 3_600_000).toISOString() })
      .execute();
    expect([await minutes(other), await minutes(db)]).toEqual([0, 1]);
  });

  it('keeps connections and buckets apart', async () => {
    await minutes(db);
    expect([await minutes(db, { bucket: 'calls' }), await minutes(db, { connection: 'other' }), await minutes(db)]).toEqual([0, 0, 1]);
  });
});

describe('two workers on one portal', () => {
  let fixture: HubspotFixture;
  let refused: number;
  afterEach(() => fixture.close());

  const open = async (limits: object): Promise<void> => {
    refused = 0;
    fixture = await openHubspotFixture({}, { now: Date.now });
    await fixture.control('limits', limits);
    // What set the portal up counts no more.
    await fixture.advanceClock(10_000);
  };
  /** With the pace and the patience of a worker. */
  const workers = (databases: readonly (Database | null)[], callsPerTenSeconds = 100): readonly CrmPort[] =>
    databases.map((database) =>
      fixture.connect(
        { pace: { callsPerTenSeconds, searchesPerSecond: 4 }, patience: { repeats: 3, pauseMs: 15_000 } },
        ({ status }) => void (refused += status === 429 ? 1 : 0),
        database === null ? {} : { sharedPace: { reserve: (bucket) => reserveCall(database, bucket) } },
      ),
    );
  const all = (ports: readonly CrmPort[], count: number, work: (port: CrmPort) => Promise<unknown>): Promise<unknown[]> =>
    Promise.all(ports.flatMap((port) => Array.from({ length: count }, () => work(port))));
  const search = (port: CrmPort) => port.find('companies', 'name', ['nobody'], []);
  const look = (port: CrmPort) => port.history('companies', ['1'], ['name']);

  it('search at the pace that the account has, and next to none is refused', async () => {
    await open({ search: 5 });
    await all(workers([db, other]), 8, search);
    expect(refused).toBeLessThanOrEqual(2);
  });

  it('are refused again and again where each keeps to the pace by itself', async () => {
    await open({ search: 5 });
    await all(workers([null, null]), 8, search);
    expect(refused).toBeGreaterThan(2);
  });

  it('call no more often in ten seconds than the app may', async () => {
    await open({ tenSecondly: 30 });
    await all(workers([db, other], 30), 20, look);
    expect(refused).toBe(0);
  });

  it('go on by themselves while the store is away, say so once, and share again when it is back', async () => {
    await open({ search: 5 });
    const lines: string[] = [];
    const tell = (_fields: object, message: string) => void lines.push(message);
    let isAway = false;
    const crm = fixture.connect({}, undefined, {
      log: { info: tell, warn: tell },
      sharedPace: { reserve: (bucket) => (isAway ? Promise.reject(new Error('away')) : reserveCall(db, bucket)) },
    });
    await search(crm);
    isAway = true;
    await search(crm);
    await search(crm);
    isAway = false;
    await search(crm);
    expect(lines).toEqual([
      'the store in which workers share the limits of the portal did not answer; each keeps to them by itself',
      'the limits of the portal are shared with other workers again',
    ]);
  });
});
