/** One record by its id. Source: REST API Developer Guide, "sObject Rows", "Conditional Requests". */

import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Org } from '../org.ts';
import { findField } from '../schema/catalogue.ts';
import type { SObjectDefinition, SObjectField } from '../schema/definition.ts';
import { parseId } from '../store/record-id.ts';
import type { StoredRow } from '../store/record-store.ts';
import {
  CROSS_REFERENCE_INVALID,
  ID_IN_BODY,
  malformedId,
  RECORD_DELETED,
  RESOURCE_UNKNOWN,
  unknownColumn,
  unknownExternalId,
} from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { parseHttpDate } from '../wire/instant.ts';
import { formatRecord } from '../wire/record.ts';
import { deleteRecord } from '../write/remove-record.ts';
import { createRecord, updateRecord } from '../write/save-record.ts';
import type { SaveOutcome } from '../write/save-outcome.ts';
import { lockFault, momentOf, objectOf, paramsOf, queryParam, refuse, refuseWrite, unknownResource } from './exchange.ts';
import { readRecordOf } from './json-body.ts';

type Located =
  { readonly kind: 'row'; readonly row: StoredRow; readonly id: string } | { readonly kind: 'refused'; readonly error: ApiError };

export function registerRowRoutes(data: FastifyInstance, org: Org): void {
  data.get('/sobjects/:object/:id', async (request, reply) => {
    const definition = objectOf(org, request);
    if (definition === null) return unknownResource(reply);
    return getRow(org, definition, request, reply);
  });
  data.post('/sobjects/:object', async (request, reply) => {
    const definition = objectOf(org, request);
    if (definition === null) return unknownResource(reply);
    const body = readRecordOf(request.body);
    if (body.kind === 'refused') return refuse(reply, body.error);
    const outcome = write(
      org,
      () => lockFault(request, 0, null) ?? createRecord(org.store, definition, body.record, momentOf(org, request)),
    );
    if (outcome.kind === 'refused') return refuseWrite(reply, outcome);
    const location = `/services/data/${paramsOf(request).version}/sobjects/${definition.name}/${outcome.id}`;
    return reply.code(201).header('location', location).send({ id: outcome.id, success: true, errors: [] });
  });
  data.patch('/sobjects/:object/:id', async (request, reply) => {
    const definition = objectOf(org, request);
    if (definition === null) return unknownResource(reply);
    const body = readRecordOf(request.body);
    if (body.kind === 'refused') return refuse(reply, body.error);
    if (Object.keys(body.record).some((key) => key.toLowerCase() === 'id')) return refuse(reply, ID_IN_BODY);
    const located = locate(org, definition, request);
    if (located.kind === 'refused') return refuse(reply, located.error);
    if (hasChanged(definition, located.row, request)) return reply.code(412).send();
    const { id } = located;
    const outcome = write(
      org,
      () => lockFault(request, 0, id) ?? updateRecord(org.store, definition, id, body.record, momentOf(org, request)),
    );
    return outcome.kind === 'refused' ? refuseWrite(reply, outcome) : reply.code(204).send();
  });
  data.delete('/sobjects/:object/:id', async (request, reply) => {
    const definition = objectOf(org, request);
    if (definition === null) return unknownResource(reply);
    const located = locate(org, definition, request);
    if (located.kind === 'refused') return refuse(reply, located.error);
    const outcome = write(
      org,
      () => lockFault(request, 0, located.id) ?? deleteRecord(org.store, definition, located.id, momentOf(org, request)),
    );
    return outcome.kind === 'refused' ? refuseWrite(reply, outcome) : reply.code(204).send();
  });
}

