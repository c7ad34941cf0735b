/** Reads and writes stored records. It knows columns, transactions and serial numbers, and nothing of what Salesforce allows. */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { SObjectDefinition } from '../schema/definition.ts';
import type { Schema } from '../schema/catalogue.ts';
import { quoted } from './database.ts';
import { makeId } from './record-id.ts';
import { createTrail } from './trail.ts';
import type { CommitListener, Touch } from './trail.ts';

/** Dates and datetimes are ISO text, booleans 0 or 1. */
export type StoredValue = string | number | null;
export type StoredRow = Readonly<Record<string, StoredValue>>;

export interface RecordStore {
  readonly db: DatabaseSync;
  readonly schema: Schema;
  readonly find: (definition: SObjectDefinition, id: string) => StoredRow | null;
  /** At most `limit` rows in which `fieldName` equals `value`; deleted ones left out. */
  readonly findBy: (definition: SObjectDefinition, fieldName: string, value: StoredValue, limit: number) => readonly StoredRow[];
  readonly insert: (definition: SObjectDefinition, row: StoredRow) => void;
  readonly update: (definition: SObjectDefinition, id: string, changes: StoredRow) => void;
  readonly select: (sql: string, ...values: readonly StoredValue[]) => readonly StoredRow[];
  readonly run: (sql: string, ...values: readonly StoredValue[]) => void;
  /** Runs `work` in a transaction that is kept when it returns true, and undone otherwise. Inside another one it is a part of that, undone alone. */
  readonly transaction: (work: () => boolean) => void;
  /** The same inside a transaction: undone alone. */
  readonly savepoint: (work: () => boolean) => void;
  /** Says that a record was written, to whoever listens; a write that is undone was none. */
  readonly noteWrite: (touch: Touch) => void;
  /** Whoever tells others of what was written. There is one at most. */
  readonly listen: (listener: CommitListener) => void;
  /** 1 on the first call with this name, then one more each time, across restarts. */
  readonly nextSerial: (name: string) => number;
  readonly newId: (keyPrefix: string) => string;
  readonly readMeta: (key: string) => string | null;
  readonly writeMeta: (key: string, value: string) => void;
}

/** Writes name only the columns they set, so there are many different statements; this bounds what is kept of them. */
const MOST_PREPARED = 1000;

/** Records of one transaction of which is kept what they were. */
const MOST_TOUCHES = 100_000;

export function createRecordStore(db: DatabaseSync, schema: Schema, seed: number): RecordStore {
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
  const run = (sql: string, ...values: readonly StoredValue[]) => void statement(sql).run(...values);
  const trail = createTrail(MOST_TOUCHES);
  // Serial numbers are given out many times a record; within a transaction they are written once, when it commits.
  let serials: Map<string, number> | null = null;
  let listener: CommitListener | null = null;
  const nested = (begin: string, keep: string, undo: readonly string[]) => (work: () => boolean) => {
    run(begin);
    let kept = false;
    try {
      kept = work();
    } finally {
      for (const sql of kept ? [keep] : undo) run(sql);
    }
    return kept;
  };
  const outermost = nested('BEGIN IMMEDIATE', 'COMMIT', ['ROLLBACK']);
  const inner = nested('SAVEPOINT row', 'RELEASE row', ['ROLLBACK TO row', 'RELEASE row']);
  const transaction = (work: () => boolean) => {
    let hasWritten = false;
    serials = new Map();
    try {
      outermost(() => {
        if (!work()) return false;
        hasWritten = !trail.isEmpty();
        if (hasWritten) listener?.beforeCommit(trail.touches(), trail.beyond());
        for (const [name, last] of serials ?? []) writeMeta(`serial.${name}`, String(last));
        return true;
      });
    } finally {
      serials = null;
      trail.clear();
    }
    if (hasWritten) listener?.afterCommit();
  };
  const savepoint = (work: () => boolean) => {
    const mark = trail.mark();
    const before = serials === null ? null : new Map(serials);
    let kept = false;
    try {
      kept = inner(work);
    } finally {
      if (!kept) {
        serials = before;
        trail.undoTo(mark);
      }
    }
  };
  const readMeta = (key: string) => (select('SELECT value FROM _meta WHERE key = ?', key)[0]?.['value'] as string | undefined) ?? null;
  const writeMeta = (key: string, value: string) =>
    run('INSERT INTO _meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value', key, value);
  const nextSerial = (name: string) => {
    const next = (serials?.get(name) ?? Number(readMeta(`serial.${name}`) ?? 0)) + 1;
    if (serials === null) writeMeta(`serial.${name}`, String(next));
    else serials.set(name, next);
    return next;
  };
  return {
    db,
    schema,
    select,
    run,
    find: (definition, id) => select(`SELECT * FROM ${quoted(definition.name)} WHERE "Id" = ?`, id)[0] ?? null,
    findBy: (definition, fieldName, value, limit) => {
      const alive = definition.fields.some((field) => field.name === 'IsDeleted') ? 'AND "IsDeleted" = 0' : '';
      return select(`SELECT * FROM ${quoted(definition.name)} WHERE ${quoted(fieldName)} = ? ${alive} ORDER BY "Id" LIMIT ${limit}`, value);
    },
    insert: (definition, row) => {
      const columns = Object.keys(row);
      const places = columns.map(() => '?').join(', ');
      run(`INSERT INTO ${quoted(definition.name)} (${columns.map(quoted).join(', ')}) VALUES (${places})`, ...Object.values(row));
    },
    update: (definition, id, changes) => {
      const columns = Object.keys(changes);
      if (columns.length === 0) return;
      const assignments = columns.map((column) => `${quoted(column)} = ?`).join(', ');
      run(`UPDATE ${quoted(definition.name)} SET ${assignments} WHERE "Id" = ?`, ...Object.values(changes), id);
    },
    transaction: (work) => (db.isTransaction ? savepoint(work) : transaction(work)),
    savepoint,
    noteWrite: (touch) => trail.note(touch),
    listen: (whoever) => {
      listener = whoever;
    },
    nextSerial,
    newId: (keyPrefix) => makeId(keyPrefix, seed, nextSerial(`id.${keyPrefix}`)),
    readMeta,
    writeMeta,
  };
}
