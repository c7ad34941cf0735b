/** The log of change events, kept with the org's records for 72 hours. Source: Streaming API Developer Guide, "Message Durability"; Change Data Capture Developer Guide, "Change Event Storage and Delivery". */

import type { RecordStore, StoredValue } from '../store/record-store.ts';

export const RETENTION_MS = 72 * 60 * 60 * 1000;

/** So that storage is bounded whatever a benchmark writes; Salesforce bounds the events of a day. */
const MOST_EVENTS = 200_000;
/** Events after which the log is looked through for what has to go. */
const SWEEP_EVERY = 2_000;

const LAST_ID = 'stream.lastReplayId';
/** Ids of a new org are no small numbers that a client could take for -1 or -2 gone wrong. */
const FIRST_ID = 1_000;

export interface LoggedEvent {
  readonly replayId: number;
  readonly entity: string;
  /** The event as JSON, without its replay id. */
  readonly body: string;
}

export interface EventLog {
  /** Must run inside the transaction that made the changes. Gives each event the next id, with gaps between them. */
  readonly append: (events: readonly { readonly entity: string; readonly body: string }[]) => void;
  /** The id of the newest event that ever was; 0 where there was none. */
  readonly tip: () => number;
  /** At most `limit` events after `replayId`, of `entities`, oldest first. */
  readonly readAfter: (replayId: number, entities: readonly string[], limit: number) => readonly LoggedEvent[];
  readonly has: (replayId: number) => boolean;
  /** How many are kept, and the ids of the oldest and the newest of them; null where none is. */
  readonly summary: () => { readonly count: number; readonly oldest: number | null; readonly newest: number | null };
  /** Forgets events up to this id, the id included, or all; gives how many. */
  readonly expire: (upTo: number | null) => number;
}

export function createEventLog(store: RecordStore, now: () => number): EventLog {
  let sinceSweep = SWEEP_EVERY;
  const tip = () => Number(store.readMeta(LAST_ID) ?? 0);
  const oldestKept = () => now() - RETENTION_MS;
  const sweep = () => {
    sinceSweep = 0;
    store.run('DELETE FROM _event WHERE created_at < ?', oldestKept());
    const [excess] = store.select('SELECT replay_id FROM _event ORDER BY replay_id DESC LIMIT 1 OFFSET ?', MOST_EVENTS);
    if (excess !== undefined) store.run('DELETE FROM _event WHERE replay_id <= ?', excess['replay_id'] ?? 0);
  };
  const count = (where: string, ...values: readonly StoredValue[]) =>
    store.select(`SELECT count(*) AS n, min(replay_id) AS oldest, max(replay_id) AS newest FROM _event WHERE ${where}`, ...values)[0];

  return {
    append: (events) => {
      if (events.length === 0) return;
      let last = Math.max(tip(), FIRST_ID);
      for (const { entity, body } of events) {
        last += 1 + gapAfter(last);
        store.run('INSERT INTO _event (replay_id, entity, created_at, body) VALUES (?, ?, ?, ?)', last, entity, now(), body);
      }
      store.writeMeta(LAST_ID, String(last));
      sinceSweep += events.length;
      if (sinceSweep >= SWEEP_EVERY) sweep();
    },
    tip,
    readAfter: (replayId, entities, limit) => {
      const among = entities.map(() => '?').join(', ');
      const sql = `SELECT replay_id, entity, body FROM _event WHERE replay_id > ? AND created_at >= ? AND entity IN (${among}) ORDER BY replay_id LIMIT ?`;
      return store
        .select(sql, replayId, oldestKept(), ...entities, limit)
        .map((row) => ({ replayId: Number(row['replay_id']), entity: String(row['entity']), body: String(row['body']) }));
    },
    has: (replayId) => Number(count('replay_id = ? AND created_at >= ?', replayId, oldestKept())?.['n'] ?? 0) > 0,
    summary: () => {
      const row = count('created_at >= ?', oldestKept());
      return { count: Number(row?.['n'] ?? 0), oldest: numberOrNull(row?.['oldest']), newest: numberOrNull(row?.['newest']) };
    },
    expire: (upTo) => {
      const last = upTo ?? tip();
      const gone = Number(count('replay_id <= ?', last)?.['n'] ?? 0);
      store.run('DELETE FROM _event WHERE replay_id <= ?', last);
      return gone;
    },
  };
}

/** From 0 to 4, and the same in each run: ids are "not guaranteed to be contiguous". */
function gapAfter(replayId: number): number {
  return ((replayId * 7_919) >>> 3) % 5;
}

function numberOrNull(value: StoredValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
