/** Layouts of an object, and which of them records of a kind have. Source: REST API Developer Guide, "sObject Layouts". */

import type { FastifyInstance } from 'fastify';
import type { Org } from '../org.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import { completeId, parseId } from '../store/record-id.ts';
import { recordTypeInfos } from '../wire/describe.ts';
import { describeLayout, describeLayouts } from '../wire/describe-layout.ts';
import type { NamedLayout } from '../wire/describe-layout.ts';
import { objectOf, paramsOf, unknownResource } from './exchange.ts';

export function registerLayoutRoutes(data: FastifyInstance, org: Org): void {
  data.get('/sobjects/:object/describe/layouts', async (request, reply) => {
    const definition = objectOf(org, request);
    if (definition === null || !definition.createable) return unknownResource(reply);
    return reply.send(describeLayouts(definition, layoutFor(org, definition), paramsOf(request).version));
  });
  data.get('/sobjects/:object/describe/layouts/:id', async (request, reply) => {
    const definition = objectOf(org, request);
    const { id = '', version } = paramsOf(request);
    const isKind = definition !== null && recordTypeInfos(definition, version).some((each) => each['recordTypeId'] === parseId(id));
    return isKind && definition.createable ? reply.send(describeLayout(definition, layoutFor(org, definition))) : unknownResource(reply);
  });
}

/** The first layout in the order of their names, as on the page for reps. */
function layoutFor(org: Org, { name, keyPrefix }: SObjectDefinition): NamedLayout {
  const [shipped] = [...org.metadata.components().values()]
    .filter(({ type, fullName }) => type === 'Layout' && fullName.startsWith(`${name}-`))
    .toSorted((a, b) => (a.fullName < b.fullName ? -1 : 1));
  return {
    id: shipped?.id ?? completeId(`00h0000000${keyPrefix.padStart(5, '0')}`),
    layout: org.metadata.screens()[name]?.layout ?? null,
  };
}
