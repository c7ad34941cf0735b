/** What a portal's administrator makes required of those who write records. Source: HubSpot developer changelog, "CRM API write validation enforcement". */

import { z } from 'zod';
import type { Portal } from '../portal.ts';
import type { StoredRecord } from '../store/record-store.ts';
import { invalidValues } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import type { ObjectDefinition } from './object-type.ts';

export const writeRule = z.strictObject({
  /** Id or name of the object type. */
  objectType: z.string().min(1),
  /** What is required. */
  property: z.string().min(1),
  /** When another property has one of these values; without it, whenever a record is made. */
  when: z.strictObject({ property: z.string().min(1), values: z.array(z.string()).min(1) }).optional(),
});
export type WriteRule = z.infer<typeof writeRule>;

const META_KEY = 'writeRules';

export function writeRules(portal: Portal): readonly WriteRule[] {
  return z.array(writeRule).parse(JSON.parse(portal.db.readMeta(META_KEY) ?? '[]'));
}

export function replaceWriteRules(portal: Portal, rules: readonly WriteRule[]): void {
  portal.db.writeMeta(META_KEY, JSON.stringify(rules));
}

/**
 * What `record`, as a write leaves it, lacks by the rules; null where nothing is missing.
 * A rule with a condition is asked when the write touches the property that it requires or the one that it hangs on.
 *
 * @param written names the properties of the write.
 */
export function ruleBreach(
  portal: Portal,
  definition: ObjectDefinition,
  record: StoredRecord,
  written: readonly string[],
  isNew: boolean,
): ApiError | null {
  const broken = writeRules(portal).filter((rule) => {
    if (portal.catalogue.find(rule.objectType)?.type.id !== definition.type.id) return false;
    if ((record.properties[rule.property] ?? '') !== '') return false;
    if (rule.when === undefined) return isNew;
    const { property, values } = rule.when;
    return values.includes(record.properties[property] ?? '') && (written.includes(property) || written.includes(rule.property));
  });
  if (broken.length === 0) return null;
  return invalidValues(
    broken.map(({ property, when }) => {
      const why = when === undefined ? 'to create the record' : `when "${when.property}" is ${record.properties[when.property] ?? ''}`;
      return { name: property, code: 'MISSING_REQUIRED_PROPERTY', message: `Property "${property}" is required ${why}` };
    }),
    portal.id,
  );
}
