/** From a record along its relationships. Source: REST API Developer Guide, "sObject Relationships", "Traverse Relationships with Friendly URLs". */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Org } from '../org.ts';
import { findObject, objectOfId } from '../schema/catalogue.ts';
import type { Schema } from '../schema/catalogue.ts';
import type { ChildRelationship, SObjectDefinition } from '../schema/definition.ts';
import { parseId } from '../store/record-id.ts';
import type { StoredRow } from '../store/record-store.ts';
import { RESOURCE_UNKNOWN } from '../wire/api-error.ts';
import { deleteRecord } from '../write/remove-record.ts';
import { updateRecord } from '../write/save-record.ts';
import { lockFault, momentOf, objectOf, paramsOf, queryParam, refuse, schemaFor } from './exchange.ts';
import { readRecordOf } from './json-body.ts';
import { sendQuery } from './query.ts';
import { chooseFields, sendRow, write } from './row.ts';

type Reached =
  | { readonly kind: 'row'; readonly definition: SObjectDefinition; readonly row: StoredRow }
  | { readonly kind: 'children'; readonly relationship: ChildRelationship; readonly parentId: string }
  | { readonly kind: 'nothing' };

export function registerRelationshipRoutes(data: FastifyInstance, org: Org): void {
  const path = '/sobjects/:object/:field/:value/*';
  for (const method of ['GET', 'PATCH', 'DELETE'] as const) {
    data.route({ method, url: path, handler: async (request, reply) => answerRelationship(org, request, reply) });
  }
}

/** Whether the path names a record and a relationship, instead of an external id and its value. */
export function isRelationshipPath(request: FastifyRequest): boolean {
  return parseId(paramsOf(request).field ?? '') !== null;
}

/** Shows what the relationships of the path lead to; PATCH and DELETE write the parent that they lead to. */
export function answerRelationship(org: Org, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const reached = follow(org, request);
  switch (reached.kind) {
    case 'nothing':
      return refuse(reply, RESOURCE_UNKNOWN);
    case 'children':
      return request.method === 'GET'
        ? sendChildren(org, reached.relationship, reached.parentId, request, reply)
        : refuse(reply, RESOURCE_UNKNOWN);
    case 'row':
      return request.method === 'GET'
        ? sendRow(reached.definition, reached.row, request, reply)
        : writeParent(org, reached.definition, String(reached.row['Id']), request, reply);
  }
}

function follow(org: Org, request: FastifyRequest): Reached {
  const { field = '', value = '', '*': rest = '' } = paramsOf(request) as { field?: string; value?: string; '*'?: string };
  const definition = objectOf(org, request);
  const row = definition === null ? null : aliveRow(org, definition, parseId(field));
  if (definition === null || row === null) return { kind: 'nothing' };
  const names = [value, ...rest.split('/')].filter((name) => name !== '');
  return names.reduce<Reached>(
    (reached, name) => (reached.kind === 'row' ? step(org, schemaFor(org, request), reached, name) : { kind: 'nothing' }),
    {
      kind: 'row',
      definition,
      row,
    },
  );
}

function step(
  org: Org,
  seen: Schema,
  { definition, row }: { readonly definition: SObjectDefinition; readonly row: StoredRow },
  name: string,
): Reached {
  const wanted = name.toLowerCase();
  const field = definition.fields.find((each) => each.relationshipName?.toLowerCase() === wanted);
  if (field !== undefined) {
    const id = row[field.name];
    const parent = typeof id === 'string' ? objectOfId(seen, id) : null;
    const parentRow = parent === null || typeof id !== 'string' ? null : aliveRow(org, parent, id);
    return parent === null || parentRow === null ? { kind: 'nothing' } : { kind: 'row', definition: parent, row: parentRow };
  }
  const relationship = definition.childRelationships.find((each) => each.relationshipName.toLowerCase() === wanted);
  return relationship === undefined ? { kind: 'nothing' } : { kind: 'children', relationship, parentId: String(row['Id']) };
}

function aliveRow(org: Org, definition: SObjectDefinition, id: string | null): StoredRow | null {
  const row = id === null ? null : org.store.find(definition, id);
  return row === null || row['IsDeleted'] === 1 ? null : row;
}

function sendChildren(org: Org, child: ChildRelationship, parentId: string, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const definition = findObject(schemaFor(org, request), child.childSObject);
  if (definition === null) return refuse(reply, RESOURCE_UNKNOWN);
  const chosen = chooseFields(definition, queryParam(request, 'fields'));
  if (chosen.kind === 'refused') return refuse(reply, chosen.error);
  const names = chosen.fields.map((field) => field.name).join(', ');
  return sendQuery(org, request, reply, 'query', `SELECT ${names} FROM ${definition.name} WHERE ${child.field} = '${parentId}'`);
}

function writeParent(org: Org, definition: SObjectDefinition, id: string, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const moment = momentOf(org, request);
  if (request.method === 'DELETE') {
    const outcome = write(org, () => lockFault(request, 0, id) ?? deleteRecord(org.store, definition, id, moment));
    return outcome.kind === 'refused' ? refuse(reply, outcome.error) : reply.code(204).send();
  }
  const body = readRecordOf(request.body);
  if (body.kind === 'refused') return refuse(reply, body.error);
  const outcome = write(org, () => lockFault(request, 0, id) ?? updateRecord(org.store, definition, id, body.record, moment));
  return outcome.kind === 'refused' ? refuse(reply, outcome.error) : reply.code(204).send();
}
