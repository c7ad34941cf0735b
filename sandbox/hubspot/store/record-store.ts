/** Reads and writes stored records and their history. It knows nothing of what HubSpot allows. */

import type { Database, StoredRow } from './database.ts';

export interface StoredRecord {
  readonly id: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly archivedAt: number | null;
  readonly properties: Readonly<Record<string, string>>;
}

/** What makes changes in a portal, as HubSpot words it; callers of the API are of the first two kinds. */
export const CHANGE_SOURCES = ['INTEGRATION', 'CRM_UI', 'AUTOMATION', 'IMPORT', 'CALCULATED', 'DATA_ENRICHMENT'] as const;

/** Who makes a change, as HubSpot records it. */
export interface ChangeSource {
  readonly source: (typeof CHANGE_SOURCES)[number];
  readonly sourceId: string;
  readonly userId: number | null;
}

export interface HistoryEntry extends ChangeSource {
  readonly value: string;
  readonly at: number;
}

export interface RecordStore {
  readonly newId: () => number;
  readonly find: (typeId: string, id: number) => StoredRecord | null;
  /** The record that holds `value` in a unique property; archived ones hold none. */
  readonly holderOf: (typeId: string, property: string, value: string) => number | null;
  /** At most `limit` records with an id from `fromId` on, by id. */
  readonly page: (typeId: string, isArchived: boolean, fromId: number, limit: number) => readonly StoredRecord[];
  readonly insert: (typeId: string, record: StoredRecord, unique: readonly string[], by: ChangeSource) => void;
  /** `changed` names the properties whose history goes on. */
  readonly replace: (typeId: string, record: StoredRecord, changed: readonly string[], unique: readonly string[], by: ChangeSource) => void;
  /** Its associations are put aside for a restore. */
  readonly archive: (typeId: string, id: number, nowMs: number) => void;
  /** Takes `record` out of the archive, with the associations that were put aside, as far as the other side is there. */
  readonly restore: (typeId: string, record: StoredRecord, unique: readonly string[], nowMs: number) => void;
  /** Newest first. */
  readonly history: (typeId: string, id: number, property: string) => readonly HistoryEntry[];
  /** Lets searches see what is due at `nowMs`. */
  readonly bringIndexUpTo: (nowMs: number) => void;
}

/** Ids of real portals are numbers of eleven digits and more. */
const FIRST_ID = 30_000_000_000;

