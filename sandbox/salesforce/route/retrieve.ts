/** Up to 2,000 records of one object by their ids. Source: REST API Developer Guide, "Get Records Using sObject Collections". */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Org } from '../org.ts';
import { parseId } from '../store/record-id.ts';
import { malformedId } from '../wire/api-error.ts';
import { formatRecord } from '../wire/record.ts';
import { isRecordBody } from '../write/record-body.ts';
import { objectOf, paramsOf, queryParam, refuse, unknownResource } from './exchange.ts';
import { chooseFields } from './row.ts';

const MOST_IDS = 2000;

export function registerRetrieveRoutes(data: FastifyInstance, org: Org): void {
  data.get('/composite/sobjects/:object', async (request, reply) => {
    return retrieve(org, request, reply, (queryParam(request, 'ids') ?? '').split(','), (queryParam(request, 'fields') ?? '').split(','));
  });
  data.post('/composite/sobjects/:object', async (request, reply) => {
    const body = isRecordBody(request.body) ? request.body : {};
    return retrieve(org, request, reply, texts(body['ids']), texts(body['fields']));
  });
}

/** Answers in the order of `ids`, with null where a record is missing or deleted. Unknown fields fail the call. */
function retrieve(org: Org, request: FastifyRequest, reply: FastifyReply, ids: readonly string[], names: readonly string[]): FastifyReply {
  const definition = objectOf(org, request);
  if (definition === null) return unknownResource(reply);
  const wanted = ids.map((id) => id.trim()).filter((id) => id !== '');
  const list = names.map((name) => name.trim()).filter((name) => name !== '');
  if (wanted.length === 0 || list.length === 0) return refuse(reply, missing(wanted.length === 0 ? 'ids' : 'fields'));
  if (wanted.length > MOST_IDS) return refuse(reply, tooMany());
  const chosen = chooseFields(definition, list.join(','));
  if (chosen.kind === 'refused') return refuse(reply, chosen.error);
  const idField = definition.fields.filter((field) => field.type === 'id');
  const fields = [...idField, ...chosen.fields.filter((field) => field.type !== 'id')];
  const rows: unknown[] = [];
  for (const text of wanted) {
    const id = parseId(text);
    if (id === null) return refuse(reply, malformedId(text));
    const row = org.store.find(definition, id);
    rows.push(row === null || row['IsDeleted'] === 1 ? null : formatRecord(definition, row, fields, paramsOf(request).version));
  }
  return reply.send(rows);
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function missing(name: string) {
  return { status: 400, errorCode: 'MISSING_ARGUMENT', message: `The ${name} parameter is required` };
}

function tooMany() {
  return { status: 400, errorCode: 'EXCEEDED_MAX_SIZE_REQUEST', message: `No more than ${MOST_IDS} ids can be retrieved in one call` };
}
