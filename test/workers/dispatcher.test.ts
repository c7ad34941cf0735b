import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { pino } from 'pino';
import type { Database } from '../../store/database.ts';
import { PUSH_CHANNEL } from '../../store/outbox.ts';
import { queuePush } from '../../store/push-queue.ts';
import { startDispatcher, type Dispatcher } from '../../workers/dispatcher.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { until } from '../support/until.ts';

jest.setTimeout(60_000);

describe('the dispatcher', () => {
  let postgres: TestPostgres;
  let db: Database;
  let dispatcher: Dispatcher;
  const nudged: string[] = [];

  beforeAll(async () => {
    postgres = await startTestPostgres();
    const opened = await postgres.openEmpty();
    db = opened.db;
    dispatcher = startDispatcher({
      db,
      databaseUrl: opened.url,
      deliver: async () => undefined,
      nudge: async (name) => void nudged.push(name),
      log: pino({ level: 'silent' }),
    });
    await until('it listens', async () => ((await listeners()).length > 0 ? true : null));
  });
  beforeEach(() => void nudged.splice(0));
  afterAll(async () => {
    await dispatcher.stop();
    await postgres.stop();
  });

  const listeners = async (): Promise<readonly unknown[]> =>
    (await sql`select pid from pg_stat_activity where query = ${`listen ${PUSH_CHANNEL}`} and datname = current_database()`.execute(db))
      .rows;
  const change = (objectType: 'partner' | 'registration'): Promise<void> =>
    db.transaction().execute((trx) => queuePush(trx, ['salesforce'], objectType, [randomUUID()]));
  const untilNudged = (name: string): Promise<true> => until(`${name} is nudged`, async () => (nudged.includes(name) ? true : null));

  it('nudges the lane of a changed record', async () => {
    await change('partner');
    await untilNudged('salesforce/partner');
  });

  it('nudges what was changed while its connection was broken', async () => {
    await db.transaction().execute(async (trx) => {
      // The change is committed when nobody listens any more, so no notification of it is ever heard.
      await sql`select pg_terminate_backend(pid) from pg_stat_activity where query = ${`listen ${PUSH_CHANNEL}`} and datname = current_database()`.execute(
        trx,
      );
      await sql`insert into push_queue (connection, object_type, local_id, not_before, queued_at) values ('salesforce', 'registration', ${randomUUID()}, now(), now())`.execute(
        trx,
      );
    });
    await untilNudged('salesforce/registration');
  });
});
