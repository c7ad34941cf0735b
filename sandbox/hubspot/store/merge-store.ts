/** Moves what belongs to two records to a third, and takes records away for good. It knows nothing of what HubSpot allows. */

import type { Database } from './database.ts';
import type { HistoryEntry } from './record-store.ts';

export interface MergeStore {
  /** The record that `id` became part of; `id` itself where it did not. */
  readonly survivorOf: (object: string, id: number) => number;
  /** From now on `ids`, and whatever became part of them, lead to `survivorId`. Their rows are gone. */
  readonly absorb: (object: string, ids: readonly number[], survivorId: number) => void;
  /** Writes `entries` as the whole history of a property, oldest first. */
  readonly putHistory: (object: string, id: number, name: string, entries: readonly HistoryEntry[]) => void;
  /** Every property that has a history. */
  readonly historyNames: (object: string, id: number) => readonly string[];
  /** Lets go of the record, its values, history and associations. */
  readonly purge: (object: string, id: number) => void;
}

export function createMergeStore(db: Database): MergeStore {
  const purge = (object: string, id: number) => {
    for (const table of ['record', 'search_row', 'history', 'unique_value'])
      db.run(`DELETE FROM ${table} WHERE object = ? AND id = ?`, object, id);
    for (const table of ['association', 'archived_association'])
      for (const side of ['from', 'to']) db.run(`DELETE FROM ${table} WHERE ${side}_object = ? AND ${side}_id = ?`, object, id);
  };
  return {
    purge,
    survivorOf: (object, id) => {
      const row = db.select('SELECT into_id FROM merged WHERE object = ? AND id = ?', object, id)[0];
      return row === undefined ? id : Number(row['into_id']);
    },
    absorb: (object, ids, survivorId) => {
      for (const id of ids) {
        db.run('UPDATE merged SET into_id = ? WHERE object = ? AND into_id = ?', survivorId, object, id);
        db.run('INSERT INTO merged (object, id, into_id) VALUES (?, ?, ?)', object, id, survivorId);
        purge(object, id);
      }
    },
    historyNames: (object, id) =>
      db.select('SELECT DISTINCT name FROM history WHERE object = ? AND id = ?', object, id).map((row) => String(row['name'])),
    putHistory: (object, id, name, entries) => {
      db.run('DELETE FROM history WHERE object = ? AND id = ? AND name = ?', object, id, name);
      for (const [index, entry] of entries.entries())
        db.run(
          'INSERT INTO history (object, id, name, turn, value, at, source, source_id, user_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
          object,
          id,
          name,
          index + 1,
          entry.value,
          entry.at,
          entry.source,
          entry.sourceId,
          entry.userId,
        );
    },
  };
}
