/** One record at a time, and lists of them. Source: HubSpot developer documentation, "CRM objects". */

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { associate } from '../association/associate.ts';
import type { ApiVersion } from '../api-version.ts';
import type { Portal } from '../portal.ts';
import type { ObjectDefinition } from '../schema/object-type.ts';
import { ruleBreach } from '../schema/write-rule.ts';
import type { ChangeSource } from '../store/record-store.ts';
import { invalid, isRefusal, noSuchRecord } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { recordBody, writtenBody } from '../wire/record.ts';
import type { Selection } from '../wire/record.ts';
import { archiveRecord, createRecord, updateRecord } from '../write/save-record.ts';
import type { Saved } from '../write/save-record.ts';
import { answered, nextPage, objectNamed, pageLimit, pageStart, pathPart, queryList, queryText, readBody, send } from './exchange.ts';
import type { Answer } from './exchange.ts';

export const givenValues = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
export const associationType = z.object({ associationCategory: z.string(), associationTypeId: z.int() });
const associations = z
  .array(z.object({ to: z.object({ id: z.coerce.string() }), types: z.array(associationType) }))
  .nullish()
  .transform((given) => given ?? []);
export const creation = z.object({ properties: givenValues, associations });
const update = z.object({ properties: givenValues });

const USUAL_PAGE = 10;
const MOST_PAGE = 100;
const MOST_PAGE_WITH_HISTORY = 50;

type Work = (definition: ObjectDefinition, request: FastifyRequest) => Answer | ApiError;

export function registerObjectRoutes(app: FastifyInstance, portal: Portal, prefix: string, version: ApiVersion): void {
  const isRuled = version === '2026-09';
  const at = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, work: Work) =>
    app.route({
      method,
      url: `${prefix}/:objectType${path}`,
      handler: async (request, reply) => {
        const definition = objectNamed(portal, pathPart(request, 'objectType'));
        return send(request, reply, isRefusal(definition) ? definition : work(definition, request));
      },
    });

  at('GET', '', (definition, request) => {
    const selection = querySelection(portal, request);
    if (isRefusal(selection)) return selection;
    const limit = pageLimit(request, USUAL_PAGE, selection.history.length > 0 ? MOST_PAGE_WITH_HISTORY : MOST_PAGE);
    const start = pageStart(request);
    if (isRefusal(limit)) return limit;
    if (isRefusal(start)) return start;
    const rows = portal.records.page(definition.type.id, isArchivedAsked(request), start, limit + 1);
    const next = rows[limit];
    const results = rows.slice(0, limit).map((record) => recordBody(portal, definition, record, selection));
    return answered(200, { results, ...(next === undefined ? {} : nextPage(portal, request, String(next.id))) });
  });
  at('POST', '', (definition, request) => {
    const body = readBody(request, creation);
    if (isRefusal(body)) return body;
    const saved = createAssociated(portal, definition, body, request.actor.source, isRuled);
    return isRefusal(saved) ? saved : answered(201, writtenBody(definition, saved.record, saved.written));
  });
  at('GET', '/:objectId', (definition, request) => {
    const found = findRecord(portal, definition, pathPart(request, 'objectId'), queryText(request, 'idProperty'));
    if (isRefusal(found)) return found;
    const selection = querySelection(portal, request);
    if (isRefusal(selection)) return selection;
    const record = portal.records.find(definition.type.id, found);
    if (record === null || (record.archivedAt !== null) !== isArchivedAsked(request)) return noSuchRecord(String(found));
    return answered(200, recordBody(portal, definition, record, selection));
  });
  at('PATCH', '/:objectId', (definition, request) => {
    const body = readBody(request, update);
    if (isRefusal(body)) return body;
    const found = findRecord(portal, definition, pathPart(request, 'objectId'), queryText(request, 'idProperty'));
    if (isRefusal(found)) return found;
    const saved = kept(portal, () => {
      const outcome = updateRecord(portal, definition, found, body.properties, request.actor.source);
      return isRuled ? ruled(portal, definition, outcome, false) : outcome;
    });
    return isRefusal(saved) ? saved : answered(200, writtenBody(definition, saved.record, saved.written));
  });
  at('DELETE', '/:objectId', (definition, request) => {
    const found = findRecord(portal, definition, pathPart(request, 'objectId'), null);
    if (!isRefusal(found)) archiveRecord(portal, definition, found, request.actor.source);
    return answered(204);
  });
}

