/** The emulated org's storage: one SQLite table an object, one column a field, so that SOQL can be answered by SQL. */

import { DatabaseSync } from 'node:sqlite';
import type { SObjectDefinition, SObjectField } from '../schema/definition.ts';
import type { Schema } from '../schema/catalogue.ts';
import { isAnyTypeColumn } from '../schema/history-object.ts';
import { formulaColumn } from '../schema/formula-column.ts';

/** Names come from the schema alone; quoting is for those that are words of SQL. */
export function quoted(name: string): string {
  return `"${name}"`;
}

/**
 * Opens `file` (or a database in memory) and brings its tables up to `schema`: tables and columns that are missing are added, none is removed.
 * A crash of the process loses no committed write; only a crash of the machine may.
 */
export function openDatabase(file: string, schema: Schema): DatabaseSync {
  const db = new DatabaseSync(file);
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;',
  );
  db.exec(`
    CREATE TABLE IF NOT EXISTS _meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS _session (token TEXT PRIMARY KEY, user_id TEXT NOT NULL, kind TEXT NOT NULL, used_at INTEGER NOT NULL, revoked INTEGER NOT NULL, client_id TEXT, family TEXT);
    DROP TABLE IF EXISTS _locator;
    DROP TABLE IF EXISTS _locator_row;
    CREATE TABLE IF NOT EXISTS _query_locator (id TEXT PRIMARY KEY, question TEXT NOT NULL, total_size INTEGER NOT NULL, expires_at INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS _query_locator_ids (locator TEXT NOT NULL, position INTEGER NOT NULL, ids TEXT NOT NULL, PRIMARY KEY (locator, position));
    CREATE TABLE IF NOT EXISTS _metadata (type TEXT NOT NULL, full_name TEXT NOT NULL, id TEXT NOT NULL, content TEXT NOT NULL, created_at INTEGER NOT NULL, created_by TEXT, modified_at INTEGER NOT NULL, modified_by TEXT, PRIMARY KEY (type, full_name));
    CREATE TABLE IF NOT EXISTS _metadata_job (id TEXT PRIMARY KEY, kind TEXT NOT NULL, request TEXT NOT NULL, state TEXT NOT NULL, result TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS _bulk_job (id TEXT PRIMARY KEY, kind TEXT NOT NULL, state TEXT NOT NULL, settings TEXT NOT NULL, progress TEXT NOT NULL, created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS _bulk_chunk (job TEXT NOT NULL, position INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (job, position));
    CREATE TABLE IF NOT EXISTS _bulk_result (job TEXT NOT NULL, kind TEXT NOT NULL, turn INTEGER NOT NULL, line TEXT NOT NULL, PRIMARY KEY (job, kind, turn)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS _event (replay_id INTEGER PRIMARY KEY, entity TEXT NOT NULL, created_at INTEGER NOT NULL, body TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS _record_lock (record_id TEXT PRIMARY KEY, instance_id TEXT NOT NULL, editability TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS _custom_permission (set_id TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (set_id, name)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS _deletion (root_id TEXT NOT NULL, record_id TEXT NOT NULL, object TEXT NOT NULL, field TEXT NOT NULL, PRIMARY KEY (root_id, record_id, field)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS _automation_due (id INTEGER PRIMARY KEY AUTOINCREMENT, record_id TEXT NOT NULL, rule TEXT NOT NULL, user_id TEXT NOT NULL, origin TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS _approval_step (instance_id TEXT PRIMARY KEY, step INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS _event_age ON _event (created_at);
  `);
  for (const column of ['client_id', 'family']) {
    if (!columnsOf(db, '_session').has(column)) db.exec(`ALTER TABLE _session ADD COLUMN ${column} TEXT`);
  }
  prepareTables(db, schema);
  return db;
}

/** Adds the tables and columns of `schema` that are missing. */
export function prepareTables(db: DatabaseSync, schema: Schema): void {
  for (const definition of schema.values()) prepareTable(db, definition);
}

/** Removes every record, session, locator, bulk job and change event; what the org has given out (serial numbers) starts anew too. */
export function clearDatabase(db: DatabaseSync, schema: Schema): void {
  for (const definition of schema.values()) db.exec(`DELETE FROM ${quoted(definition.name)}`);
  db.exec('DELETE FROM _meta; DELETE FROM _session; DELETE FROM _query_locator; DELETE FROM _query_locator_ids;');
  db.exec(
    'DELETE FROM _metadata; DELETE FROM _metadata_job; DELETE FROM _record_lock; DELETE FROM _deletion; DELETE FROM _automation_due; DELETE FROM _approval_step;',
  );
  db.exec('DELETE FROM _custom_permission;');
  db.exec('DELETE FROM _bulk_job; DELETE FROM _bulk_chunk; DELETE FROM _bulk_result; DELETE FROM _event;');
}

