/** Stages of pipelines. Source: HubSpot developer documentation, "Pipelines". */

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ApiVersion } from '../api-version.ts';
import type { Portal } from '../portal.ts';
import type { ObjectDefinition } from '../schema/object-type.ts';
import type { Pipeline, Stage } from '../schema/pipeline.ts';
import { labelTaken, newStage, stageChange, stageOf, stagesInUse } from '../schema/pipeline-change.ts';
import { invalid, isRefusal, refusal } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { stageBody } from '../wire/pipeline.ts';
import { answered, pathPart, readBody } from './exchange.ts';
import type { Answer } from './exchange.ts';
import { others, pipelineCalls, pipelineNamed, referenceCheck } from './pipeline.ts';

export function registerStageRoutes(app: FastifyInstance, portal: Portal, prefix: string, version: ApiVersion): void {
  const at = pipelineCalls(app, portal, prefix);
  const now = () => portal.clock.now();
  const put = ({ type }: ObjectDefinition, pipeline: Pipeline, stages: readonly Stage[]) =>
    portal.catalogue.putPipeline(type.id, { ...pipeline, stages, updatedAt: now() });
  const forOne =
    (work: (found: { definition: ObjectDefinition; pipeline: Pipeline; stage: Stage }, request: FastifyRequest) => Answer | ApiError) =>
    (definition: ObjectDefinition, request: FastifyRequest) => {
      const pipeline = pipelineNamed(portal, definition, request);
      if (isRefusal(pipeline)) return pipeline;
      const stage = pipeline.stages.find((each) => each.id === pathPart(request, 'stageId'));
      if (stage === undefined) return refusal(404, 'OBJECT_NOT_FOUND', 'The stage does not exist');
      return work({ definition, pipeline, stage }, request);
    };
  const changed = (definition: ObjectDefinition, pipeline: Pipeline, stage: Stage) => {
    const taken = labelTaken('stage', stage.label, others(pipeline.stages, stage));
    if (taken !== null) return taken;
    put(
      definition,
      pipeline,
      pipeline.stages.map((each) => (each.id === stage.id ? stage : each)),
    );
    return answered(200, stageBody(stage));
  };
  const remove = (definition: ObjectDefinition, pipeline: Pipeline, stage: Stage, request: FastifyRequest): ApiError | null => {
    const refused = stagesInUse(portal, definition, [stage], referenceCheck(request, version));
    if (refused !== null) return refused;
    if (pipeline.stages.length === 1) return invalid(`The stage ${stage.id} is the last one of the pipeline ${pipeline.id}`);
    put(definition, pipeline, others(pipeline.stages, stage));
    return null;
  };

  at('GET', '/:pipelineId/stages', (definition, request) => {
    const pipeline = pipelineNamed(portal, definition, request);
    return isRefusal(pipeline) ? pipeline : answered(200, { results: pipeline.stages.map(stageBody) });
  });
  at('POST', '/:pipelineId/stages', (definition, request) => {
    const pipeline = pipelineNamed(portal, definition, request);
    const body = readBody(request, newStage);
    if (isRefusal(pipeline)) return pipeline;
    if (isRefusal(body)) return body;
    const taken = labelTaken('stage', body.label, pipeline.stages);
    if (taken !== null) return taken;
    const stage = stageOf(portal, body);
    put(definition, pipeline, [...pipeline.stages, stage]);
    return answered(201, stageBody(stage));
  });
  const one = '/:pipelineId/stages/:stageId';
  at(
    'GET',
    one,
    forOne(({ stage }) => answered(200, stageBody(stage))),
  );
  at(
    'PATCH',
    one,
    forOne(({ definition, pipeline, stage }, request) => {
      const body = readBody(request, stageChange);
      if (isRefusal(body)) return body;
      if (body.archived === true)
        return remove(definition, pipeline, stage, request) ?? answered(200, { ...stageBody(stage), archived: true });
      const { label = stage.label, displayOrder = stage.displayOrder } = body;
      const metadata = { ...stage.metadata, ...body.metadata };
      return changed(definition, pipeline, { ...stage, label, displayOrder, metadata, updatedAt: now() });
    }),
  );
  at(
    'PUT',
    one,
    forOne(({ definition, pipeline, stage }, request) => {
      const body = readBody(request, newStage);
      if (isRefusal(body)) return body;
      const { label, displayOrder, metadata } = body;
      return changed(definition, pipeline, { ...stage, label, displayOrder, metadata, updatedAt: now() });
    }),
  );
  at(
    'DELETE',
    one,
    forOne(({ definition, pipeline, stage }, request) => remove(definition, pipeline, stage, request) ?? answered(204)),
  );
}
