import type { RemoteFieldDefinition, RemoteObjectDefinition } from '../port.ts';
import { asList, asObject, isObject, textOrNull, type JsonObject } from '../answer-shape.ts';

/** What describe says of an object: the port's definition, and what only this adapter needs. */
export interface ObjectDefinition {
  readonly remote: RemoteObjectDefinition;
  /** By field name; the names keep Salesforce's spelling. */
  readonly fields: ReadonlyMap<string, RemoteFieldDefinition>;
  /** The name under which a write reaches the parent of a lookup field, such as `Partner__r` for `Partner__c`. */
  readonly relationships: ReadonlyMap<string, string>;
}

const TYPES: Readonly<Record<string, RemoteFieldDefinition['type']>> = {
  id: 'text',
  string: 'text',
  email: 'text',
  phone: 'text',
  url: 'text',
  encryptedstring: 'text',
  combobox: 'text',
  int: 'number',
  long: 'number',
  double: 'number',
  currency: 'number',
  percent: 'number',
  boolean: 'boolean',
  date: 'date',
  datetime: 'datetime',
  picklist: 'picklist',
  reference: 'reference',
};

/** A textarea of up to this many characters is an ordinary text that can be filtered and tracked; above it is a long one. */
const SHORT_TEXT_LENGTH = 255;

/** Reads an answer of `/sobjects/X/describe`. Inactive picklist values are left out: Salesforce refuses them on write. */
export function readDefinition(answer: unknown): ObjectDefinition {
  const body = asObject(answer, 'describe');
  const described = asList(body['fields'], 'describe');
  const fields = described.map(readField);
  return {
    remote: {
      name: textOrNull(body['name']) ?? '',
      createable: body['createable'] === true,
      updateable: body['updateable'] === true,
      fields,
    },
    fields: new Map(fields.map((field) => [field.name, field])),
    relationships: new Map(
      described.flatMap((field) => {
        const relationship = textOrNull(field['relationshipName']);
        return relationship === null ? [] : [[textOrNull(field['name']) ?? '', relationship] as const];
      }),
    ),
  };
}

function readField(field: JsonObject): RemoteFieldDefinition {
  const type = typeOf(field);
  const length = typeof field['length'] === 'number' && field['length'] > 0 ? field['length'] : null;
  const createable = field['createable'] === true;
  return {
    name: textOrNull(field['name']) ?? '',
    type,
    maxLength: type === 'text' || type === 'long_text' || type === 'picklist' ? length : null,
    createable,
    updateable: field['updateable'] === true,
    required: createable && field['nillable'] === false && field['defaultedOnCreate'] !== true,
    unique: field['unique'] === true || field['type'] === 'id',
    externalId: field['externalId'] === true,
    values: type === 'picklist' ? activeValues(field['picklistValues']) : null,
    restricted: field['restrictedPicklist'] === true,
    referenceTo: Array.isArray(field['referenceTo']) ? field['referenceTo'].filter((name) => typeof name === 'string') : [],
  };
}

function typeOf(field: JsonObject): RemoteFieldDefinition['type'] {
  const name = textOrNull(field['type']) ?? '';
  if (name === 'textarea') return typeof field['length'] === 'number' && field['length'] <= SHORT_TEXT_LENGTH ? 'text' : 'long_text';
  return TYPES[name] ?? 'other';
}

function activeValues(values: unknown): readonly string[] {
  if (!Array.isArray(values)) return [];
  return values.flatMap((value: unknown) => {
    const name = isObject(value) && value['active'] !== false ? textOrNull(value['value']) : null;
    return name === null ? [] : [name];
  });
}
