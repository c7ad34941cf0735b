/** Records with their children in one call, all or none. Source: REST API Developer Guide, "sObject Tree". */

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Org } from '../org.ts';
import { findObject } from '../schema/catalogue.ts';
import type { Schema } from '../schema/catalogue.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import type { ApiError } from '../wire/api-error.ts';
import { isRecordBody } from '../write/record-body.ts';
import type { RecordBody } from '../write/record-body.ts';
import { createRecord } from '../write/save-record.ts';
import { errorsOf } from '../write/save-outcome.ts';
import type { SaveOutcome } from '../write/save-outcome.ts';
import { lockFault, momentOf, objectOf, refuse, schemaFor, unknownResource } from './exchange.ts';
import { readRecordOf } from './json-body.ts';

const MOST_RECORDS = 200;
const MOST_LEVELS = 5;
const MOST_TYPES = 5;

interface TreeRecord {
  readonly referenceId: string;
  readonly definition: SObjectDefinition;
  /** Without the children. */
  readonly body: RecordBody;
  /** Null for a record of the first level. */
  readonly parent: { readonly record: TreeRecord; readonly fieldName: string } | null;
  /** The children that came with it, by relationship. */
  readonly children: Readonly<Record<string, unknown>>;
}

interface TreeFailure {
  readonly referenceId: string;
  readonly errors: readonly ApiError[];
}

export function registerTreeRoutes(data: FastifyInstance, org: Org): void {
  data.post('/composite/tree/:object', async (request, reply) => {
    const definition = objectOf(org, request);
    if (definition === null) return unknownResource(reply);
    const body = readRecordOf(request.body);
    if (body.kind === 'refused') return refuse(reply, body.error);
    const planned = planTree(schemaFor(org, request), definition, body.record);
    const done = planned.kind === 'failed' ? planned : plant(org, request, planned.levels);
    if (done.kind === 'planted') return reply.code(201).send({ hasErrors: false, results: done.results });
    const results = done.failures.map(({ referenceId, errors }) => ({
      referenceId,
      errors: errors.map(({ errorCode, message, fields = [] }) => ({ statusCode: errorCode, message, fields })),
    }));
    return reply.code(400).send({ hasErrors: true, results });
  });
}

type Plan =
  | { readonly kind: 'planned'; readonly levels: readonly (readonly TreeRecord[])[] }
  | { readonly kind: 'failed'; readonly failures: readonly TreeFailure[] };

/** The records level by level, as they are created. */
function planTree(schema: Schema, root: SObjectDefinition, body: RecordBody): Plan {
  const levels: (readonly TreeRecord[])[] = [];
  const failures: TreeFailure[] = [];
  let level = readRecords(body['records'], root, null, failures);
  while (level.length > 0 && failures.length === 0) {
    levels.push(level);
    level = level.flatMap((record) => readChildren(schema, record, failures));
  }
  const records = levels.flat();
  if (failures.length === 0) failures.push(...problemsOf(records, levels.length));
  return failures.length > 0 ? { kind: 'failed', failures } : { kind: 'planned', levels };
}

function readChildren(schema: Schema, record: TreeRecord, failures: TreeFailure[]): readonly TreeRecord[] {
  return record.definition.childRelationships.flatMap(({ relationshipName, childSObject, field }) => {
    const [, value] = Object.entries(record.children).find(([name]) => name.toLowerCase() === relationshipName.toLowerCase()) ?? [];
    const definition = findObject(schema, childSObject);
    if (!isRecordBody(value) || definition === null) return [];
    return readRecords(value['records'], definition, { record, fieldName: field }, failures);
  });
}

function readRecords(
  records: unknown,
  definition: SObjectDefinition,
  parent: TreeRecord['parent'],
  failures: TreeFailure[],
): readonly TreeRecord[] {
  const list: readonly unknown[] = Array.isArray(records) ? records : [];
  if (list.length === 0) failures.push(failure(parent?.record.referenceId ?? '', 'The records must hold at least one record'));
  return list.flatMap((each) => {
    const attributes = isRecordBody(each) ? each['attributes'] : undefined;
    const { type, referenceId } = isRecordBody(attributes) ? attributes : {};
    if (!isRecordBody(each) || typeof type !== 'string' || typeof referenceId !== 'string' || referenceId === '') {
      failures.push(
        failure(typeof referenceId === 'string' ? referenceId : '', 'Each record must have attributes with a type and a referenceId'),
      );
      return [];
    }
    if (type.toLowerCase() !== definition.name.toLowerCase()) {
      failures.push(failure(referenceId, `The record is of type ${type}; ${definition.name} belongs here`));
      return [];
    }
    const names = new Set(definition.childRelationships.map((relationship) => relationship.relationshipName.toLowerCase()));
    const isChildren = ([name]: readonly [string, unknown]) => names.has(name.toLowerCase());
    const entries = Object.entries(each);
    const children = Object.fromEntries(entries.filter(isChildren));
    const body = Object.fromEntries(entries.filter((entry) => !isChildren(entry)));
    return [{ referenceId, definition, body, parent, children }];
  });
}

function problemsOf(records: readonly TreeRecord[], levels: number): readonly TreeFailure[] {
  const first = records[0]?.referenceId ?? '';
  const types = new Set(records.map((record) => record.definition.name)).size;
  if (records.length > MOST_RECORDS) return [failure(first, `The tree has ${records.length} records; ${MOST_RECORDS} are allowed`)];
  if (levels > MOST_LEVELS) return [failure(first, `The tree has ${levels} levels; ${MOST_LEVELS} are allowed`)];
  if (types > MOST_TYPES) return [failure(first, `The tree has records of ${types} types; ${MOST_TYPES} are allowed`)];
  const seen = new Set<string>();
  return records.flatMap(({ referenceId }) => {
    if (seen.has(referenceId)) return [failure(referenceId, `The referenceId '${referenceId}' is given twice`)];
    seen.add(referenceId);
    return [];
  });
}

type Planting =
  | { readonly kind: 'planted'; readonly results: readonly { readonly referenceId: string; readonly id: string }[] }
  | { readonly kind: 'failed'; readonly failures: readonly TreeFailure[] };

/** Creates the records in one transaction. Of a level in which some fail all failures are told, and those below are not tried. */
function plant(org: Org, request: FastifyRequest, levels: readonly (readonly TreeRecord[])[]): Planting {
  const moment = momentOf(org, request);
  const ids = new Map<TreeRecord, string>();
  const failures: TreeFailure[] = [];
  org.store.transaction(() => {
    let index = 0;
    for (const level of levels) {
      if (failures.length > 0) break;
      for (const record of level) {
        org.store.savepoint(() => {
          const { parent } = record;
          const lookup = parent === null ? {} : { [parent.fieldName]: ids.get(parent.record) };
          const outcome: SaveOutcome =
            lockFault(request, index, null) ?? createRecord(org.store, record.definition, { ...record.body, ...lookup }, moment);
          if (outcome.kind === 'saved') ids.set(record, outcome.id);
          else failures.push({ referenceId: record.referenceId, errors: errorsOf(outcome) });
          return outcome.kind === 'saved';
        });
        index += 1;
      }
    }
    return failures.length === 0;
  });
  if (failures.length > 0) return { kind: 'failed', failures };
  return { kind: 'planted', results: [...ids].map(([record, id]) => ({ referenceId: record.referenceId, id })) };
}

function failure(referenceId: string, message: string): TreeFailure {
  return { referenceId, errors: [{ status: 400, errorCode: 'INVALID_INPUT', message }] };
}
