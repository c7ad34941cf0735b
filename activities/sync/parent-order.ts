import type { ObjectMapping } from '../../mappings/field-mapping.ts';
import type { LocalRecord } from './two-way-record.ts';

/**
 * Tells records by the other records that they hang on, which the CRM locks when they are written. Users are not among them: nobody waits for a user's lock.
 * https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/asynch_api_planning_guidelines.htm
 */
export function parentKey(mapping: ObjectMapping, { values }: LocalRecord): string {
  const lookups = mapping.fields.filter(({ reference }) => reference !== undefined && reference !== 'user');
  return lookups.map(({ ours }) => values[ours] ?? '').join(' ');
}

/** The records with those that hang on the same others beside each other, so that two batches rarely want the same lock; otherwise in the order in which they came. */
export function inParentOrder<Planned extends { readonly local: LocalRecord }>(
  mapping: ObjectMapping,
  records: readonly Planned[],
): readonly Planned[] {
  const keyed = records.map((record) => ({ record, key: parentKey(mapping, record.local) }));
  return keyed.toSorted((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0)).map(({ record }) => record);
}
