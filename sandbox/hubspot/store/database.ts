/** The emulated portal's storage: records as JSON, beside them what is looked up and walked by index. */

import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';
import { containsTokens, hasPrefixes } from '../search/token.ts';

export type StoredValue = string | number | null;
export type StoredRow = Readonly<Record<string, StoredValue>>;

export interface Database {
  readonly select: (sql: string, ...values: readonly StoredValue[]) => readonly StoredRow[];
  /** Gives how many rows were written. */
  readonly run: (sql: string, ...values: readonly StoredValue[]) => number;
  /** Kept when `work` returns, undone when it returns false or throws. */
  readonly transaction: (work: () => boolean) => void;
  /** 1 on the first call with this name, then one more each time, across restarts. */
  readonly nextSerial: (name: string) => number;
  readonly readMeta: (key: string) => string | null;
  readonly writeMeta: (key: string, value: string) => void;
  readonly clear: () => void;
  readonly close: () => void;
}

const TABLES = [
  'meta',
  'definition',
  'record',
  'unique_value',
  'search_row',
  'history',
  'merged',
  'blocked_address',
  'association',
  'archived_association',
  'association_type',
  'association_limit',
  'token',
  'webhook_settings',
  'webhook_subscription',
  'webhook_event',
] as const;

/** Searches are many different statements; this bounds what is kept of them. */
const MOST_PREPARED = 500;

/**
 * Opens `file`, or a database in memory for `:memory:`.
 * A crash of the process loses no committed write; only a crash of the machine may.
 */
export function openDatabase(file: string): Database {
  const db = new DatabaseSync(file);
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;',
  );
  db.exec(`
    CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS definition (kind TEXT NOT NULL, object TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, object, name));
    CREATE TABLE IF NOT EXISTS record (object TEXT NOT NULL, id INTEGER NOT NULL, created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, archived_at INTEGER, index_due INTEGER, properties TEXT NOT NULL, PRIMARY KEY (object, id));
    CREATE INDEX IF NOT EXISTS record_archived ON record (object, archived_at, id);
    CREATE INDEX IF NOT EXISTS record_due ON record (index_due) WHERE index_due IS NOT NULL;
    CREATE TABLE IF NOT EXISTS unique_value (object TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL COLLATE NOCASE, id INTEGER NOT NULL, PRIMARY KEY (object, name, value)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS unique_holder ON unique_value (object, id, name);
    CREATE TABLE IF NOT EXISTS search_row (object TEXT NOT NULL, id INTEGER NOT NULL, created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, properties TEXT NOT NULL, PRIMARY KEY (object, id));
    CREATE INDEX IF NOT EXISTS search_modified ON search_row (object, modified_at, id);
    CREATE INDEX IF NOT EXISTS search_created ON search_row (object, created_at, id);
    CREATE TABLE IF NOT EXISTS history (object TEXT NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL, turn INTEGER NOT NULL, value TEXT NOT NULL, at INTEGER NOT NULL, source TEXT NOT NULL, source_id TEXT NOT NULL, user_id INTEGER, PRIMARY KEY (object, id, name, turn)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS association (from_object TEXT NOT NULL, from_id INTEGER NOT NULL, to_object TEXT NOT NULL, to_id INTEGER NOT NULL, category TEXT NOT NULL, type_id INTEGER NOT NULL, PRIMARY KEY (from_object, from_id, to_object, to_id, category, type_id)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS association_other ON association (to_object, to_id);
    CREATE TABLE IF NOT EXISTS archived_association (holder_object TEXT NOT NULL, holder_id INTEGER NOT NULL, from_object TEXT NOT NULL, from_id INTEGER NOT NULL, to_object TEXT NOT NULL, to_id INTEGER NOT NULL, category TEXT NOT NULL, type_id INTEGER NOT NULL, PRIMARY KEY (holder_object, holder_id, from_object, from_id, to_object, to_id, category, type_id)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS association_limit (from_object TEXT NOT NULL, to_object TEXT NOT NULL, category TEXT NOT NULL, type_id INTEGER NOT NULL, most INTEGER NOT NULL, PRIMARY KEY (from_object, to_object, category, type_id)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS merged (object TEXT NOT NULL, id INTEGER NOT NULL, into_id INTEGER NOT NULL, PRIMARY KEY (object, id)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS merged_into ON merged (object, into_id);
    CREATE TABLE IF NOT EXISTS blocked_address (address TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS webhook_settings (app_id INTEGER PRIMARY KEY, target_url TEXT NOT NULL, most_concurrent INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS webhook_subscription (id INTEGER PRIMARY KEY, app_id INTEGER NOT NULL, event_type TEXT NOT NULL, object TEXT, property TEXT, active INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS webhook_event (id INTEGER PRIMARY KEY, app_id INTEGER NOT NULL, body TEXT NOT NULL, attempt INTEGER NOT NULL, due_at INTEGER NOT NULL);
    CREATE INDEX IF NOT EXISTS webhook_due ON webhook_event (due_at, id);
    CREATE TABLE IF NOT EXISTS token (token TEXT PRIMARY KEY, kind TEXT NOT NULL, alias TEXT NOT NULL, client_id TEXT NOT NULL, app_id INTEGER NOT NULL, family TEXT NOT NULL, scopes TEXT NOT NULL, withheld TEXT NOT NULL, ends_at INTEGER, revoked INTEGER NOT NULL);
    CREATE INDEX IF NOT EXISTS token_family ON token (family);
    CREATE TABLE IF NOT EXISTS association_type (from_object TEXT NOT NULL, to_object TEXT NOT NULL, category TEXT NOT NULL, type_id INTEGER NOT NULL, name TEXT NOT NULL, label TEXT, inverse_id INTEGER NOT NULL, is_single INTEGER NOT NULL, PRIMARY KEY (from_object, to_object, category, type_id));
  `);
  db.function('contains_tokens', { deterministic: true }, (text, wanted) => Number(containsTokens(text, wanted)));
  db.function('has_prefixes', { deterministic: true }, (text, wanted) => Number(hasPrefixes(text, wanted)));
  const prepared = new Map<string, StatementSync>();
  const statement = (sql: string): StatementSync => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    if (prepared.size >= MOST_PREPARED) prepared.clear();
    const fresh = db.prepare(sql);
    prepared.set(sql, fresh);
    return fresh;
  };
  const select = (sql: string, ...values: readonly StoredValue[]) => statement(sql).all(...values) as unknown as readonly StoredRow[];
  const run = (sql: string, ...values: readonly StoredValue[]) => Number(statement(sql).run(...values).changes);
  const readMeta = (key: string) => (select('SELECT value FROM meta WHERE key = ?', key)[0]?.['value'] as string | undefined) ?? null;
  const writeMeta = (key: string, value: string) =>
    run('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value', key, value);
  return {
    select,
    run,
    readMeta,
    writeMeta,
    transaction: (work) => {
      const [begin, keep, undo] = db.isTransaction
        ? ['SAVEPOINT part', 'RELEASE part', ['ROLLBACK TO part', 'RELEASE part']]
        : ['BEGIN IMMEDIATE', 'COMMIT', ['ROLLBACK']];
      run(begin as string);
      let kept = false;
      try {
        kept = work();
      } finally {
        for (const sql of kept ? [keep as string] : undo) run(sql);
      }
    },
    nextSerial: (name) => {
      const next = Number(readMeta(`serial.${name}`) ?? 0) + 1;
      writeMeta(`serial.${name}`, String(next));
      return next;
    },
    clear: () => {
      for (const table of TABLES) run(`DELETE FROM ${table}`);
    },
    close: () => db.close(),
  };
}
