import type { Program } from '../program/definition/program.ts';
import type { ObjectMapping } from './field-mapping.ts';

/** The mapping with the values that the program declares where it is the program that declares them, so that a CRM's picklist is known to take them all. */
export function withDeclaredValues(mapping: ObjectMapping, { types, tracks }: Pick<Program, 'types' | 'tracks'>): ObjectMapping {
  if (mapping.objectType !== 'partner') return mapping;
  const declared = new Map([
    ['type', types.map(({ id }) => id)],
    ['track', tracks.map(({ id }) => id)],
    ['tier', tracks.flatMap(({ tiers }) => tiers.map(({ id }) => id))],
  ]);
  return { ...mapping, fields: mapping.fields.map((field) => ({ ...field, values: declared.get(field.ours) ?? field.values })) };
}
