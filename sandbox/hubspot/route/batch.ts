/** Up to a hundred records at a time. Source: HubSpot developer documentation, "CRM objects", "Error handling: multi-status errors". */

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ApiVersion } from '../api-version.ts';
import type { Portal } from '../portal.ts';
import type { ObjectDefinition } from '../schema/object-type.ts';
import { invalid, isRefusal } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { recordBody, writtenBody } from '../wire/record.ts';
import { archiveRecord, createRecord, updateRecord } from '../write/save-record.ts';
import type { Saved } from '../write/save-record.ts';
import { multiStatus, notFoundRow, runRows } from './batch-row.ts';
import { answered, objectNamed, pathPart, queryText, readBody, send } from './exchange.ts';
import type { Answer } from './exchange.ts';
import { createAssociated, creation, findRecord, givenValues, ruled } from './object.ts';

const MOST_INPUTS = 100;
const MOST_INPUTS_WITH_HISTORY = 50;

const traced = z.object({ objectWriteTraceId: z.string().nullish() });
const reference = z.object({ id: z.coerce.string() });
const creations = z.object({ inputs: z.array(creation.extend(traced.shape)) });
const updates = z.object({
  inputs: z.array(reference.extend({ idProperty: z.string().nullish(), properties: givenValues, ...traced.shape })),
});
const readings = z.object({
  inputs: z.array(reference),
  idProperty: z.string().nullish(),
  properties: z.array(z.string()).nullish(),
  propertiesWithHistory: z.array(z.string()).nullish(),
});
const archivings = z.object({ inputs: z.array(reference) });

type Work = (definition: ObjectDefinition, request: FastifyRequest) => Answer | ApiError;

export function registerBatchRoutes(app: FastifyInstance, portal: Portal, prefix: string, version: ApiVersion): void {
  const isRuled = version === '2026-09';
  const checked = (definition: ObjectDefinition, saved: Saved | ApiError, isNew: boolean) =>
    isRuled ? ruled(portal, definition, saved, isNew) : saved;
  const at = (verb: string, work: Work) =>
    app.post(`${prefix}/:objectType/batch/${verb}`, async (request, reply) => {
      const definition = objectNamed(portal, pathPart(request, 'objectType'));
      return send(request, reply, isRefusal(definition) ? definition : work(definition, request));
    });

  at('create', (definition, request) => {
    const body = readBody(request, creations);
    const refused = isRefusal(body) ? body : tooMany(body.inputs.length);
    if (isRefusal(body) || refused !== null) return refused as ApiError;
    const by = request.actor.source;
    const rows = runRows(portal, body.inputs, (input) => createAssociated(portal, definition, input, by, isRuled));
    return isRefusal(rows) ? rows : multiStatus(portal, rows, 201, version, (saved) => savedBody(definition, saved));
  });
  at('update', (definition, request) => {
    const body = readBody(request, updates);
    const refused = isRefusal(body) ? body : (tooMany(body.inputs.length) ?? repeated(body.inputs.map((input) => input.id)));
    if (isRefusal(body) || refused !== null) return refused as ApiError;
    const by = request.actor.source;
    const rows = runRows(portal, body.inputs, (input) => {
      const id = findRecord(portal, definition, input.id, input.idProperty ?? null);
      const saved = isRefusal(id) ? id : checked(definition, updateRecord(portal, definition, id, input.properties, by), false);
      return isRefusal(saved) && saved.status === 404 ? notFoundRow(definition, input.id) : saved;
    });
    return isRefusal(rows) ? rows : multiStatus(portal, rows, 200, version, (saved) => savedBody(definition, saved));
  });
  at('upsert', (definition, request) => {
    const body = readBody(request, updates);
    const refused = isRefusal(body) ? body : (tooMany(body.inputs.length) ?? repeated(body.inputs.map((input) => input.id)));
    if (isRefusal(body) || refused !== null) return refused as ApiError;
    const by = request.actor.source;
    const rows = runRows(portal, body.inputs, ({ id: value, idProperty, properties }) => {
      const found = findRecord(portal, definition, value, idProperty ?? null);
      if (!isRefusal(found)) return upserted(checked(definition, updateRecord(portal, definition, found, properties, by), false), false);
      if (found.status !== 404 || idProperty == null) return found;
      return upserted(checked(definition, createRecord(portal, definition, { ...properties, [idProperty]: value }, by), true), true);
    });
    return isRefusal(rows)
      ? rows
      : multiStatus(portal, rows, 200, version, (row) => ({ ...savedBody(definition, row.saved), new: row.isNew }));
  });
  at('read', (definition, request) => {
    const body = readBody(request, readings);
    const history = isRefusal(body) ? [] : (body.propertiesWithHistory ?? []);
    const most = history.length > 0 ? MOST_INPUTS_WITH_HISTORY : MOST_INPUTS;
    const refused = isRefusal(body) ? body : tooMany(body.inputs.length, most);
    if (isRefusal(body) || refused !== null) return refused as ApiError;
    const isArchived = queryText(request, 'archived') === 'true';
    const selection = { properties: body.properties ?? null, history, associations: [] };
    const rows = [...new Set(body.inputs.map((input) => input.id))].map((given) => {
      const id = findRecord(portal, definition, given, body.idProperty ?? null);
      if (isRefusal(id)) return id.status === 404 ? { error: notFoundRow(definition, given), trace: null } : id;
      const record = portal.records.find(definition.type.id, id);
      if (record === null || (record.archivedAt !== null) !== isArchived) return { error: notFoundRow(definition, given), trace: null };
      return { value: record, trace: null };
    });
    const misnamed = rows.find((row) => isRefusal(row));
    if (isRefusal(misnamed)) return misnamed;
    const outcomes = rows.flatMap((row) => (isRefusal(row) ? [] : [row]));
    return multiStatus(portal, outcomes, 200, version, (record) => recordBody(portal, definition, record, selection));
  });
  at('archive', (definition, request) => {
    const body = readBody(request, archivings);
    const refused = isRefusal(body) ? body : tooMany(body.inputs.length);
    if (isRefusal(body) || refused !== null) return refused as ApiError;
    portal.db.transaction(() => {
      for (const { id } of body.inputs) {
        const found = findRecord(portal, definition, id, null);
        if (!isRefusal(found)) archiveRecord(portal, definition, found, request.actor.source);
      }
      return true;
    });
    return answered(204);
  });
}

function savedBody(definition: ObjectDefinition, { record, written }: Saved): object {
  return writtenBody(definition, record, written);
}

function upserted(saved: Saved | ApiError, isNew: boolean): { readonly saved: Saved; readonly isNew: boolean } | ApiError {
  return isRefusal(saved) ? saved : { saved, isNew };
}

function tooMany(count: number, most = MOST_INPUTS): ApiError | null {
  return count <= most ? null : invalid(`The maximum number of inputs supported in a batch request is ${most}. Got: ${count}`);
}

function repeated(ids: readonly string[]): ApiError | null {
  const twice = ids.find((id, index) => ids.indexOf(id) < index);
  return twice === undefined ? null : invalid(`Duplicate IDs found in batch input: [${twice}]. IDs must be unique`);
}
