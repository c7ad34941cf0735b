/** Associations of many records. Source: HubSpot developer documentation, "Associations v4"; the success codes differ by version as their descriptions do. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { associationPrefix } from '../api-version.ts';
import type { ApiVersion } from '../api-version.ts';
import { associate, associatedPage, dissociate, isType, removeType } from '../association/associate.ts';
import type { RecordReference } from '../association/associate.ts';
import type { Portal } from '../portal.ts';
import type { ObjectType } from '../schema/object-type.ts';
import type { ChangeSource } from '../store/record-store.ts';
import { invalid, isRefusal } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { associatedBody } from '../wire/association.ts';
import { instantText } from '../wire/instant.ts';
import { pairBody, referenceOf } from './association.ts';
import { answered, objectNamed, pathPart, readBody, send } from './exchange.ts';
import type { Answer } from './exchange.ts';
import { associationType, kept } from './object.ts';

const MOST_WRITES = 2000;
const MOST_READS = 1000;
const MOST_PAGE = 500;

const reference = z.object({ id: z.coerce.string() });
const pairs = z.object({ inputs: z.array(z.object({ from: reference, to: reference })) });
const typedPairs = z.object({ inputs: z.array(z.object({ from: reference, to: reference, types: z.array(associationType).min(1) })) });
const archivings = z.object({ inputs: z.array(z.object({ from: reference, to: z.array(reference) })) });
const readings = z.object({ inputs: z.array(reference.extend({ after: z.string().regex(/^\d+$/).nullish() })) });

interface Ends {
  readonly from: ObjectType;
  readonly to: ObjectType;
}

export function registerAssociationBatchRoutes(app: FastifyInstance, portal: Portal, version: ApiVersion): void {
  const createdStatus = version === '2026-09' ? 200 : 201;
  const at = (verb: string, work: (ends: Ends, request: FastifyRequest) => Answer | ApiError) =>
    app.post(`${associationPrefix(version)}/:fromObjectType/:toObjectType/batch/${verb}`, async (request, reply: FastifyReply) => {
      const from = objectNamed(portal, pathPart(request, 'fromObjectType'));
      const to = objectNamed(portal, pathPart(request, 'toObjectType'));
      if (isRefusal(from)) return send(request, reply, from);
      if (isRefusal(to)) return send(request, reply, to);
      return send(request, reply, work({ from: from.type, to: to.type }, request));
    });
  const complete = (status: number, results: readonly object[], errors: readonly object[] = []) => {
    const stamp = instantText(portal.clock.now());
    const failed = errors.length === 0 ? {} : { numErrors: errors.length, errors };
    return answered(errors.length > 0 && version !== '2026-09' ? 207 : status, {
      status: 'COMPLETE',
      results,
      ...failed,
      startedAt: stamp,
      completedAt: stamp,
    });
  };
  // The dated versions answer with an empty result.
  const removed = () => (version === 'v3' ? answered(204) : complete(200, []));
  /** Pairs that cannot be associated are told one by one; the others are. */
  const associateEach = (
    { from, to }: Ends,
    by: ChangeSource,
    inputs: readonly z.infer<typeof typedPairs>['inputs'][number][] | z.infer<typeof pairs>['inputs'],
    bodyOf: (a: RecordReference, b: RecordReference, held: Parameters<typeof pairBody>[2]) => object,
    status: number,
  ) => {
    const results: object[] = [];
    const errors: object[] = [];
    portal.db.transaction(() => {
      for (const input of inputs) {
        const [a, b] = [referenceOf(portal, from.id, input.from.id), referenceOf(portal, to.id, input.to.id)];
        const types = 'types' in input ? input.types : null;
        const held = isRefusal(a) ? a : isRefusal(b) ? b : kept(portal, () => associate(portal, a, b, types, by));
        if (isRefusal(held) || isRefusal(a) || isRefusal(b)) errors.push(errorRow(held, input.from.id, input.to.id));
        else results.push(bodyOf(a, b, held));
      }
      return true;
    });
    return complete(status, results, errors);
  };

  at('create', (ends, request) => {
    const body = readBody(request, typedPairs);
    if (isRefusal(body)) return body;
    return tooMany(body.inputs.length, MOST_WRITES) ?? associateEach(ends, request.actor.source, body.inputs, pairBody, createdStatus);
  });
  at('associate/default', (ends, request) => {
    const body = readBody(request, pairs);
    if (isRefusal(body)) return body;
    const row = (from: RecordReference, to: RecordReference, held: Parameters<typeof pairBody>[2]) => {
      const plain = held.find((type) => type.label === null);
      const associationSpec = { associationCategory: plain?.category, associationTypeId: plain?.typeId };
      return { from: { id: String(from.id) }, to: { id: String(to.id) }, associationSpec };
    };
    return tooMany(body.inputs.length, MOST_WRITES) ?? associateEach(ends, request.actor.source, body.inputs, row, 200);
  });
  at('archive', (ends, request) => {
    const body = readBody(request, archivings);
    if (isRefusal(body)) return body;
    for (const input of body.inputs)
      for (const other of input.to) {
        const [a, b] = [referenceOf(portal, ends.from.id, input.from.id), referenceOf(portal, ends.to.id, other.id)];
        if (!isRefusal(a) && !isRefusal(b)) dissociate(portal, a, b, request.actor.source);
      }
    return removed();
  });
  at('labels/archive', (ends, request) => {
    const body = readBody(request, typedPairs);
    if (isRefusal(body)) return body;
    const known = portal.associationTypes.between(ends.from.id, ends.to.id);
    for (const input of body.inputs) {
      const [a, b] = [referenceOf(portal, ends.from.id, input.from.id), referenceOf(portal, ends.to.id, input.to.id)];
      for (const type of known.filter((each) => input.types.some((given) => isType(each, given))))
        if (!isRefusal(a) && !isRefusal(b)) removeType(portal, a, b, type, request.actor.source);
    }
    return removed();
  });
  at('read', (ends, request) => {
    const body = readBody(request, readings);
    const refused = isRefusal(body) ? body : tooMany(body.inputs.length, MOST_READS);
    if (isRefusal(body) || refused !== null) return refused as ApiError;
    const results: object[] = [];
    const errors: object[] = [];
    for (const { id, after } of body.inputs) {
      const from = referenceOf(portal, ends.from.id, id);
      const rows = isRefusal(from) ? [] : associatedPage(portal, from, ends.to.id, Number(after ?? 0), MOST_PAGE + 1);
      const next = rows[MOST_PAGE];
      const paging = next === undefined ? {} : { paging: { next: { after: String(next.id), link: `?after=${next.id}` } } };
      if (rows.length > 0) results.push({ from: { id }, to: rows.slice(0, MOST_PAGE).map(associatedBody), ...paging });
      else errors.push(noneFound(ends, id));
    }
    return complete(200, results, errors);
  });
}

function tooMany(count: number, most: number): ApiError | null {
  return count <= most ? null : invalid(`The maximum number of inputs supported in a batch request is ${most}. Got: ${count}`);
}

function errorRow(held: unknown, fromId: string, toId: string): object {
  const { category = 'OBJECT_NOT_FOUND', message = '' } = isRefusal(held) ? held : {};
  return { status: 'error', category, message, context: { fromObjectId: [fromId], toObjectId: [toId] } };
}

function noneFound({ from, to }: Ends, id: string): object {
  return {
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
    message: `No ${to.singular} is associated with ${from.singular} ${id}.`,
    context: { fromObjectId: [id], fromObjectType: [from.singular], toObjectType: [to.singular] },
  };
}
