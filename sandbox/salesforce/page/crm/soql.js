/** Text as a SOQL literal. */
export function literal(text) {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

/** Text as a LIKE pattern between `before` and `after`, in which it means itself. */
export function likeLiteral(text, before = '%', after = '%') {
  return `'${before}${text.replace(/[\\'%_]/g, '\\$&')}${after}'`;
}

/** An instant of the org as SOQL writes it. */
export function instantLiteral(epochMs) {
  return new Date(epochMs).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** What SOQL selects to show a field: the field, and for a lookup the name behind it. */
export function selectedPaths(field) {
  const named = field.type === 'reference' && field.relationshipName !== null && !field.referenceTo.includes('Task');
  return named ? [field.name, `${field.relationshipName}.Name`] : [field.name];
}

/** WHERE with all conditions that are there; empty where none is. */
export function whereAll(conditions) {
  const there = conditions.filter(Boolean);
  return there.length === 0 ? '' : ` WHERE ${there.map((each) => `(${each})`).join(' AND ')}`;
}
