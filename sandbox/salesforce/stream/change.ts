/** What a transaction has changed, record by record and then event by event. Source: Change Data Capture Developer Guide, "Change Event Body Fields", "Merged Change Events", "Overflow Events", "General Considerations". */

import type { SObjectDefinition } from '../schema/definition.ts';
import type { StoredRow } from '../store/record-store.ts';
import type { Author } from '../store/trail.ts';
import { eventBody, eventFields, pathOfField } from './event-field.ts';

export type ChangeType = 'CREATE' | 'UPDATE' | 'DELETE' | 'UNDELETE';
export type GapType = `GAP_${ChangeType}`;

/** What an event tells, before it has a place in the log. */
export interface Change {
  readonly definition: SObjectDefinition;
  readonly recordIds: readonly string[];
  readonly changeType: ChangeType | GapType | 'GAP_OVERFLOW';
  readonly changedFields: readonly string[];
  readonly body: Readonly<Record<string, unknown>>;
  readonly author: Author;
}

/** "The record ID for the change is always set to 000000000000000AAA, which is the empty record ID." */
const NO_RECORD = '000000000000000AAA';

/** Two stamps that an update carries whatever it changes; the modifier only when it is another than before. */
const MODIFIED = 'LastModifiedDate';

/** The change of one record, from what it was before the transaction to what it is at its end; null where nobody outside can tell a difference. */
export function changeOfRecord(
  definition: SObjectDefinition,
  id: string,
  before: StoredRow | null,
  after: StoredRow | null,
  author: Author,
): Change | null {
  const wasThere = before !== null && before['IsDeleted'] !== 1;
  const isThere = after !== null && after['IsDeleted'] !== 1;
  const base = { definition, recordIds: [id], author, changedFields: [] };
  // What is gone for good leaves no event ("Hard-deleting a record").
  if (after === null || (!wasThere && !isThere)) return null;
  if (!isThere) return { ...base, changeType: 'DELETE', body: {} };
  const fields = eventFields(definition);
  if (!wasThere || before === null) {
    const filled = fields.filter(({ field }) => (after[field.name] ?? null) !== null);
    return { ...base, changeType: before === null ? 'CREATE' : 'UNDELETE', body: eventBody(filled, after) };
  }
  const changed = fields.filter(({ field }) => field.name === MODIFIED || (after[field.name] ?? null) !== (before[field.name] ?? null));
  return { ...base, changeType: 'UPDATE', changedFields: changed.map(pathOfField), body: eventBody(changed, after) };
}

/** The event of the changes of `definition` that are beyond what a transaction tells one by one. */
export function overflowOf(definition: SObjectDefinition, author: Author): Change {
  return { definition, recordIds: [NO_RECORD], changeType: 'GAP_OVERFLOW', changedFields: [], body: {}, author };
}

/** The event that stands for one that cannot be given: its header without its fields. */
export function gapOf({ changeType, ...change }: Change): Change {
  const gapType = changeType.startsWith('GAP_') ? changeType : (`GAP_${changeType}` as GapType);
  return { ...change, changeType: gapType, changedFields: [], body: {} };
}

/** How much a change weighs against the threshold of a transaction: an update as many as it has changed fields, anything else 1. */
export function weightOf({ changeType, changedFields }: Change): number {
  return changeType === 'UPDATE' ? Math.max(changedFields.filter((name) => name !== MODIFIED).length, 1) : 1;
}

/** What of `changes` is told one by one: those that are within the threshold of `most`; for the rest, an overflow for each object. */
export function limitChanges(changes: readonly Change[], beyond: readonly SObjectDefinition[], most: number): readonly Change[] {
  const told: Change[] = [];
  const left = new Map<string, SObjectDefinition>(beyond.map((each) => [each.name, each]));
  let weight = 0;
  for (const change of changes) {
    weight += weightOf(change);
    if (weight <= most) told.push(change);
    else left.set(change.definition.name, change.definition);
  }
  const [first] = changes;
  return first === undefined ? [] : [...told, ...[...left.values()].map((definition) => overflowOf(definition, first.author))];
}

/** One change for all records of which the same is told, in the place of the first of them. New records are told one by one. */
export function mergeChanges(changes: readonly Change[]): readonly Change[] {
  const byContent = new Map<string, Change>();
  for (const change of changes) {
    const { definition, recordIds, changeType, changedFields, body, author } = change;
    const told = [definition.name, changeType, author.userId, author.origin, Math.floor(author.nowMs / 1000), changedFields, body];
    const key = JSON.stringify(changeType === 'CREATE' ? [...told, recordIds] : told);
    const earlier = byContent.get(key);
    byContent.set(key, earlier === undefined ? change : { ...earlier, recordIds: [...earlier.recordIds, ...recordIds] });
  }
  return [...byContent.values()];
}
