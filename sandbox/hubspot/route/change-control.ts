/** A control call for changes that no caller of the API makes: those of workflows, imports and calculations. */

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { CONTROL_PREFIX, refuseControl } from '../../kit/control.ts';
import type { Portal } from '../portal.ts';
import { CHANGE_SOURCES } from '../store/record-store.ts';
import { isRefusal } from '../wire/api-error.ts';
import { updateRecord } from '../write/save-record.ts';
import { objectNamed } from './exchange.ts';
import { findRecord, givenValues, kept } from './object.ts';

const changeRequest = z.strictObject({
  objectType: z.string().min(1),
  id: z.coerce.string(),
  properties: givenValues,
  source: z.enum(CHANGE_SOURCES),
  sourceId: z.string().default(''),
});

export function registerChangeControl(app: FastifyInstance, portal: Portal): void {
  app.post(`${CONTROL_PREFIX}/changes`, async (request, reply) => {
    const parsed = changeRequest.safeParse(request.body);
    if (!parsed.success) return refuseControl(reply, parsed.error);
    const { objectType, id, properties, source, sourceId } = parsed.data;
    const definition = objectNamed(portal, objectType);
    if (isRefusal(definition)) return reply.code(400).send({ error: definition.message });
    const found = findRecord(portal, definition, id, null);
    const by = { source, sourceId, userId: null };
    const saved = isRefusal(found) ? found : kept(portal, () => updateRecord(portal, definition, found, properties, by));
    return isRefusal(saved) ? reply.code(400).send({ error: saved.message }) : { changed: String(saved.record.id) };
  });
}
