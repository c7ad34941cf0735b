import { asList, asObject, isObject, textOrNull, type JsonObject } from '../answer-shape.ts';
import { CrmFailure } from '../failures.ts';
import type { RemoteFieldDefinition, RemoteValue } from '../port.ts';

/** What HubSpot says of an object's properties, as far as values need it. */
export interface ObjectProperties {
  readonly object: string;
  readonly fields: ReadonlyMap<string, RemoteFieldDefinition>;
  /** The property by which changes are found. */
  readonly modified: string;
}

const TYPES: Readonly<Record<string, RemoteFieldDefinition['type']>> = {
  number: 'number',
  bool: 'boolean',
  date: 'date',
  datetime: 'datetime',
  phone_number: 'text',
};
const LONG_FIELD_TYPES: ReadonlySet<string> = new Set(['textarea', 'html']);
/** https://knowledge.hubspot.com/properties/property-field-types-in-hubspot */
const MOST_CHARS = 65_536;
const OWNER_PROPERTY = 'hubspot_owner_id';
export const OWNERS = 'owners';

/** Objects by their names in paths, their ids and their singulars, as far as something differs for them. */
const CONTACTS = /^(contacts?|0-1)$/i;
export const DEALS = /^(deals?|0-3)$/i;
const DAYS: readonly (readonly [object: RegExp, property: string])[] = [
  [/^(tasks?|0-27)$/i, 'hs_timestamp'],
  [DEALS, 'closedate'],
];
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;

/** Reads an answer of the properties API. */
export function readProperties(object: string, answer: unknown): ObjectProperties {
  const fields = asList(asObject(answer, 'properties')['results'], 'properties').map((property) => readField(object, property));
  return { object, fields: new Map(fields.map((field) => [field.name, field])), modified: modifiedPropertyOf(object) };
}

/** Lets the name of an object through, and nothing that could be more than a name. */
export function checkName(name: string): string {
  if (!NAME.test(name)) throw new CrmFailure('CRM_FIELD_UNKNOWN', `"${name.slice(0, 100)}" is not the name of an object`);
  return name;
}

/** Contacts have another name for it than every other object. */
function modifiedPropertyOf(object: string): string {
  return CONTACTS.test(object) ? 'lastmodifieddate' : 'hs_lastmodifieddate';
}

/**
 * Whether HubSpot keeps an instant where people see a day: a task's due date, a deal's close date. It is shown as the day in UTC, and written as noon of that day,
 * which is the same day from UTC-12 to UTC+11.
 */
export function isDay(object: string, property: string): boolean {
  return DAYS.some(([pattern, name]) => name === property && pattern.test(object));
}

/** A value off the wire, where everything is a text or null, in the form of its type. Empty texts are empty fields. */
export function readValue({ object, fields }: ObjectProperties, property: string, wire: unknown): RemoteValue {
  const text = textOrNull(wire);
  if (text === null || text === '') return null;
  if (isDay(object, property)) return instantOf(text)?.slice(0, 10) ?? text;
  switch (fields.get(property)?.type) {
    case 'number': {
      const number = Number(text);
      return Number.isFinite(number) ? number : text;
    }
    case 'boolean':
      return text === 'true';
    case 'datetime':
      return instantOf(text) ?? text;
    case 'text':
    case 'long_text':
    case 'date':
    case 'picklist':
    case 'reference':
    case 'other':
    case undefined:
      return text;
  }
}

/** A value as HubSpot takes it; an empty text clears. */
export function writeValue(object: string, property: string, value: RemoteValue): string {
  if (value === null) return '';
  const isPlainDay = isDay(object, property) && typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value);
  return isPlainDay ? `${value}T12:00:00.000Z` : String(value);
}

/** HubSpot writes instants with or without milliseconds, and in some properties as epoch milliseconds. */
export function instantOf(value: unknown): string | null {
  const text = textOrNull(value);
  if (text === null) return null;
  const ms = /^-?\d{1,15}$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

function readField(object: string, property: JsonObject): RemoteFieldDefinition {
  const name = textOrNull(property['name']) ?? '';
  const type = typeOf(object, name, property);
  const metadata = isObject(property['modificationMetadata']) ? property['modificationMetadata'] : {};
  const isWritable = metadata['readOnlyValue'] !== true && property['calculated'] !== true;
  const hasOwnOptions = type === 'picklist' && property['externalOptions'] !== true;
  return {
    name,
    type,
    maxLength: type === 'text' || type === 'long_text' ? MOST_CHARS : null,
    createable: isWritable,
    updateable: isWritable,
    // Which properties a new record needs is said by the schema.
    required: false,
    unique: property['hasUniqueValue'] === true,
    externalId: property['hasUniqueValue'] === true,
    values: hasOwnOptions ? optionsOf(property['options']) : null,
    restricted: hasOwnOptions,
    referenceTo: type === 'reference' ? [OWNERS] : [],
  };
}

function typeOf(object: string, name: string, property: JsonObject): RemoteFieldDefinition['type'] {
  if (isDay(object, name)) return 'date';
  const type = textOrNull(property['type']) ?? '';
  const fieldType = textOrNull(property['fieldType']) ?? '';
  if (type === 'string') return LONG_FIELD_TYPES.has(fieldType) ? 'long_text' : 'text';
  if (type !== 'enumeration') return TYPES[type] ?? 'other';
  if (property['referencedObjectType'] === 'OWNER' || name === OWNER_PROPERTY) return 'reference';
  return fieldType === 'checkbox' ? 'other' : 'picklist';
}

function optionsOf(options: unknown): readonly string[] {
  if (!Array.isArray(options)) return [];
  return options.flatMap((option: unknown) => {
    const value = isObject(option) ? textOrNull(option['value']) : null;
    return value === null ? [] : [value];
  });
}
