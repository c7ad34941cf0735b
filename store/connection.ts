import type { Instant } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';

export interface ConnectionState {
  readonly name: string;
  /** `paused` by a person; `parked` by sync itself, which says why. */
  readonly state: 'running' | 'paused' | 'parked';
  readonly reason: string | null;
  readonly callsUsed: number | null;
  readonly callsLimit: number | null;
}

export async function readConnections(db: Database | Transaction): Promise<readonly ConnectionState[]> {
  const rows = await db.selectFrom('connection_state').selectAll().orderBy('connection').execute();
  return rows.map((row) => ({
    name: row.connection,
    state: row.state,
    reason: row.reason,
    callsUsed: row.calls_used,
    callsLimit: row.calls_limit,
  }));
}

export async function readConnection(db: Database | Transaction, connection: string): Promise<ConnectionState | null> {
  return (await readConnections(db)).find((state) => state.name === connection) ?? null;
}

/** Makes the connection known; one that is known keeps its state. */
export async function registerConnection(db: Database | Transaction, connection: string, now: Instant): Promise<void> {
  await db
    .insertInto('connection_state')
    .values({ connection, state: 'running', reason: null, calls_used: null, calls_limit: null, updated_at: now })
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

export async function recordUsage(
  db: Database | Transaction,
  connection: string,
  usage: { used: number; limit: number },
  now: Instant,
): Promise<void> {
  await db
    .updateTable('connection_state')
    .set({ calls_used: usage.used, calls_limit: usage.limit, updated_at: now })
    .where('connection', '=', connection)
    .execute();
}
