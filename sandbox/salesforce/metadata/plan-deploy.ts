/** Works out what a deployment would do, component by component, before anything is changed. */

import { componentKey, objectNameOf } from './component.ts';
import type { Component } from './component.ts';
import { problemsOfObject } from './check-object.ts';
import { problemsOfReferences } from './check-reference.ts';
import type { DeployMessage } from './deploy-message.ts';
import { problemMessage } from './deploy-message.ts';
import { sameContent, schemaOf } from './org-metadata.ts';
import type { KeptComponent, MetadataChange } from './org-metadata.ts';
import type { PackagedComponent, PackageReading } from './zip-package.ts';
import type { Schema } from '../schema/catalogue.ts';
import { textIn } from './xml.ts';

export interface DeployPlan {
  readonly failures: readonly DeployMessage[];
  readonly successes: readonly DeployMessage[];
  /** What is to be changed when nothing failed, or when a part may be deployed. */
  readonly change: MetadataChange;
}

export interface PresentOrg {
  readonly schema: Schema;
  readonly components: ReadonlyMap<string, KeptComponent>;
  /** True where a field holds a value in some record. */
  readonly holdsData: (object: string, field: string) => boolean;
}

interface CheckedPart {
  readonly component: PackagedComponent;
  readonly failures: readonly DeployMessage[];
}

/** The plan for `reading` in `org`. Components that fail are left out of the change; those that need them fail too. */
export function planDeploy(reading: PackageReading, org: PresentOrg): DeployPlan {
  const removals = reading.removals.map((each) => ({ each, kept: org.components.get(componentKey(each.type, each.fullName)) ?? null }));
  const removed = new Set(removals.map(({ each }) => componentKey(each.type, each.fullName)));
  const failures: DeployMessage[] = [...reading.problems];
  let parts = reading.components;
  for (;;) {
    const checked = checkParts(parts, org, removed);
    const failing = checked.filter((each) => each.failures.length > 0);
    failures.push(...failing.flatMap((each) => each.failures));
    if (failing.length === 0) break;
    parts = checked.filter((each) => each.failures.length === 0).map((each) => each.component);
  }
  return {
    failures,
    successes: [...parts.map((each) => successOf(each, org)), ...removals.map(({ each, kept }) => removalMessage(each, kept))],
    change: {
      put: parts.map(({ type, fullName, content }) => ({ type, fullName, content })),
      remove: removals.flatMap(({ kept }) => kept ?? []),
    },
  };
}

function checkParts(parts: readonly PackagedComponent[], org: PresentOrg, removed: ReadonlySet<string>): readonly CheckedPart[] {
  const planned = new Map<string, Component>([...org.components].filter(([key]) => !removed.has(key)));
  const objectNames = new Set(
    [...planned.values(), ...parts].filter((each) => each.type === 'CustomObject').map((each) => each.fullName.toLowerCase()),
  );
  const shaped = parts.map((component): CheckedPart => {
    const problems = [...objectProblems(component, org, objectNames), ...changeProblems(component, org)];
    return { component, failures: problems.map((problem) => problemMessage(placeOfComponent(component), problem)) };
  });
  if (shaped.some((each) => each.failures.length > 0)) return shaped;
  for (const part of parts) planned.set(componentKey(part.type, part.fullName), part);
  const schema = schemaOf(planned, new Map(), org.schema.has('currencytype'));
  return parts.map((component) => {
    const problems = problemsOfReferences({ schema, components: planned }, component);
    return { component, failures: problems.map(({ problem }) => problemMessage(placeOfComponent(component), problem)) };
  });
}

const OBJECT_TYPES = new Set(['CustomObject', 'CustomField', 'CompactLayout', 'FieldSet', 'ListView', 'RecordType', 'ValidationRule']);

function objectProblems(component: Component, org: PresentOrg, objectNames: ReadonlySet<string>): readonly string[] {
  return OBJECT_TYPES.has(component.type) ? problemsOfObject(component, org.schema, objectNames) : [];
}

/** A field with data keeps its type. */
function changeProblems(component: Component, org: PresentOrg): readonly string[] {
  const before = org.components.get(componentKey(component.type, component.fullName));
  if (component.type !== 'CustomField' || before === undefined) return [];
  if ((textIn(before.content, 'formula') === null) !== (textIn(component.content, 'formula') === null))
    return [`Cannot update a field to a Formula from something else, or back: ${component.fullName}`];
  if (before.content['type'] === component.content['type']) return [];
  const [object, field] = [objectNameOf(component), component.fullName.split('.')[1] ?? ''];
  const [from, to] = [textIn(before.content, 'type') ?? '', textIn(component.content, 'type') ?? ''];
  return org.holdsData(object, field) ? [`Cannot change the type of ${component.fullName} from ${from} to ${to} due to existing data`] : [];
}

function placeOfComponent({ type, fullName, fileName, line, column }: PackagedComponent) {
  return { componentType: type, fullName, fileName, line, column };
}

function successOf(part: PackagedComponent, org: PresentOrg): DeployMessage {
  const kept = org.components.get(componentKey(part.type, part.fullName));
  const change = kept === undefined ? 'created' : sameContent(kept.content, part.content) ? 'none' : 'changed';
  return { ...placeOfComponent(part), line: null, column: null, problem: null, problemType: null, change, id: kept?.id ?? null };
}

/** What is to be removed and is not there is a warning, as in Salesforce. */
function removalMessage(removal: PackageReading['removals'][number], kept: KeptComponent | null): DeployMessage {
  const place = { componentType: removal.type, fullName: removal.fullName, fileName: removal.fileName, line: null, column: null };
  if (kept !== null) return { ...place, problem: null, problemType: null, change: 'deleted', id: kept.id };
  const problem = `No ${removal.type} named: ${removal.fullName} found`;
  return { ...place, problem, problemType: 'Warning', change: 'none', id: null };
}
