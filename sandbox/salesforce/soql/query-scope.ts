import type { SObjectDefinition, SObjectField } from '../schema/definition.ts';
import { unknownColumn, unknownObject, unknownParent, SoqlRefusal, type Clause } from './refusal.ts';
import type { SourceText } from './source-text.ts';

/** What every part of one query's compilation needs. */
export interface QueryContext {
  readonly source: SourceText;
  /** Objects by lower-case name. */
  readonly schema: ReadonlyMap<string, SObjectDefinition>;
  /** Milliseconds since 1970, for date literals. */
  readonly now: number;
  readonly userId: string;
  readonly includeDeleted: boolean;
  /** A table alias that no other part of the query has. */
  readonly nextAlias: () => string;
}

interface Target {
  readonly definition: SObjectDefinition;
  readonly alias: string;
}

/** A row that the query reaches: the queried one or a parent. Several targets stand for a lookup that may lead to several objects. */
export interface Entity {
  readonly targets: readonly Target[];
  /** Reached by a lookup that may lead to several objects: Salesforce calls such a row "Name" and gives it a Type. */
  readonly polymorphic: boolean;
  readonly parents: Map<string, Entity>;
}

/** The tables of one query or subquery; joins are added while names are resolved. */
export interface QueryScope {
  readonly context: QueryContext;
  readonly definition: SObjectDefinition;
  readonly alias: string;
  readonly root: Entity;
  readonly joins: string[];
  readonly soqlAlias: string | null;
}

export interface Column {
  readonly sql: string;
  readonly field: SObjectField;
  readonly entity: Entity;
  /** Relationship names from the queried row to the column's row, in the schema's spelling. */
  readonly parents: readonly string[];
}

const MAX_PARENT_LEVELS = 5;

/** The scope of a query over `sObject` (any case), or an INVALID_TYPE refusal. */
export function openScope(context: QueryContext, sObject: string, soqlAlias: string | null): QueryScope {
  const definition = context.schema.get(sObject.toLowerCase());
  if (definition === undefined) throw unknownObject(context.source, sObject);
  return scopeOf(context, definition, soqlAlias);
}

/** The scope of a query over a known object. */
export function scopeOf(context: QueryContext, definition: SObjectDefinition, soqlAlias: string | null): QueryScope {
  const alias = context.nextAlias();
  return {
    context,
    definition,
    alias,
    root: { targets: [{ definition, alias }], polymorphic: false, parents: new Map() },
    joins: [],
    soqlAlias,
  };
}

/** The column that a dotted path in any case means, joining parents as needed; refused with INVALID_FIELD where there is none. */
export function resolveColumn(scope: QueryScope, path: string, clause: Clause): Column {
  const steps = withoutPrefix(scope, path.split('.'));
  if (steps.length - 1 > MAX_PARENT_LEVELS) throw new SoqlRefusal('MALFORMED_QUERY', `maximum relationship depth exceeded: ${path}`);
  let entity = scope.root;
  const parents: string[] = [];
  for (const step of steps.slice(0, -1)) {
    const reached = joinParent(scope, entity, step);
    if (reached === null) throw unknownParent(scope.context.source, path, step, clause);
    entity = reached.entity;
    parents.push(reached.relationshipName);
  }
  const name = steps.at(-1) ?? path;
  const column = columnOf(entity, name);
  if (column === null) throw unknownColumn(scope.context.source, path, name, entityName(entity), clause);
  return { ...column, entity, parents };
}

/** The column of an entity by its name, without joining; null where no target has it. */
export function columnOf(entity: Entity, name: string): { readonly sql: string; readonly field: SObjectField } | null {
  // Of a lookup to several objects it is the object, also where those have a field of that name.
  if (entity.polymorphic && name.toLowerCase() === 'type') {
    const named = columnOf(entity, 'Name');
    return named && { sql: typeSqlOf(entity), field: { ...named.field, name: 'Type' } };
  }
  const found = entity.targets.flatMap(({ definition, alias }) => {
    const field = findField(definition, name);
    return field === null ? [] : [{ sql: `${alias}."${field.name}"`, field }];
  });
  const [first] = found;
  if (first === undefined || found.length === 1) return first ?? null;
  const collation = first.field.type === 'id' || first.field.type === 'reference' ? '' : ' COLLATE NOCASE';
  return { sql: `COALESCE(${found.map((each) => each.sql).join(', ')})${collation}`, field: first.field };
}

/** SQL for the name of the object that an entity's row belongs to. */
export function typeSqlOf(entity: Entity): string {
  return `CASE ${entity.targets.map(({ definition, alias }) => `WHEN ${alias}."Id" IS NOT NULL THEN '${definition.name}'`).join(' ')} END`;
}

/** FROM clause with all joins that the names resolved so far have asked for. */
export function fromSql(scope: QueryScope): string {
  return [`FROM "${scope.definition.name}" AS ${scope.alias}`, ...scope.joins].join(' ');
}

/** The condition that hides rows in the recycle bin, or null where they are wanted or the object has no bin. */
export function liveRowsSql(scope: QueryScope): string | null {
  if (scope.context.includeDeleted || findField(scope.definition, 'IsDeleted') === null) return null;
  return `${scope.alias}."IsDeleted" = 0`;
}

function findField(definition: SObjectDefinition, name: string): SObjectField | null {
  const wanted = name.toLowerCase();
  return definition.fields.find((field) => field.name.toLowerCase() === wanted) ?? null;
}

function withoutPrefix(scope: QueryScope, steps: readonly string[]): readonly string[] {
  const first = steps[0]?.toLowerCase();
  if (steps.length < 2 || first === undefined) return steps;
  if (first === scope.soqlAlias?.toLowerCase()) return steps.slice(1);
  const isParent = scope.definition.fields.some((field) => field.relationshipName?.toLowerCase() === first);
  return !isParent && first === scope.definition.name.toLowerCase() ? steps.slice(1) : steps;
}

function joinParent(scope: QueryScope, entity: Entity, step: string): { entity: Entity; relationshipName: string } | null {
  const wanted = step.toLowerCase();
  for (const { definition, alias } of entity.targets) {
    const field = definition.fields.find((each) => each.relationshipName?.toLowerCase() === wanted);
    if (field === undefined || field.relationshipName === null) continue;
    const known = entity.parents.get(wanted);
    if (known !== undefined) return { entity: known, relationshipName: field.relationshipName };
    const definitions = field.referenceTo.flatMap((name) => scope.context.schema.get(name.toLowerCase()) ?? []);
    if (definitions.length === 0) return null;
    const targets = definitions.map((each) => ({ definition: each, alias: scope.context.nextAlias() }));
    for (const target of targets) {
      scope.joins.push(`LEFT JOIN "${target.definition.name}" AS ${target.alias} ON ${target.alias}."Id" = ${alias}."${field.name}"`);
    }
    const parent: Entity = { targets, polymorphic: field.referenceTo.length > 1, parents: new Map() };
    entity.parents.set(wanted, parent);
    return { entity: parent, relationshipName: field.relationshipName };
  }
  return null;
}

function entityName(entity: Entity): string {
  return entity.polymorphic ? 'Name' : (entity.targets[0]?.definition.name ?? 'Name');
}
