import type { LookupValues, RemoteFields } from '../../crm/port.ts';
import type { FieldMapping, ObjectMapping } from '../../mappings/field-mapping.ts';
import type { CanonicalRecord } from '../../program/merge-plan.ts';

/** Which of several records holds a lookup, by what both sides agreed on before (docs/decisions/0038). */

/** Stands in the base beside the field itself: who else held the lookup when it was agreed on. */
function besideKey({ ours }: FieldMapping): string {
  return `${ours} beside`;
}

/**
 * The values of a row, in which a lookup with several holders leads to the one that is meant: the one that was not there when the lookup was agreed on, since somebody
 * added it; where all were, the one that was agreed on. Where that one is gone, it is the first of those that are left.
 */
export function meantFields(mapping: ObjectMapping, row: LookupValues, base: CanonicalRecord): RemoteFields {
  const meant: Record<string, string | null> = {};
  for (const field of lookupsOf(mapping)) {
    const holders = holdersOf(field, row);
    const [agreed, beside] = [base[field.ours], besideOf(field, base)];
    if (holders === null || agreed === undefined || (holders.length < 2 && beside.length === 0)) continue;
    const added = holders.filter((id) => id !== agreed && !beside.includes(id));
    const kept = agreed === null || holders.includes(agreed) ? agreed : (holders[0] ?? null);
    meant[field.theirs] = added[0] ?? kept;
  }
  return { ...row.fields, ...meant };
}

/** What the base has to know beside the values: the other holders of each lookup. `theirs`: the values that are agreed on now. */
export function besidesOf(mapping: ObjectMapping, row: LookupValues, theirs: CanonicalRecord): CanonicalRecord {
  const besides = lookupsOf(mapping).flatMap((field): readonly (readonly [string, string])[] => {
    const others = (holdersOf(field, row) ?? []).filter((id) => id !== theirs[field.ours]);
    return others.length === 0 ? [] : [[besideKey(field), others.join(' ')]];
  });
  return Object.fromEntries(besides);
}

/** The base without what it knows of other holders. */
export function withoutBesides(mapping: ObjectMapping, base: CanonicalRecord): CanonicalRecord {
  const keys = new Set(lookupsOf(mapping).map(besideKey));
  return Object.fromEntries(Object.entries(base).filter(([key]) => !keys.has(key)));
}

export function haveSameBesides(mapping: ObjectMapping, one: CanonicalRecord, other: CanonicalRecord): boolean {
  return lookupsOf(mapping).every((field) => (one[besideKey(field)] ?? null) === (other[besideKey(field)] ?? null));
}

function lookupsOf({ fields }: ObjectMapping): readonly FieldMapping[] {
  return fields.filter(({ reference }) => reference !== undefined);
}

function besideOf(field: FieldMapping, base: CanonicalRecord): readonly string[] {
  return (base[besideKey(field)] ?? '').split(' ').filter((id) => id !== '');
}

/** Null where the row does not say. */
function holdersOf({ theirs }: FieldMapping, { fields, holders }: LookupValues): readonly string[] | null {
  const value = fields[theirs];
  if (value === undefined) return null;
  return holders?.[theirs] ?? (value === null || value === '' ? [] : [String(value)]);
}
