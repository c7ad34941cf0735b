/** Lets SQL compute formula fields, which are columns to it. */

import type { DatabaseSync } from 'node:sqlite';
import { FORMULA_FUNCTION } from '../schema/formula-column.ts';
import type { Schema } from '../schema/catalogue.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import type { StoredRow, StoredValue } from '../store/record-store.ts';
import { computeNamed } from './formula-field.ts';

/** A formula that reads a parent's formula, which reads its parent's, and so on. */
const MOST_DEPTH = 10;

/** Lets SQL compute formula fields of `schema`, which is refilled when metadata changes. Must be called before a table that has them is read. */
export function installFormulas(db: DatabaseSync, schema: Schema, now: () => number): void {
  let depth = 0;
  // Statements are prepared for each call: the one that is being stepped may be the very same.
  const find = (definition: SObjectDefinition, id: string): StoredRow | null =>
    (db.prepare(`SELECT * FROM "${definition.name}" WHERE "Id" = ?`).get(id) as unknown as StoredRow | undefined) ?? null;
  // It is not, but columns take nothing else; nothing is kept of what they come to.
  db.function(FORMULA_FUNCTION, { varargs: true, deterministic: true }, (name, ...pairs) => {
    if (depth >= MOST_DEPTH) return null;
    const row: Record<string, StoredValue> = {};
    for (let at = 0; at + 1 < pairs.length; at += 2) row[String(pairs[at])] = (pairs[at + 1] ?? null) as StoredValue;
    depth += 1;
    try {
      return computeNamed(schema, String(name), row, { userId: '', nowMs: now(), find });
    } finally {
      depth -= 1;
    }
  });
}
