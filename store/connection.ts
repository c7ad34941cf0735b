import { sql } from 'kysely';
import type { Instant } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';

export interface ConnectionState {
  readonly name: string;
  /** `paused` by a person; `parked` by sync itself, which says why. */
  readonly state: 'running' | 'paused' | 'parked';
  readonly reason: string | null;
  /** The day's calls as the CRM told them last; null before the first. */
  readonly calls: CallCount | null;
}

export interface CallCount {
  readonly used: number;
  readonly limit: number;
  readonly seenAt: Instant;
  /** What waits until there are calls again; null where nothing does. */
  readonly held: 'background' | 'all' | null;
  /** When all of them come back at once; null where they come back by and by, or the CRM does not say. */
  readonly resetsAt: Instant | null;
}

export async function readConnections(db: Database | Transaction): Promise<readonly ConnectionState[]> {
  const rows = await db.selectFrom('connection_state').selectAll().orderBy('connection').execute();
  return rows.map(({ connection, state, reason, calls_used: used, calls_limit: limit, calls_held: held, ...row }) => ({
    name: connection,
    state,
    reason,
    // What was counted before the instant was kept, was counted at some time up to the row's own.
    calls:
      used === null || limit === null
        ? null
        : { used, limit, seenAt: row.calls_seen_at ?? row.updated_at, held, resetsAt: row.calls_reset_at },
  }));
}

export async function readConnection(db: Database | Transaction, connection: string): Promise<ConnectionState | null> {
  return (await readConnections(db)).find((state) => state.name === connection) ?? null;
}

/** Makes the connection known; one that is known keeps its state. */
export async function registerConnection(db: Database | Transaction, connection: string, now: Instant): Promise<void> {
  await db
    .insertInto('connection_state')
    .values({
      connection,
      state: 'running',
      reason: null,
      calls_used: null,
      calls_limit: null,
      calls_seen_at: null,
      calls_held: null,
      calls_reset_at: null,
      updated_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function setConnectionState(
  db: Database | Transaction,
  connection: string,
  state: ConnectionState['state'],
  reason: string | null,
  now: Instant,
): Promise<void> {
  await db.updateTable('connection_state').set({ state, reason, updated_at: now }).where('connection', '=', connection).execute();
}

/** Keeps the day's calls. Answers with what was held before, so that one of several workers tells of a change. */
export async function recordUsage(
  db: Database | Transaction,
  connection: string,
  { used, limit, seenAt, held, resetsAt }: CallCount,
): Promise<CallCount['held']> {
  const { rows } = await sql<{ readonly held: CallCount['held'] }>`
    with before as (select calls_held from connection_state where connection = ${connection} for update)
    update connection_state
    set calls_used = ${used}, calls_limit = ${limit}, calls_seen_at = ${seenAt}, calls_held = ${held},
      calls_reset_at = ${resetsAt}, updated_at = ${seenAt}
    from before where connection = ${connection}
    returning before.calls_held as held`.execute(db);
  return rows[0]?.held ?? null;
}
