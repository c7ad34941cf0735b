/** The org's metadata: kept across restarts, and the source of its objects and screens, which change with it at once. */

import { createHash } from 'node:crypto';
import { writeProcessDefinitions } from '../approval/process-definition.ts';
import { buildSchema } from '../schema/catalogue.ts';
import type { Schema } from '../schema/catalogue.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import { shippedObjectsOf } from '../schema/metadata-file.ts';
import { shippedScreensOf } from '../screen/shipped-screen.ts';
import type { ShippedScreens } from '../screen/shipped-screen.ts';
import { prepareTables, quoted } from '../store/database.ts';
import type { RecordStore, StoredRow } from '../store/record-store.ts';
import { withRules } from './attach-rules.ts';
import type { Component, Components } from './component.ts';
import { componentKey, objectNameOf } from './component.ts';
import { keyPrefixOf } from './kind.ts';
import type { XmlElement } from './xml.ts';

/** A component as the org keeps it. Instants are epoch milliseconds; a user is null for what the org began with. */
export interface KeptComponent extends Component {
  readonly id: string;
  readonly createdAtMs: number;
  readonly createdBy: string | null;
  readonly modifiedAtMs: number;
  readonly modifiedBy: string | null;
}

export interface MetadataChange {
  readonly put: readonly Component[];
  readonly remove: readonly Component[];
}

export interface OrgMetadata {
  readonly components: () => ReadonlyMap<string, KeptComponent>;
  readonly screens: () => ShippedScreens;
  /** When the objects last changed. */
  readonly definedAtMs: () => number;
  /** Makes `change`, which must have been checked; what is as it was keeps its stamps. Data of removed objects and fields is gone. */
  readonly apply: (change: MetadataChange, by: string | null) => void;
  /** Makes the objects anew, after something beside the metadata that shapes them has changed. */
  readonly rebuild: () => void;
  /** Back to `shipped` alone; the rows must be gone already. */
  readonly reset: () => void;
}

/** The objects that the org would have with `components`; `keyPrefixes` are those that its own objects were given. */
export function schemaOf(components: Components, keyPrefixes: ReadonlyMap<string, string>, isMultiCurrency: boolean): Schema {
  return withRules(buildSchema(shippedObjectsOf(components.values()), keyPrefixes, isMultiCurrency), components.values());
}

export function sameContent(a: XmlElement, b: XmlElement): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * The metadata kept in `store`, with `shipped` laid over it whenever that is another than the last time. `schema` is filled, and refilled on every change,
 * of which `changed` is told within the transaction.
 */
export function createOrgMetadata(
  store: RecordStore,
  schema: Map<string, SObjectDefinition>,
  shipped: readonly Component[],
  now: () => number,
  isMultiCurrency: () => boolean = () => false,
  changed: (components: Iterable<KeptComponent>) => void = () => undefined,
): OrgMetadata {
  let kept: ReadonlyMap<string, KeptComponent> = new Map();
  let screens: ShippedScreens | null = null;
  let definedAtMs = now();
  const digest = createHash('sha256').update(JSON.stringify(shipped)).digest('hex');

  const load = () => {
    kept = new Map(
      store.select('SELECT * FROM _metadata').map((row) => [componentKey(String(row['type']), String(row['full_name'])), readRow(row)]),
    );
    const fresh = schemaOf(kept, keyPrefixesOf(store, kept), isMultiCurrency());
    prepareTables(store.db, fresh);
    schema.clear();
    for (const [name, definition] of fresh) schema.set(name, definition);
    screens = null;
    definedAtMs = now();
  };
  const write = ({ put, remove }: MetadataChange, by: string | null) =>
    store.transaction(() => {
      for (const component of remove) removeComponent(store, schema, component);
      for (const component of put) putComponent(store, component, by, now());
      load();
      writeProcessDefinitions(
        store,
        [...kept.values()].filter((each) => each.type === 'ApprovalProcess'),
      );
      changed(kept.values());
      return true;
    });
  const layShipped = () => {
    write({ put: shipped, remove: [] }, null);
    store.writeMeta('project', digest);
  };

  load();
  if (store.readMeta('project') !== digest) layShipped();
  return {
    components: () => kept,
    screens: () => (screens ??= shippedScreensOf([...kept.values()], shippedObjectsOf(kept.values()), schema)),
    definedAtMs: () => definedAtMs,
    apply: write,
    rebuild: () => write({ put: [], remove: [] }, null),
    reset: () => {
      store.run('DELETE FROM _metadata');
      layShipped();
    },
  };
}

function readRow(row: StoredRow): KeptComponent {
  return {
    type: String(row['type']),
    fullName: String(row['full_name']),
    content: JSON.parse(String(row['content'])) as XmlElement,
    id: String(row['id']),
    createdAtMs: Number(row['created_at']),
    createdBy: row['created_by'] === null ? null : String(row['created_by']),
    modifiedAtMs: Number(row['modified_at']),
    modifiedBy: row['modified_by'] === null ? null : String(row['modified_by']),
  };
}

function putComponent(store: RecordStore, { type, fullName, content }: Component, by: string | null, nowMs: number): void {
  const text = JSON.stringify(content);
  const [known] = store.select('SELECT content FROM _metadata WHERE type = ? AND full_name = ?', type, fullName);
  if (known?.['content'] === text) return;
  if (known !== undefined) {
    const sets = 'content = ?, modified_at = ?, modified_by = ?';
    return store.run(`UPDATE _metadata SET ${sets} WHERE type = ? AND full_name = ?`, text, nowMs, by, type, fullName);
  }
  const columns = 'type, full_name, id, content, created_at, created_by, modified_at, modified_by';
  const id = store.newId(keyPrefixOf(type));
  store.run(`INSERT INTO _metadata (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, type, fullName, id, text, nowMs, by, nowMs, by);
}

function removeComponent(store: RecordStore, schema: Schema, component: Component): void {
  const { type, fullName } = component;
  store.run('DELETE FROM _metadata WHERE type = ? AND full_name = ?', type, fullName);
  const definition = schema.get(objectNameOf(component).toLowerCase());
  if (definition === undefined || !(type === 'CustomObject' || type === 'CustomField')) return;
  if (type === 'CustomObject') {
    store.run("DELETE FROM _metadata WHERE substr(full_name, 1, ?) = ? || '.'", fullName.length + 1, fullName);
    if (definition.custom) store.run(`DELETE FROM ${quoted(definition.name)}`);
    return;
  }
  const field = definition.fields.find((each) => `${definition.name}.${each.name}` === fullName);
  if (field !== undefined && field.formula === undefined && fullName.endsWith('__c'))
    store.run(`UPDATE ${quoted(definition.name)} SET ${quoted(field.name)} = ${field.type === 'boolean' ? '0' : 'NULL'}`);
}

/** Custom objects are numbered in base 36 after `a`, in the order in which they came, and keep their prefix. */
function keyPrefixesOf(store: RecordStore, components: Components): ReadonlyMap<string, string> {
  const names = [...components.values()]
    .filter((each) => each.type === 'CustomObject' && each.fullName.endsWith('__c'))
    .map((each) => each.fullName);
  return new Map(
    names.toSorted().map((name) => {
      const known = store.readMeta(`keyPrefix.${name}`);
      if (known !== null) return [name, known];
      const prefix = `a${(store.nextSerial('keyPrefix') - 1).toString(36).toUpperCase().padStart(2, '0')}`;
      store.writeMeta(`keyPrefix.${name}`, prefix);
      return [name, prefix];
    }),
  );
}