/** The id of the record that a path or an input names by its id or by a unique property. */
export function findRecord(portal: Portal, definition: ObjectDefinition, id: string, idProperty: string | null): number | ApiError {
  if (idProperty === null || idProperty === 'hs_object_id')
    return /^\d{1,15}$/.test(id) ? portal.merges.survivorOf(definition.type.id, Number(id)) : noSuchRecord(id);
  const property = definition.properties.get(idProperty);
  if (property?.hasUniqueValue !== true)
    return invalid(`${idProperty} is not a unique property of ${definition.type.id}; expected a property with hasUniqueValue`);
  return portal.records.holderOf(definition.type.id, idProperty, id) ?? { kind: 'refusal', status: 404, message: 'resource not found' };
}

/** A new record with its associations: both or neither. */
export function createAssociated(
  portal: Portal,
  definition: ObjectDefinition,
  given: z.infer<typeof creation>,
  by: ChangeSource,
  isRuled: boolean,
): Saved | ApiError {
  return kept(portal, () => {
    const saved = createRecord(portal, definition, given.properties, by);
    if (isRefusal(saved)) return saved;
    for (const { to, types } of given.associations) {
      const other = otherSide(portal, definition, to.id, types);
      const done = isRefusal(other) ? other : associate(portal, { object: definition.type.id, id: saved.record.id }, other, types, by);
      if (isRefusal(done)) return done;
    }
    return isRuled ? ruled(portal, definition, saved, true) : saved;
  });
}

/** What a write comes to once the administrator's rules were asked, as 2026-09 does. */
export function ruled(portal: Portal, definition: ObjectDefinition, saved: Saved | ApiError, isNew: boolean): Saved | ApiError {
  if (isRefusal(saved)) return saved;
  return ruleBreach(portal, definition, saved.record, saved.written, isNew) ?? saved;
}

/** Runs `work` so that a refusal leaves no trace. */
export function kept<Outcome>(portal: Portal, work: () => Outcome | ApiError): Outcome | ApiError {
  let outcome: Outcome | ApiError | undefined;
  portal.db.transaction(() => {
    outcome = work();
    return !isRefusal(outcome);
  });
  return outcome as Outcome | ApiError;
}

/** An input names the other record by its id alone; its type follows from the types of the association. */
function otherSide(portal: Portal, definition: ObjectDefinition, id: string, types: z.infer<typeof associationType>[]) {
  for (const { type } of portal.catalogue.all()) {
    const known = portal.associationTypes.between(definition.type.id, type.id);
    const fits = types.every((given) =>
      known.some((each) => each.category === given.associationCategory && each.typeId === given.associationTypeId),
    );
    if (fits && known.length > 0 && types.length > 0) {
      const found = findRecord(portal, { ...definition, type }, id, null);
      return isRefusal(found) ? found : { object: type.id, id: found };
    }
  }
  return invalid('One or more associations are invalid');
}

function querySelection(portal: Portal, request: FastifyRequest): Selection | ApiError {
  const associated = (queryList(request, 'associations') ?? []).map((name) => objectNamed(portal, name));
  const unknown = associated.find((each) => isRefusal(each));
  if (isRefusal(unknown)) return unknown;
  return {
    properties: queryList(request, 'properties'),
    history: queryList(request, 'propertiesWithHistory') ?? [],
    associations: associated.flatMap((each) => (isRefusal(each) ? [] : [each])),
  };
}

function isArchivedAsked(request: FastifyRequest): boolean {
  return queryText(request, 'archived') === 'true';
}
