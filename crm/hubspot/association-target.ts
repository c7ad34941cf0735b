import { textOrNull } from '../answer-shape.ts';
import type { WriteOutcome } from '../port.ts';
import { readBatches } from './batch-read.ts';
import type { Session } from './session.ts';
import { refusedOutcome, type PreparedRow } from './write-row.ts';

/** The ids of the records that associations are set to, looked up before anything is written. */
export interface AssociationTargets {
  /** The record's id by what the row gives; null for none. */
  readonly idOf: (wanted: PreparedRow['associations'][number]) => string | null;
  /** Why a row cannot be associated as it wants; null where it can. */
  readonly refusalOf: (row: PreparedRow) => WriteOutcome | null;
}

/** Finds the records of all rows: one call for each other object by id, and one for each external id property. */
export async function findTargets(session: Session, rows: readonly PreparedRow[]): Promise<AssociationTargets> {
  const wanted = rows.flatMap((row) => row.associations);
  const idsByKey = new Map<string, string>();
  const groups = Map.groupBy(wanted, ({ field, to }) =>
    JSON.stringify(to.kind === 'parent' ? [to.parent.object, to.parent.field] : [field.toObject, null]),
  );
  for (const [group, members] of groups) {
    const [object, idProperty] = JSON.parse(group) as [string, string | null];
    const keys = members.flatMap(({ to }) => (to.kind === 'id' ? [to.id] : to.kind === 'parent' ? [to.parent.value] : []));
    const ids = idProperty === null ? keys.filter((key) => /^\d{1,19}$/.test(key)) : keys;
    const properties = idProperty === null ? [] : [idProperty];
    const records = await readBatches(session, { operation: 'find_associated', object, ids, idProperty, properties });
    for (const record of records) {
      const id = textOrNull(record['id']) ?? '';
      const values = record['properties'] as Readonly<Record<string, unknown>>;
      const key = idProperty === null ? id : (textOrNull(values[idProperty]) ?? '');
      idsByKey.set(keyOf(group, key), id);
    }
  }
  const keyOfWanted = ({ field, to }: PreparedRow['associations'][number]): string | null => {
    if (to.kind === 'none') return null;
    if (to.kind === 'id') return keyOf(JSON.stringify([field.toObject, null]), to.id);
    return keyOf(JSON.stringify([to.parent.object, to.parent.field]), to.parent.value);
  };
  return {
    idOf: (association) => idsByKey.get(keyOfWanted(association) ?? '') ?? null,
    refusalOf: (row) => {
      const missing = row.associations.find((association) => {
        const key = keyOfWanted(association);
        return key !== null && !idsByKey.has(key);
      });
      return missing === undefined ? null : refusalOfMissing(missing);
    },
  };
}

function refusalOfMissing({ field, to }: PreparedRow['associations'][number]): WriteOutcome {
  if (to.kind !== 'parent') {
    const id = to.kind === 'id' ? to.id : '';
    return refusedOutcome('CRM_RECORD_GONE', `OBJECT_NOT_FOUND: there is no record ${id} of ${field.toObject} to associate with`, [
      field.name,
    ]);
  }
  const { object, field: property, value } = to.parent;
  return refusedOutcome('CRM_REFERENCE_MISSING', `OBJECT_NOT_FOUND: no record of ${object} has the ${property} ${value}`, [field.name]);
}

/** Unique values compare without regard to case. */
function keyOf(group: string, key: string): string {
  return `${group} ${key.trim().toLowerCase()}`;
}