/** Answers with `row`, whole or in the fields that the request names; 304 when it has not changed since the client saw it. */
export function sendRow(definition: SObjectDefinition, row: StoredRow, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const fields = chooseFields(definition, queryParam(request, 'fields'));
  if (fields.kind === 'refused') return refuse(reply, fields.error);
  const modified = modifiedAt(row);
  if (modified !== null) reply.header('last-modified', new Date(modified).toUTCString());
  const tag = entityTag(definition, row);
  if (tag !== null) reply.header('etag', tag);
  const known = request.headers['if-none-match'];
  if (tag !== null && known !== undefined ? namesTag(known, tag) : wasSeenAt(modified, request.headers['if-modified-since']))
    return reply.code(304).send();
  if (hasChanged(definition, row, request)) return reply.code(412).send();
  return reply.send(formatRecord(definition, row, fields.fields, paramsOf(request).version));
}

/** The fields named in `list` (comma separated, any case), all when it is missing. */
export function chooseFields(
  definition: SObjectDefinition,
  list: string | undefined,
): { readonly kind: 'fields'; readonly fields: readonly SObjectField[] } | { readonly kind: 'refused'; readonly error: ApiError } {
  if (list === undefined || list.trim() === '') return { kind: 'fields', fields: definition.fields };
  const fields: SObjectField[] = [];
  for (const name of list
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')) {
    const field = findField(definition, name);
    if (field === null) return { kind: 'refused', error: unknownColumn(definition, name) };
    if (!fields.includes(field)) fields.push(field);
  }
  return { kind: 'fields', fields };
}

function wasSeenAt(modified: number | null, header: string | undefined): boolean {
  const since = parseHttpDate(header);
  return since !== null && modified !== null && modified <= since;
}

/** The tag of an account as it is; no other object has tags (guide, "Conditional Requests"). */
function entityTag(definition: SObjectDefinition, row: StoredRow): string | null {
  if (definition.name !== 'Account') return null;
  return `"${createHash('sha1').update(JSON.stringify(row)).digest('base64url')}"`;
}

function namesTag(header: string, tag: string): boolean {
  // Clients send back what they were given, and some mark what came compressed.
  return header.split(',').some(
    (each) =>
      each.trim() === '*' ||
      each
        .trim()
        .replace(/^W\//, '')
        .replace(/--gzip"$/, '"') === tag,
  );
}

/** True when the record is another than the request was made for, by `If-Match` or by `If-Unmodified-Since`. */
export function hasChanged(definition: SObjectDefinition, row: StoredRow, request: FastifyRequest): boolean {
  const tag = entityTag(definition, row);
  const wanted = request.headers['if-match'];
  if (tag !== null && wanted !== undefined && !namesTag(wanted, tag)) return true;
  return wasModifiedSince(row, request.headers['if-unmodified-since']);
}

/** True when the record changed after the instant of an `If-Unmodified-Since` header; stamps and header have whole seconds. */
function wasModifiedSince(row: StoredRow, header: string | undefined): boolean {
  const since = parseHttpDate(header);
  const modified = modifiedAt(row);
  return since !== null && modified !== null && modified > since;
}

/** Runs one write in a transaction of its own. */
export function write(org: Org, work: () => SaveOutcome): SaveOutcome {
  let outcome: SaveOutcome = { kind: 'refused', error: CROSS_REFERENCE_INVALID };
  org.store.transaction(() => {
    outcome = work();
    return outcome.kind === 'saved';
  });
  return outcome;
}

function getRow(org: Org, definition: SObjectDefinition, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const located = locate(org, definition, request);
  return located.kind === 'refused' ? refuse(reply, located.error) : sendRow(definition, located.row, request, reply);
}

function locate(org: Org, definition: SObjectDefinition, request: FastifyRequest): Located {
  const text = paramsOf(request).id ?? '';
  const id = parseId(text);
  if (id === null) return { kind: 'refused', error: /^[0-9A-Za-z]{18}$/.test(text) ? malformedId(text) : unknownExternalId(text) };
  const row = org.store.find(definition, id);
  if (row === null) return { kind: 'refused', error: RESOURCE_UNKNOWN };
  return row['IsDeleted'] === 1 ? { kind: 'refused', error: RECORD_DELETED } : { kind: 'row', row, id };
}

function modifiedAt(row: StoredRow): number | null {
  const stamp = row['LastModifiedDate'];
  return typeof stamp === 'string' ? Date.parse(stamp) : null;
}
