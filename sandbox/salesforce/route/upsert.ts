/** One record by an external id. Source: REST API Developer Guide, "sObject Rows by External ID". */

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Org } from '../org.ts';
import type { SObjectDefinition, SObjectField } from '../schema/definition.ts';
import type { StoredRow } from '../store/record-store.ts';
import { ID_IN_BODY, RESOURCE_UNKNOWN } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { recordUrl } from '../wire/record.ts';
import { deleteRecord } from '../write/remove-record.ts';
import { createRecord, updateRecord } from '../write/save-record.ts';
import { matchExternalId } from '../write/upsert-record.ts';
import { lockFault, momentOf, objectOf, paramsOf, queryParam, refuse, refuseWrite, unknownResource } from './exchange.ts';
import { readRecordOf } from './json-body.ts';
import { answerRelationship, isRelationshipPath } from './relationship.ts';
import { hasChanged, sendRow, write } from './row.ts';

/** Below this version a matched upsert is answered 204 without a body. */
const FIRST_VERSION_WITH_CREATED = 46;

export function registerUpsertRoutes(data: FastifyInstance, org: Org): void {
  const path = '/sobjects/:object/:field/:value';
  const matched = (definition: SObjectDefinition, request: FastifyRequest) =>
    matchExternalId(org.store, definition, paramsOf(request).field ?? '', paramsOf(request).value ?? '');
  const urls = (definition: SObjectDefinition, request: FastifyRequest, rows: readonly StoredRow[]) =>
    rows.map((row) => recordUrl(paramsOf(request).version, definition.name, String(row['Id'])));

  data.get(path, async (request, reply) => {
    const definition = objectOf(org, request);
    if (definition === null) return unknownResource(reply);
    if (isRelationshipPath(request)) return answerRelationship(org, request, reply);
    const match = matched(definition, request);
    if (match.kind === 'refused') return refuse(reply, match.error);
    const [only] = match.rows;
    if (only === undefined) return refuse(reply, RESOURCE_UNKNOWN);
    return match.rows.length > 1 ? reply.code(300).send(urls(definition, request, match.rows)) : sendRow(definition, only, request, reply);
  });

  data.patch(path, async (request, reply) => {
    const definition = objectOf(org, request);
    if (definition === null) return unknownResource(reply);
    if (isRelationshipPath(request)) return answerRelationship(org, request, reply);
    const body = readRecordOf(request.body);
    if (body.kind === 'refused') return refuse(reply, body.error);
    const { record } = body;
    if (Object.keys(record).some((key) => key.toLowerCase() === 'id')) return refuse(reply, ID_IN_BODY);
    const match = matched(definition, request);
    if (match.kind === 'refused') return refuse(reply, match.error);
    if (match.rows.length > 1) return reply.code(300).send(urls(definition, request, match.rows));
    const { field } = match;
    if (Object.keys(record).some((key) => key.toLowerCase() === field.name.toLowerCase())) return refuse(reply, fieldInBody(field));
    const [only] = match.rows;
    const moment = momentOf(org, request);
    if (only !== undefined) {
      const id = String(only['Id']);
      if (hasChanged(definition, only, request)) return reply.code(412).send();
      const outcome = write(org, () => lockFault(request, 0, id) ?? updateRecord(org.store, definition, id, record, moment));
      if (outcome.kind === 'refused') return refuseWrite(reply, outcome);
      return versionNumber(request) < FIRST_VERSION_WITH_CREATED
        ? reply.code(204).send()
        : reply.code(200).send({ id, success: true, errors: [], created: false });
    }
    if (queryParam(request, 'updateOnly') === 'true' || field.type === 'id') return refuse(reply, RESOURCE_UNKNOWN);
    const complete = { ...record, [field.name]: paramsOf(request).value ?? '' };
    const outcome = write(org, () => lockFault(request, 0, null) ?? createRecord(org.store, definition, complete, moment));
    if (outcome.kind === 'refused') return refuseWrite(reply, outcome);
    const created = versionNumber(request) < FIRST_VERSION_WITH_CREATED ? {} : { created: true };
    return reply.code(201).send({ id: outcome.id, success: true, errors: [], ...created });
  });

  data.delete(path, async (request, reply) => {
    const definition = objectOf(org, request);
    if (definition === null) return unknownResource(reply);
    if (isRelationshipPath(request)) return answerRelationship(org, request, reply);
    const match = matched(definition, request);
    if (match.kind === 'refused') return refuse(reply, match.error);
    const [only] = match.rows;
    if (only === undefined) return refuse(reply, RESOURCE_UNKNOWN);
    if (match.rows.length > 1) return reply.code(300).send(urls(definition, request, match.rows));
    const id = String(only['Id']);
    const outcome = write(org, () => lockFault(request, 0, id) ?? deleteRecord(org.store, definition, id, momentOf(org, request)));
    return outcome.kind === 'refused' ? refuseWrite(reply, outcome) : reply.code(204).send();
  });
}

function fieldInBody(field: SObjectField): ApiError {
  return { status: 400, errorCode: 'INVALID_FIELD', message: `The ${field.name} field should not be specified in the sobject data.` };
}

function versionNumber(request: FastifyRequest): number {
  return Number(paramsOf(request).version.slice(1));
}