function prepareTable(db: DatabaseSync, definition: SObjectDefinition): void {
  const table = quoted(definition.name);
  // What is computed stands behind what it is computed from.
  const fields = [...definition.fields.filter(({ formula }) => formula === undefined), ...definition.fields.filter(isComputed)];
  const columns = fields.map((field) => columnDefinition(definition, field));
  db.exec(`CREATE TABLE IF NOT EXISTS ${table} (${columns.join(', ')})`);
  dropOutdated(db, definition);
  const present = columnsOf(db, definition.name);
  fields.forEach((field, index) => {
    if (!present.has(field.name)) db.exec(`ALTER TABLE ${table} ADD COLUMN ${columns[index] ?? ''}`);
  });
  for (const field of definition.fields) {
    const index = indexedColumns(field);
    if (index !== null) db.exec(`CREATE INDEX IF NOT EXISTS ${quoted(`${definition.name}.${field.name}`)} ON ${table} (${index})`);
  }
}

function isComputed({ formula }: SObjectField): boolean {
  return formula !== undefined;
}

/** Takes away computed columns of another formula than today's, and stored ones of fields that are computed now, whose values are gone in an org too. */
function dropOutdated(db: DatabaseSync, definition: SObjectDefinition): void {
  const [row] = db.prepare('SELECT sql FROM sqlite_master WHERE type = ? AND name = ?').all('table', definition.name);
  const sql = String(row?.['sql']);
  const columns = db.prepare('SELECT name, hidden FROM pragma_table_xinfo(?)').all(definition.name);
  const drop = (name: string): void => db.exec(`ALTER TABLE ${quoted(definition.name)} DROP COLUMN ${quoted(name)}`);
  const names = (isHidden: boolean) => columns.filter(({ hidden }) => (hidden === VIRTUAL) === isHidden).map(({ name }) => String(name));
  const byName = new Map(definition.fields.map((field) => [field.name, field]));
  for (const name of names(true)) {
    const field = byName.get(name);
    if (field === undefined || !sql.includes(columnDefinition(definition, field))) drop(name);
  }
  for (const name of names(false)) {
    if (byName.get(name)?.formula === undefined) continue;
    db.exec(`DROP INDEX IF EXISTS ${quoted(`${definition.name}.${name}`)}`);
    drop(name);
  }
}

/** How `table_xinfo` marks columns that are computed when they are read. https://www.sqlite.org/pragma.html#pragma_table_xinfo */
const VIRTUAL = 2;

function columnsOf(db: DatabaseSync, table: string): ReadonlySet<string> {
  const rows = db.prepare(`SELECT name FROM pragma_table_xinfo(?)`).all(table);
  return new Set(rows.map((row) => String(row['name'])));
}

function columnDefinition(definition: SObjectDefinition, field: SObjectField): string {
  if (field.type === 'id') return `${quoted(field.name)} TEXT PRIMARY KEY`;
  if (field.formula !== undefined) {
    const type = columnType(field).replace(/ NOT NULL.*$/, '');
    return `${quoted(field.name)} ${type} ${formulaColumn(definition, field)}`;
  }
  return `${quoted(field.name)} ${isAnyTypeColumn(definition.name, field.name) ? '' : columnType(field)}`.trimEnd();
}

function columnType(field: SObjectField): string {
  switch (field.type) {
    case 'id':
    case 'reference':
    case 'date':
    case 'datetime':
      return 'TEXT';
    case 'boolean':
      return field.defaultValue === true ? 'INTEGER NOT NULL DEFAULT 1' : 'INTEGER NOT NULL DEFAULT 0';
    case 'int':
      return 'INTEGER';
    case 'double':
    case 'currency':
    case 'percent':
      return 'REAL';
    case 'string':
    case 'textarea':
    case 'picklist':
    case 'multipicklist':
    case 'email':
    case 'phone':
    case 'url':
      return field.caseSensitive ? 'TEXT' : 'TEXT COLLATE NOCASE';
  }
}

/** The columns by which clients walk and look up; the stamp's index carries the id, so that a keyset page is one range of it. */
function indexedColumns(field: SObjectField): string | null {
  if (field.name === 'SystemModstamp') return '"SystemModstamp", "Id"';
  if (field.name === 'CreatedById' || field.name === 'LastModifiedById') return null;
  return field.externalId || field.unique || field.type === 'reference' ? quoted(field.name) : null;
}
