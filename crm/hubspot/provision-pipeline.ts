import { CrmFailure } from '../failures.ts';
import { makeUnlessPresent, type MutableReport } from './make-unless-present.ts';
import { checkName } from './object-property.ts';
import { pipelinesOf } from './pipeline.ts';
import type { NewPipeline } from './portal-definition.ts';
import type { Session } from './session.ts';

/**
 * Makes the pipeline, or the stages that one of that id lacks. What people changed of it stays: labels, order, stages of their own.
 *
 * Throws CRM_DUPLICATE where a pipeline of another id has the label, which HubSpot gives once, and CRM_REQUEST_INVALID where HubSpot did not take the ids.
 */
export async function makePipeline(session: Session, report: MutableReport, object: string, pipeline: NewPipeline): Promise<void> {
  const { pipelineId, label } = pipeline;
  const what = pipelineName(object, pipeline);
  const known = await pipelinesOf(session, object);
  const taken = known.find((each) => each.label === label && each.id !== pipelineId);
  if (taken !== undefined) {
    const remedy = 'Give that pipeline another name, and provision again.';
    throw new CrmFailure('CRM_DUPLICATE', `${what} is there with the id ${taken.id}; expected the id ${pipelineId}. ${remedy}`);
  }
  await makeUnlessPresent(session, report, what, async () => known.some(({ id }) => id === pipelineId), {
    operation: 'create_pipeline',
    isRepeatable: false,
    send: (client) => client.pipelines(pipeline).createWithHttpInfo(checkName(object), unknownToClient(pipeline)),
  });
  if (report.isCheck && !known.some(({ id }) => id === pipelineId)) return;
  const made = (await pipelinesOf(session, object)).find(({ id }) => id === pipelineId);
  if (made === undefined)
    throw new CrmFailure('CRM_REQUEST_INVALID', `${what} was made, and has another id than the one that was given, ${pipelineId}`);
  for (const stage of pipeline.stages.filter(({ stageId }) => !made.stages.some(({ id }) => id === stageId))) {
    await makeUnlessPresent(session, report, `${what} / ${stage.label}`, async () => false, {
      operation: 'create_stage',
      isRepeatable: false,
      send: (client) =>
        client.stages(stage).createWithHttpInfo(checkName(object), pipelineId, { ...stage, metadata: { ...stage.metadata } }),
    });
  }
}

/** As it stands in a report. */
export function pipelineName(object: string, { label }: NewPipeline): string {
  return `${object} pipeline: ${label}`;
}

/** The client's own model of it, which is not sent. */
function unknownToClient({ label, displayOrder }: NewPipeline) {
  return { label, displayOrder, stages: [] };
}
