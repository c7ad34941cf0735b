import { systemFields } from './field.ts';
import type { FieldSource, ObjectSource } from './field.ts';

interface SetupOptions {
  /** The object's name in words, where that is not what is wanted. */
  readonly label?: string;
  /** The label with an s. */
  readonly labelPlural?: string;
  /** Stands before the stamps. */
  readonly nameField?: FieldSource;
  readonly writable?: boolean;
  readonly deletable?: boolean;
}

/** An object of the org's set-up: nothing of it goes to the recycle bin, nobody owns it, and no history of it is kept. Rows are read, and only read unless the options say otherwise. */
export function setupObject(name: string, keyPrefix: string, fields: readonly FieldSource[], options: SetupOptions = {}): ObjectSource {
  const { label = name.replace(/([a-z])([A-Z])/g, '$1 $2'), labelPlural = `${label}s`, nameField = null } = options;
  const system = systemFields(nameField, false).filter((source) => source.field.name !== 'IsDeleted');
  return {
    name,
    label,
    labelPlural,
    keyPrefix,
    custom: false,
    writable: options.writable ?? false,
    deletable: options.deletable ?? false,
    historyParentField: null,
    fields: [...system, ...fields],
  };
}
