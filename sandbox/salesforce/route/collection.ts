/** Up to 200 records in one call. Source: REST API Developer Guide, "sObject Collections". */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Org } from '../org.ts';
import { findField, findObject, objectOfId } from '../schema/catalogue.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import { parseId } from '../store/record-id.ts';
import { CROSS_REFERENCE_INVALID, ID_MISSING, malformedId, ROLLED_BACK, unknownExternalId } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import type { RecordBody } from '../write/record-body.ts';
import { deleteRecord } from '../write/remove-record.ts';
import { createRecord, updateRecord } from '../write/save-record.ts';
import { errorsOf } from '../write/save-outcome.ts';
import type { SaveOutcome } from '../write/save-outcome.ts';
import { splitId, upsertRecord } from '../write/upsert-record.ts';
import { checkCollection, typeOf } from './collection-request.ts';
import { lockFault, momentOf, objectOf, paramsOf, queryParam, refuse, schemaFor, unknownResource } from './exchange.ts';

const SAVE_PATH = '/composite/sobjects';

/** How one row of a collection is carried out. */
type RowWork = (record: RecordBody, index: number) => SaveOutcome;

function refused(error: ApiError): SaveOutcome {
  return { kind: 'refused', error };
}

export function registerCollectionRoutes(data: FastifyInstance, org: Org): void {
  data.post(SAVE_PATH, async (request, reply) => {
    const moment = momentOf(org, request);
    const schema = schemaFor(org, request);
    return saveCollection(org, request, reply, (record, index) => {
      const definition = findObject(schema, typeOf(record) ?? '');
      if (definition === null) return refused(unknownType(typeOf(record)));
      return lockFault(request, index, null) ?? createRecord(org.store, definition, record, moment);
    });
  });

  data.patch(SAVE_PATH, async (request, reply) => {
    const moment = momentOf(org, request);
    const schema = schemaFor(org, request);
    return saveCollection(org, request, reply, (record, index) => {
      const definition = findObject(schema, typeOf(record) ?? '');
      if (definition === null) return refused(unknownType(typeOf(record)));
      const { id: stated, rest } = splitId(record);
      if (typeof stated !== 'string' || stated === '') return refused(ID_MISSING);
      const id = parseId(stated);
      if (id === null) return refused(malformedId(stated));
      return lockFault(request, index, id) ?? updateRecord(org.store, definition, id, rest, moment);
    });
  });

  data.patch(`${SAVE_PATH}/:object/:field`, async (request, reply) => {
    const definition = objectOf(org, request);
    if (definition === null) return unknownResource(reply);
    const field = findField(definition, paramsOf(request).field ?? '');
    if (field === null || !(field.externalId || field.type === 'id'))
      return refuse(reply, unknownExternalId(paramsOf(request).field ?? ''));
    const moment = momentOf(org, request);
    const seen = new Set<string>();
    const upsert: RowWork = (record, index) =>
      upsertRecord(org.store, record, { definition, field, moment, seen, lock: (id) => lockFault(request, index, id) });
    return saveCollection(org, request, reply, upsert, definition);
  });

  data.delete(SAVE_PATH, async (request, reply) => {
    const ids = (queryParam(request, 'ids') ?? '')
      .split(',')
      .map((id) => id.trim())
      .filter((id) => id !== '');
    const moment = momentOf(org, request);
    const schema = schemaFor(org, request);
    const body = { allOrNone: queryParam(request, 'allOrNone')?.toLowerCase() === 'true', records: ids.map((id) => ({ id })) };
    return saveCollection(
      org,
      request,
      reply,
      ({ id: stated }, index) => {
        const id = parseId(String(stated));
        if (id === null) return refused(malformedId(String(stated)));
        const definition = objectOfId(schema, id);
        if (definition === null) return refused(CROSS_REFERENCE_INVALID);
        return lockFault(request, index, id) ?? deleteRecord(org.store, definition, id, moment);
      },
      undefined,
      body,
    );
  });
}

/** Carries a collection out row by row, each undone alone when it is refused, or all together under `allOrNone`. */
function saveCollection(
  org: Org,
  request: FastifyRequest,
  reply: FastifyReply,
  work: RowWork,
  onlyType?: SObjectDefinition,
  body: unknown = request.body,
): FastifyReply {
  const isUpsert = onlyType !== undefined;
  const checked = checkCollection(body, request.method === 'DELETE' ? 'ids' : 'records', onlyType?.name ?? null);
  if (checked.kind === 'refused') return refuse(reply, checked.error);
  const outcomes: SaveOutcome[] = [];
  let unreadable: ApiError | null = null;
  org.store.transaction(() => {
    for (const [index, record] of checked.records.entries()) {
      org.store.savepoint(() => {
        const outcome = work(record, index);
        outcomes.push(outcome);
        return outcome.kind === 'saved';
      });
      const last = outcomes.at(-1);
      // A value of the wrong JSON type stops the parser, and with it the request.
      if (last?.kind === 'refused' && last.error.errorCode === 'JSON_PARSER_ERROR') {
        unreadable = last.error;
        return false;
      }
    }
    return !checked.allOrNone || outcomes.every((outcome) => outcome.kind === 'saved');
  });
  if (unreadable !== null) return refuse(reply, unreadable);
  const undone = checked.allOrNone && outcomes.some((outcome) => outcome.kind === 'refused');
  return reply
    .code(200)
    .send(outcomes.map((outcome) => formatOutcome(undone && outcome.kind === 'saved' ? refused(ROLLED_BACK) : outcome, isUpsert)));
}

/** In collections the key of a refusal is `statusCode`; upserts say `created` on every row, also on those that failed. */
function formatOutcome(outcome: SaveOutcome, isUpsert: boolean): Record<string, unknown> {
  if (outcome.kind === 'saved') return { id: outcome.id, success: true, errors: [], ...(isUpsert ? { created: outcome.created } : {}) };
  const errors = errorsOf(outcome).map(({ errorCode, message, fields = [], duplicateResult }) => ({
    statusCode: errorCode,
    message,
    fields,
    ...(duplicateResult === undefined ? {} : { duplicateResult }),
  }));
  return { success: false, errors, ...(isUpsert ? { created: false } : {}) };
}

function unknownType(type: string | null): ApiError {
  return { status: 400, errorCode: 'INVALID_TYPE', message: `sObject type '${type ?? ''}' is not supported.` };
}
