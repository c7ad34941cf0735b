/** Pipelines and stages. Source: HubSpot developer documentation, "Pipelines". */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Portal } from '../portal.ts';
import type { ObjectDefinition } from '../schema/object-type.ts';
import type { Pipeline, Stage } from '../schema/pipeline.ts';
import { invalid, isRefusal, refusal } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { instantText } from '../wire/instant.ts';
import { answered, objectNamed, pathPart, queryText, readBody, send } from './exchange.ts';
import type { Answer } from './exchange.ts';

const newStage = z.object({
  label: z.string().min(1),
  displayOrder: z.int(),
  metadata: z.record(z.string(), z.string()).default({}),
  stageId: z.string().optional(),
});
const newPipeline = z.object({
  label: z.string().min(1),
  displayOrder: z.int(),
  stages: z.array(newStage).min(1),
  pipelineId: z.string().optional(),
});

export function registerPipelineRoutes(app: FastifyInstance, portal: Portal, prefix: string): void {
  const forObject =
    (work: (definition: ObjectDefinition, request: FastifyRequest) => Answer | ApiError) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      const definition = objectNamed(portal, pathPart(request, 'objectType'));
      if (isRefusal(definition)) return send(request, reply, definition);
      if (definition.type.pipelineProperties === null)
        return send(request, reply, invalid(`Object type ${definition.type.id} does not support pipelines`));
      return send(request, reply, work(definition, request));
    };
  const pipelineOf = (definition: ObjectDefinition, request: FastifyRequest) =>
    portal.catalogue.pipelines(definition.type.id).find((each) => each.id === pathPart(request, 'pipelineId')) ?? notThere('pipeline');

  app.get(
    `${prefix}/:objectType`,
    forObject(({ type }) => answered(200, { results: portal.catalogue.pipelines(type.id).map(pipelineBody) })),
  );
  app.post(
    `${prefix}/:objectType`,
    forObject(({ type }, request) => {
      const body = readBody(request, newPipeline);
      if (isRefusal(body)) return body;
      if (portal.catalogue.pipelines(type.id).some((each) => each.label === body.label || each.id === body.pipelineId))
        return refusal(409, 'CONFLICT', `A pipeline with the label ${body.label} already exists`);
      const now = portal.clock.now();
      const pipeline: Pipeline = {
        id: body.pipelineId ?? newId(portal),
        label: body.label,
        displayOrder: body.displayOrder,
        stages: body.stages.map((stage) => stageOf(portal, stage)),
        createdAt: now,
        updatedAt: now,
      };
      portal.catalogue.putPipeline(type.id, pipeline);
      return answered(201, pipelineBody(pipeline));
    }),
  );
  app.get(
    `${prefix}/:objectType/:pipelineId`,
    forObject((definition, request) => {
      const pipeline = pipelineOf(definition, request);
      return isRefusal(pipeline) ? pipeline : answered(200, pipelineBody(pipeline));
    }),
  );
  app.delete(
    `${prefix}/:objectType/:pipelineId`,
    forObject((definition, request) => {
      const pipeline = pipelineOf(definition, request);
      if (isRefusal(pipeline)) return pipeline;
      const isUsed = countIn(portal, definition, pipeline) > 0;
      // From 2026-09 on the check is made unless the caller declines it.
      const isChecked = /\/2026-09\//.test(request.url)
        ? queryText(request, 'validateReferencesBeforeDelete') !== 'false'
        : queryText(request, 'validateReferencesBeforeDelete') === 'true';
      if (isUsed && isChecked) return invalid(`Pipeline ${pipeline.id} is referenced by records and cannot be deleted`);
      portal.catalogue.removePipeline(definition.type.id, pipeline.id);
      return answered(204);
    }),
  );
  app.get(
    `${prefix}/:objectType/:pipelineId/stages`,
    forObject((definition, request) => {
      const pipeline = pipelineOf(definition, request);
      return isRefusal(pipeline) ? pipeline : answered(200, { results: pipeline.stages.map(stageBody) });
    }),
  );
  app.post(
    `${prefix}/:objectType/:pipelineId/stages`,
    forObject((definition, request) => {
      const pipeline = pipelineOf(definition, request);
      const body = readBody(request, newStage);
      if (isRefusal(pipeline)) return pipeline;
      if (isRefusal(body)) return body;
      if (pipeline.stages.some((each) => each.label === body.label))
        return refusal(409, 'CONFLICT', `A stage with the label ${body.label} already exists`);
      const stage = stageOf(portal, body);
      portal.catalogue.putPipeline(definition.type.id, { ...pipeline, stages: [...pipeline.stages, stage], updatedAt: stage.createdAt });
      return answered(201, stageBody(stage));
    }),
  );
  app.get(
    `${prefix}/:objectType/:pipelineId/stages/:stageId`,
    forObject((definition, request) => {
      const pipeline = pipelineOf(definition, request);
      if (isRefusal(pipeline)) return pipeline;
      const stage = pipeline.stages.find((each) => each.id === pathPart(request, 'stageId'));
      return stage === undefined ? notThere('stage') : answered(200, stageBody(stage));
    }),
  );
}

function countIn(portal: Portal, { type }: ObjectDefinition, pipeline: Pipeline): number {
  const row = portal.db.select(
    `SELECT count(*) AS n FROM record WHERE object = ? AND archived_at IS NULL AND json_extract(properties, '$.' || ?) = ?`,
    type.id,
    type.pipelineProperties?.pipeline ?? '',
    pipeline.id,
  )[0];
  return Number(row?.['n'] ?? 0);
}

function newId(portal: Portal): string {
  return String(900_000_000 + portal.db.nextSerial('pipeline'));
}

function stageOf(portal: Portal, given: z.infer<typeof newStage>): Stage {
  const { label, displayOrder, metadata, stageId } = given;
  const now = portal.clock.now();
  return { id: stageId ?? newId(portal), label, displayOrder, metadata, createdAt: now, updatedAt: now };
}

function notThere(what: string): ApiError {
  return refusal(404, 'OBJECT_NOT_FOUND', `The ${what} does not exist`);
}

function pipelineBody(pipeline: Pipeline): object {
  return {
    id: pipeline.id,
    label: pipeline.label,
    displayOrder: pipeline.displayOrder,
    stages: [...pipeline.stages].sort((a, b) => a.displayOrder - b.displayOrder).map(stageBody),
    createdAt: instantText(pipeline.createdAt),
    updatedAt: instantText(pipeline.updatedAt),
    archived: false,
  };
}

function stageBody(stage: Stage): object {
  const { id, label, displayOrder, metadata } = stage;
  const stamps = { createdAt: instantText(stage.createdAt), updatedAt: instantText(stage.updatedAt) };
  return { id, label, displayOrder, metadata, ...stamps, archived: false, writePermissions: 'CRM_PERMISSIONS_ENFORCEMENT' };
}
