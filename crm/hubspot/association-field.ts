/** An association as a field of a record: which object it leads to, and by which label. */
export interface AssociationField {
  readonly name: string;
  readonly toObject: string;
  /** As `slugOf` writes it; null for any association with that object. */
  readonly label: string | null;
}

const FORM = /^associations\.([A-Za-z0-9_-]+)(?:\.([a-z0-9_]+))?$/;

/** The association that a field name stands for; null for a property, whose names have no dots. */
export function associationFieldOf(name: string): AssociationField | null {
  const [, toObject, label] = FORM.exec(name) ?? [];
  return toObject === undefined ? null : { name, toObject, label: label ?? null };
}

export function associationFieldName(toObject: string, label: string | null): string {
  return label === null ? `associations.${toObject}` : `associations.${toObject}.${slugOf(label)}`;
}

/** A label as it stands in a field name: `Partner of record` as `partner_of_record`. */
export function slugOf(label: string): string {
  return label
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
}

/** The associations among `fields`, each once, and the properties. */
export function splitFields(fields: readonly string[]): {
  readonly properties: readonly string[];
  readonly associations: readonly AssociationField[];
} {
  const names = [...new Set(fields)];
  return {
    properties: names.filter((name) => associationFieldOf(name) === null),
    associations: names.flatMap((name) => associationFieldOf(name) ?? []),
  };
}
