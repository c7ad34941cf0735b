/** Merging two records, and deleting a contact for good. Source: HubSpot developer documentation, "CRM objects: merge", "GDPR delete". */

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CONTROL_PREFIX, refuseControl } from '../../kit/control.ts';
import { OWNERS, sourceOf } from '../owner.ts';
import type { Portal } from '../portal.ts';
import type { ObjectDefinition } from '../schema/object-type.ts';
import { invalid, isRefusal } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { recordBody } from '../wire/record.ts';
import { mergeRecords } from '../write/merge-record.ts';
import { blockAddress, purgeContact, restoreRecord } from '../write/restore-record.ts';
import { answered, objectNamed, pathPart, readBody, send } from './exchange.ts';
import type { Answer } from './exchange.ts';
import { findRecord, kept } from './object.ts';

const merge = z.object({ primaryObjectId: z.coerce.string(), objectIdToMerge: z.coerce.string() });
const deletion = z.object({ objectId: z.coerce.string(), idProperty: z.string().nullish() });

export function registerMergeRoutes(app: FastifyInstance, portal: Portal, prefix: string): void {
  const at = (path: string, work: (definition: ObjectDefinition, request: FastifyRequest) => Answer | ApiError) =>
    app.post(`${prefix}/:objectType${path}`, async (request, reply) => {
      const definition = objectNamed(portal, pathPart(request, 'objectType'));
      return send(request, reply, isRefusal(definition) ? definition : work(definition, request));
    });
  at('/merge', (definition, request) => {
    const body = readBody(request, merge);
    if (isRefusal(body)) return body;
    const primary = findRecord(portal, definition, body.primaryObjectId, null);
    const other = findRecord(portal, definition, body.objectIdToMerge, null);
    if (isRefusal(primary)) return primary;
    if (isRefusal(other)) return other;
    const saved = kept(portal, () => mergeRecords(portal, definition, primary, other, request.actor.source));
    if (isRefusal(saved)) return saved;
    const selection = { properties: saved.written, history: [], associations: [] };
    return answered(200, recordBody(portal, definition, saved.record, selection));
  });
  at('/gdpr-delete', (definition, request) => {
    if (definition.type.id !== '0-1') return invalid(`Objects of type ${definition.type.id} cannot be deleted for privacy; contacts can`);
    const body = readBody(request, deletion);
    if (isRefusal(body)) return body;
    const idProperty = body.idProperty ?? null;
    const found = findRecord(portal, definition, body.objectId, idProperty);
    // An address that is nobody's is kept from being used all the same.
    if (isRefusal(found) && found.status === 404 && idProperty === 'email') {
      blockAddress(portal, body.objectId);
      return answered(204);
    }
    if (isRefusal(found)) return found;
    return kept(portal, () => purgeContact(portal, definition, found, request.actor.source) ?? answered(204));
  });
}

const restoreRequest = z.strictObject({
  objectType: z.string(),
  ids: z.array(z.coerce.string()).min(1),
  as: z.enum(OWNERS.map((owner) => owner.alias)).default('rep'),
});

/** HubSpot has a page for it and no call: a person restores what was deleted. */
export function registerRestoreControl(app: FastifyInstance, portal: Portal): void {
  app.post(`${CONTROL_PREFIX}/restore`, async (request, reply) => {
    const parsed = restoreRequest.safeParse(request.body);
    if (!parsed.success) return refuseControl(reply, parsed.error);
    const { objectType, ids, as } = parsed.data;
    const definition = objectNamed(portal, objectType);
    if (isRefusal(definition)) return reply.code(400).send({ error: definition.message });
    const owner = OWNERS.find((each) => each.alias === as) ?? OWNERS[0];
    const outcome = kept(portal, () => {
      for (const id of ids) {
        const refused = restoreRecord(portal, definition, Number(id), sourceOf(owner as (typeof OWNERS)[number]));
        if (refused !== null) return refused;
      }
      return { restored: ids };
    });
    return isRefusal(outcome) ? reply.code(400).send({ error: outcome.message }) : outcome;
  });
}
