import { isObject, textOrNull } from '../answer-shape.ts';
import { readBatches } from './batch-read.ts';
import { isDay } from './object-property.ts';
import type { Session } from './session.ts';
import type { PreparedRow } from './write-row.ts';

const DUE = 'hs_timestamp';

/**
 * The rows with the present time as due date for those that make a task and say none, which HubSpot refuses otherwise. Which of them there are already is asked, and
 * not tried: a refusal would be a call in which nothing is made, and a lost answer could not be told from it.
 */
export async function withDueDates(session: Session, object: string, rows: readonly PreparedRow[]): Promise<readonly PreparedRow[]> {
  const isUndated = ({ target, properties }: PreparedRow): boolean => target.kind === 'external_id' && (properties[DUE] ?? '') === '';
  const undated = isDay(object, DUE) ? rows.filter(isUndated) : [];
  const known = new Set<string>();
  for (const [field, members] of Map.groupBy(undated, ({ target }) => (target.kind === 'external_id' ? target.field : ''))) {
    const ids = members.flatMap(({ target }) => (target.kind === 'external_id' ? [target.value] : []));
    const records = await readBatches(session, { operation: 'find_task', object, ids, idProperty: field, properties: [field] });
    for (const { properties } of records) known.add(keyOf(field, isObject(properties) ? (textOrNull(properties[field]) ?? '') : ''));
  }
  const now = new Date(session.nowMs()).toISOString();
  return rows.map((row) => {
    const isNew = undated.includes(row) && row.target.kind === 'external_id' && !known.has(keyOf(row.target.field, row.target.value));
    return isNew ? { ...row, properties: { ...row.properties, [DUE]: now } } : row;
  });
}

/** Unique values compare without regard to case. */
function keyOf(field: string, value: string): string {
  return `${field} ${value.trim().toLowerCase()}`;
}
