/** Pipelines. Source: HubSpot developer documentation, "Pipelines". */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiVersion } from '../api-version.ts';
import type { Portal } from '../portal.ts';
import type { ObjectDefinition } from '../schema/object-type.ts';
import type { Pipeline } from '../schema/pipeline.ts';
import {
  labelTaken,
  newId,
  newPipeline,
  pipelineChange,
  pipelineInUse,
  replacedStages,
  stageOf,
  stagesInUse,
} from '../schema/pipeline-change.ts';
import type { ReferenceCheck } from '../schema/pipeline-change.ts';
import { invalid, isRefusal, refusal } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { pipelineBody } from '../wire/pipeline.ts';
import { answered, objectNamed, pathPart, queryText, readBody, send } from './exchange.ts';
import type { Answer } from './exchange.ts';

export type PipelineMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type Work = (definition: ObjectDefinition, request: FastifyRequest) => Answer | ApiError;

/** Registers calls about the pipelines of one object; `path` begins behind the object. */
export function pipelineCalls(app: FastifyInstance, portal: Portal, prefix: string) {
  return (method: PipelineMethod, path: string, work: Work) =>
    app.route({
      method,
      url: `${prefix}/:objectType${path}`,
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const definition = objectNamed(portal, pathPart(request, 'objectType'));
        if (isRefusal(definition)) return send(request, reply, definition);
        if (definition.type.pipelineProperties === null)
          return send(request, reply, invalid(`Object type ${definition.type.id} does not support pipelines`));
        return send(request, reply, work(definition, request));
      },
    });
}

export function registerPipelineRoutes(app: FastifyInstance, portal: Portal, prefix: string, version: ApiVersion): void {
  const at = pipelineCalls(app, portal, prefix);
  const put = ({ type }: ObjectDefinition, pipeline: Pipeline, status: number) => {
    portal.catalogue.putPipeline(type.id, pipeline);
    return answered(status, pipelineBody(pipeline));
  };
  const all = ({ type }: ObjectDefinition) => portal.catalogue.pipelines(type.id);
  const now = () => portal.clock.now();

  at('GET', '', (definition) => answered(200, { results: all(definition).map(pipelineBody) }));
  at('POST', '', (definition, request) => {
    const body = readBody(request, newPipeline);
    if (isRefusal(body)) return body;
    if (all(definition).some((each) => each.id === body.pipelineId))
      return refusal(409, 'CONFLICT', `A pipeline with the id ${body.pipelineId ?? ''} already exists`);
    const taken = labelTaken('pipeline', body.label, all(definition));
    if (taken !== null) return taken;
    const { label, displayOrder } = body;
    const stages = body.stages.map((stage) => stageOf(portal, stage));
    return put(definition, { id: body.pipelineId ?? newId(portal), label, displayOrder, stages, createdAt: now(), updatedAt: now() }, 201);
  });
  at('GET', '/:pipelineId', (definition, request) => {
    const pipeline = pipelineNamed(portal, definition, request);
    return isRefusal(pipeline) ? pipeline : answered(200, pipelineBody(pipeline));
  });
  at('PATCH', '/:pipelineId', (definition, request) => {
    const pipeline = pipelineNamed(portal, definition, request);
    const body = readBody(request, pipelineChange);
    if (isRefusal(pipeline)) return pipeline;
    if (isRefusal(body)) return body;
    if (body.archived === true)
      return remove(definition, pipeline, request) ?? answered(200, { ...pipelineBody(pipeline), archived: true });
    const { label = pipeline.label, displayOrder = pipeline.displayOrder } = body;
    const taken = labelTaken('pipeline', label, others(all(definition), pipeline));
    return taken ?? put(definition, { ...pipeline, label, displayOrder, updatedAt: now() }, 200);
  });
  at('PUT', '/:pipelineId', (definition, request) => {
    const pipeline = pipelineNamed(portal, definition, request);
    const body = readBody(request, newPipeline);
    if (isRefusal(pipeline)) return pipeline;
    if (isRefusal(body)) return body;
    const stages = replacedStages(portal, pipeline, body.stages);
    const gone = pipeline.stages.filter((stage) => !stages.some((each) => each.id === stage.id));
    const { label, displayOrder } = body;
    const refused =
      labelTaken('pipeline', label, others(all(definition), pipeline)) ??
      stagesInUse(portal, definition, gone, referenceCheck(request, version));
    return refused ?? put(definition, { ...pipeline, label, displayOrder, stages, updatedAt: now() }, 200);
  });
  const remove = (definition: ObjectDefinition, pipeline: Pipeline, request: FastifyRequest): ApiError | null => {
    const refused = pipelineInUse(portal, definition, pipeline, referenceCheck(request, version));
    if (refused === null) portal.catalogue.removePipeline(definition.type.id, pipeline.id);
    return refused;
  };
  at('DELETE', '/:pipelineId', (definition, request) => {
    const pipeline = pipelineNamed(portal, definition, request);
    return isRefusal(pipeline) ? pipeline : (remove(definition, pipeline, request) ?? answered(204));
  });
}

export function pipelineNamed(portal: Portal, { type }: ObjectDefinition, request: FastifyRequest): Pipeline | ApiError {
  const found = portal.catalogue.pipelines(type.id).find((each) => each.id === pathPart(request, 'pipelineId'));
  return found ?? refusal(404, 'OBJECT_NOT_FOUND', 'The pipeline does not exist');
}

/** From 2026-09 on the check is made unless the caller declines it; before, where the caller asks for it. */
export function referenceCheck(request: FastifyRequest, version: ApiVersion): ReferenceCheck {
  const asked = ['validateReferencesBeforeDelete', 'validateDealStageUsagesBeforeDelete'].map((name) => queryText(request, name));
  return { isWanted: version === '2026-09' ? !asked.includes('false') : asked.includes('true') };
}

export function others<Item extends { readonly id: string }>(items: readonly Item[], one: Item): readonly Item[] {
  return items.filter((item) => item.id !== one.id);
}