/** `indexDelayMs` is asked at every write: how long searches see what was there before. */
export function createRecordStore(db: Database, seed: number, indexDelayMs: () => number): RecordStore {
  const find = (typeId: string, id: number) => {
    const row = db.select('SELECT * FROM record WHERE object = ? AND id = ?', typeId, id)[0];
    return row === undefined ? null : recordOf(row);
  };
  const hold = (typeId: string, record: StoredRecord, unique: readonly string[]) => {
    for (const name of unique) {
      db.run('DELETE FROM unique_value WHERE object = ? AND name = ? AND id = ?', typeId, name, record.id);
      const value = record.properties[name];
      if (value !== undefined && value !== '')
        db.run('INSERT INTO unique_value (object, name, value, id) VALUES (?, ?, ?, ?)', typeId, name, value, record.id);
      // Addresses that a contact has from merges are its own as much as the first one.
      if (name === 'email')
        for (const address of (record.properties['hs_additional_emails'] ?? '').split(';').filter((part) => part !== ''))
          db.run('INSERT OR IGNORE INTO unique_value (object, name, value, id) VALUES (?, ?, ?, ?)', typeId, name, address, record.id);
    }
  };
  const remember = (typeId: string, record: StoredRecord, names: readonly string[], by: ChangeSource) => {
    for (const name of names) {
      db.run(
        `INSERT INTO history (object, id, name, turn, value, at, source, source_id, user_id)
         VALUES (?, ?, ?, (SELECT coalesce(max(turn), 0) + 1 FROM history WHERE object = ? AND id = ? AND name = ?), ?, ?, ?, ?, ?)`,
        typeId,
        record.id,
        name,
        typeId,
        record.id,
        name,
        record.properties[name] ?? '',
        record.modifiedAt,
        by.source,
        by.sourceId,
        by.userId,
      );
    }
  };
  return {
    find,
    newId: () => FIRST_ID + seed * 1_000_000_000 + db.nextSerial('record'),
    holderOf: (typeId, property, value) => {
      const row = db.select('SELECT id FROM unique_value WHERE object = ? AND name = ? AND value = ?', typeId, property, value)[0];
      return row === undefined ? null : Number(row['id']);
    },
    page: (typeId, isArchived, fromId, limit) =>
      db
        .select(
          // An index on archived_at serves `IS NULL` in the order of ids; archived records are few.
          `SELECT * FROM record WHERE object = ? AND archived_at IS ${isArchived ? 'NOT NULL' : 'NULL'} AND id >= ? ORDER BY id LIMIT ?`,
          typeId,
          fromId,
          limit,
        )
        .map(recordOf),
    insert: (typeId, record, unique, by) => {
      db.run(
        'INSERT INTO record (object, id, created_at, modified_at, archived_at, index_due, properties) VALUES (?, ?, ?, ?, NULL, ?, ?)',
        typeId,
        record.id,
        record.createdAt,
        record.modifiedAt,
        record.modifiedAt + indexDelayMs(),
        JSON.stringify(record.properties),
      );
      hold(typeId, record, unique);
      remember(typeId, record, Object.keys(record.properties), by);
    },
    replace: (typeId, record, changed, unique, by) => {
      db.run(
        // What waits to be indexed keeps its turn: a record that is written all the time is found all the same.
        'UPDATE record SET modified_at = ?, properties = ?, index_due = coalesce(index_due, ?) WHERE object = ? AND id = ?',
        record.modifiedAt,
        JSON.stringify(record.properties),
        record.modifiedAt + indexDelayMs(),
        typeId,
        record.id,
      );
      hold(typeId, record, unique);
      remember(typeId, record, changed, by);
    },
    archive: (typeId, id, nowMs) => {
      db.run('UPDATE record SET archived_at = ?, index_due = coalesce(index_due, ?) WHERE object = ? AND id = ?', nowMs, nowMs, typeId, id);
      db.run('DELETE FROM unique_value WHERE object = ? AND id = ?', typeId, id);
      for (const side of ['from', 'to']) {
        db.run(
          `INSERT OR IGNORE INTO archived_association (holder_object, holder_id, from_object, from_id, to_object, to_id, category, type_id)
           SELECT ?, ?, from_object, from_id, to_object, to_id, category, type_id FROM association WHERE ${side}_object = ? AND ${side}_id = ?`,
          typeId,
          id,
          typeId,
          id,
        );
        db.run(`DELETE FROM association WHERE ${side}_object = ? AND ${side}_id = ?`, typeId, id);
      }
    },
    restore: (typeId, record, unique, nowMs) => {
      db.run('UPDATE record SET archived_at = NULL, index_due = ? WHERE object = ? AND id = ?', nowMs + indexDelayMs(), typeId, record.id);
      hold(typeId, record, unique);
      const aside = 'FROM archived_association WHERE holder_object = ? AND holder_id = ?';
      const isThere = (side: string) =>
        `EXISTS (SELECT 1 FROM record WHERE object = ${side}_object AND id = ${side}_id AND archived_at IS NULL)`;
      db.run(
        `INSERT OR IGNORE INTO association (from_object, from_id, to_object, to_id, category, type_id)
         SELECT from_object, from_id, to_object, to_id, category, type_id ${aside} AND ${isThere('from')} AND ${isThere('to')}`,
        typeId,
        record.id,
      );
      // Whoever is archived too brings them back.
      for (const side of ['from', 'to'])
        db.run(
          `INSERT OR IGNORE INTO archived_association (holder_object, holder_id, from_object, from_id, to_object, to_id, category, type_id)
           SELECT ${side}_object, ${side}_id, from_object, from_id, to_object, to_id, category, type_id ${aside} AND NOT ${isThere(side)}`,
          typeId,
          record.id,
        );
      db.run(`DELETE ${aside}`, typeId, record.id);
    },
    history: (typeId, id, property) =>
      db.select('SELECT * FROM history WHERE object = ? AND id = ? AND name = ? ORDER BY turn DESC', typeId, id, property).map((row) => ({
        value: String(row['value']),
        at: Number(row['at']),
        source: row['source'] as ChangeSource['source'],
        sourceId: String(row['source_id']),
        userId: row['user_id'] === null ? null : Number(row['user_id']),
      })),
    bringIndexUpTo: (nowMs) => {
      if (db.select('SELECT 1 FROM record WHERE index_due <= ? LIMIT 1', nowMs).length === 0) return;
      db.transaction(() => {
        db.run(
          `INSERT INTO search_row (object, id, created_at, modified_at, properties)
           SELECT object, id, created_at, modified_at, properties FROM record WHERE index_due <= ? AND archived_at IS NULL
           ON CONFLICT (object, id) DO UPDATE SET modified_at = excluded.modified_at, properties = excluded.properties`,
          nowMs,
        );
        db.run(
          `DELETE FROM search_row WHERE (object, id) IN (SELECT object, id FROM record WHERE index_due <= ? AND archived_at IS NOT NULL)`,
          nowMs,
        );
        db.run('UPDATE record SET index_due = NULL WHERE index_due <= ?', nowMs);
        return true;
      });
    },
  };
}

/** Rows of `record` and of `search_row`, of which only the first can be archived. */
export function recordOf(row: StoredRow): StoredRecord {
  const { id, created_at: createdAt, modified_at: modifiedAt, archived_at: archivedAt, properties } = row;
  return {
    id: Number(id),
    createdAt: Number(createdAt),
    modifiedAt: Number(modifiedAt),
    archivedAt: archivedAt === null || archivedAt === undefined ? null : Number(archivedAt),
    properties: JSON.parse(String(properties)) as Record<string, string>,
  };
}
