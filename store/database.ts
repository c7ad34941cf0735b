import { Kysely, Migrator, PostgresDialect, type CompiledQuery, type Migration, type Transaction as KyselyTransaction } from 'kysely';
import pg from 'pg';
import * as foundation from './migrations/0001-foundation.ts';
import * as writeIntent from './migrations/0002-write-intent.ts';
import * as caseJoin from './migrations/0003-case-join.ts';
import * as programAsCode from './migrations/0004-program-as-code.ts';
import * as syncRecovery from './migrations/0005-sync-recovery.ts';
import * as auditChain from './migrations/0006-audit-chain.ts';
import * as message from './migrations/0007-message.ts';
import * as task from './migrations/0008-task.ts';
import * as conversion from './migrations/0009-conversion.ts';
import * as approval from './migrations/0010-approval.ts';
import * as hearing from './migrations/0011-hearing.ts';
import * as crmSession from './migrations/0012-crm-session.ts';
import * as callShare from './migrations/0013-call-share.ts';
import * as changeEvent from './migrations/0014-change-event.ts';
import * as bulkJob from './migrations/0015-bulk-job.ts';
import * as commonBands from './migrations/0016-common-bands.ts';
import * as callPace from './migrations/0017-call-pace.ts';
import * as lookupSweep from './migrations/0018-lookup-sweep.ts';
import type { Schema } from './schema.ts';

export type Database = Kysely<Schema>;
export type Transaction = KyselyTransaction<Schema>;

/** In the order in which they are applied; an entry is never changed once it was released. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-foundation': foundation,
  '0002-write-intent': writeIntent,
  '0003-case-join': caseJoin,
  '0004-program-as-code': programAsCode,
  '0005-sync-recovery': syncRecovery,
  '0006-audit-chain': auditChain,
  '0007-message': message,
  '0008-task': task,
  '0009-conversion': conversion,
  '0010-approval': approval,
  '0011-hearing': hearing,
  '0012-crm-session': crmSession,
  '0013-call-share': callShare,
  '0014-change-event': changeEvent,
  '0015-bulk-job': bulkJob,
  '0016-common-bands': commonBands,
  '0017-call-pace': callPace,
  '0018-lookup-sweep': lookupSweep,
};

/** Times leave the database as ISO instants and dates as they stand: a JavaScript Date would shift a plain date by the machine's time zone. */
const TYPES = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    if (oid === pg.types.builtins.TIMESTAMPTZ) return (text: string) => new Date(text).toISOString();
    if (oid === pg.types.builtins.DATE) return (text: string) => text;
    return pg.types.getTypeParser(oid, format);
  },
};

/** Opens a pool on `url`. `connections` bounds how many transactions run at once; `hear` is told of every statement that was run. */
export function openDatabase(url: string, connections = 10, hear: (statement: CompiledQuery) => void = () => undefined): Database {
  const pool = new pg.Pool({ connectionString: url, max: connections, types: TYPES as pg.CustomTypesConfig });
  // A connection that the server closes is replaced on the next use; without a listener it would end the process, in the pool or between two statements of a
  // transaction alike.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
    // Our statements read few rows by an index. Where the planner thinks them many, it calls helpers whose start takes longer (15 ms) than the whole search.
    // Said to the server and not in the connection's parameters, which a pooler between may refuse.
    client.query('set max_parallel_workers_per_gather = 0').catch(() => undefined);
  });
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }), log: ({ query }) => hear(query) });
}

/** Brings the schema up to date. Safe to call from several processes at once: Kysely takes a lock. Throws the first migration's error. */
export async function migrateToLatest(db: Database): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
