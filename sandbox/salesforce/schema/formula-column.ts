/** Formula fields as columns: SQLite computes them when they are read, so that queries filter, order and sum by them like by any other. */

import type { SObjectDefinition, SObjectField } from './definition.ts';

/** What SQL calls with the field's name, and the names and values of the columns that it needs. */
export const FORMULA_FUNCTION = '_formula';

/** The expression of the column of `field`, which names every stored column that it needs. */
export function formulaColumn(definition: SObjectDefinition, field: SObjectField): string {
  const pairs = columnsAskedBy(definition, field).map((name) => `'${name}', "${name}"`);
  return `GENERATED ALWAYS AS (${FORMULA_FUNCTION}('${definition.name}.${field.name}', ${pairs.join(', ')})) VIRTUAL`;
}

/** The stored columns of `definition` that the formula of `field` may ask for: those that it names, also through other formulas, and the id. */
function columnsAskedBy(definition: SObjectDefinition, field: SObjectField): readonly string[] {
  const asked = new Set(['Id']);
  const seen = new Set<SObjectField>();
  const look = (each: SObjectField): void => {
    if (seen.has(each)) return;
    seen.add(each);
    // Words within texts may be taken for names: that asks for a column too many.
    const words = new Set((each.formula?.text ?? '').toLowerCase().match(/[a-z_]\w*/g));
    for (const other of definition.fields) {
      const isNamed = words.has(other.name.toLowerCase()) || words.has(other.relationshipName?.toLowerCase() ?? '');
      if (isNamed && other.formula !== undefined) look(other);
      else if (isNamed) asked.add(other.name);
    }
    if (words.has('recordtype') && definition.recordTypes.length > 0) asked.add('RecordTypeId');
  };
  look(field);
  return [...asked];
}
