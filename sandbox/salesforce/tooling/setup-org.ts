/** The org's set-up as tables of its own, made anew for each call, since it is asked for seldom and changes with every deployment. */

import { DatabaseSync } from 'node:sqlite';
import type { Org } from '../org.ts';
import { define } from '../schema/catalogue.ts';
import type { Schema } from '../schema/catalogue.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import type { ObjectSource } from '../schema/field.ts';
import { prepareTables, quoted } from '../store/database.ts';
import { createRecordStore } from '../store/record-store.ts';
import type { RecordStore, StoredRow } from '../store/record-store.ts';
import {
  COMPONENT_OBJECTS,
  CUSTOM_FIELD,
  CUSTOM_OBJECT,
  ENTITY_DEFINITION,
  FIELD_DEFINITION,
  VALIDATION_RULE,
} from './definition-object.ts';
import { EMPTY_OBJECTS } from './empty-object.ts';
import { componentRow, entityRow, fieldRow } from './setup-row.ts';

/** Records that the tooling API shows as the data API does. */
const SHARED = ['User', 'Organization'];

/** By the type of the Metadata API. */
const OF_COMPONENTS: Readonly<Record<string, ObjectSource>> = {
  CustomObject: CUSTOM_OBJECT,
  CustomField: CUSTOM_FIELD,
  ValidationRule: VALIDATION_RULE,
  ...COMPONENT_OBJECTS,
};
const SOURCES: readonly ObjectSource[] = [ENTITY_DEFINITION, FIELD_DEFINITION, ...Object.values(OF_COMPONENTS), ...EMPTY_OBJECTS];

/** The objects of the Tooling API, keyed as the org's own. */
export function setupSchema(org: Org): Schema {
  const own = SOURCES.map((source) => define(source, SOURCES));
  const shared = SHARED.flatMap((name) => org.schema.get(name.toLowerCase()) ?? []);
  return new Map([...own, ...shared].map((definition) => [definition.name.toLowerCase(), definition]));
}

/** Runs `work` on the org's set-up as it is now. */
export function withSetup<Result>(org: Org, work: (setup: RecordStore) => Result): Result {
  const schema = setupSchema(org);
  const db = new DatabaseSync(':memory:');
  try {
    prepareTables(db, schema);
    const setup = createRecordStore(db, schema, 0);
    setup.transaction(() => {
      fill(org, setup);
      return true;
    });
    return work(setup);
  } finally {
    db.close();
  }
}

function fill(org: Org, setup: RecordStore): void {
  const insert = (name: string, row: StoredRow) => {
    const definition = setup.schema.get(name.toLowerCase());
    if (definition !== undefined) setup.insert(definition, columnsOf(definition, row));
  };
  for (const name of SHARED) for (const row of org.store.select(`SELECT * FROM ${quoted(name)}`)) insert(name, row);
  const owner = org.sessions.findUser('integration')?.userId ?? '';
  for (const definition of org.schema.values()) {
    insert('EntityDefinition', entityRow(org, definition));
    for (const field of definition.fields) insert('FieldDefinition', fieldRow(org, definition, field));
  }
  for (const component of org.metadata.components().values()) {
    const isCustom = component.fullName.endsWith('__c');
    const source = OF_COMPONENTS[component.type];
    if (source === undefined || ((source === CUSTOM_OBJECT || source === CUSTOM_FIELD) && !isCustom)) continue;
    insert(source.name, componentRow(component, owner));
  }
}

/** What of `row` the object has. */
function columnsOf(definition: SObjectDefinition, row: StoredRow): StoredRow {
  return Object.fromEntries(definition.fields.flatMap((field) => (field.name in row ? [[field.name, row[field.name] ?? null]] : [])));
}
