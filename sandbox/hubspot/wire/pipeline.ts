/** Pipelines and stages as HubSpot answers them. Source: HubSpot developer documentation, "Pipelines". */

import type { Pipeline, Stage } from '../schema/pipeline.ts';
import { instantText } from './instant.ts';

export function pipelineBody(pipeline: Pipeline): object {
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

export function stageBody(stage: Stage): object {
  const { id, label, displayOrder, metadata } = stage;
  const stamps = { createdAt: instantText(stage.createdAt), updatedAt: instantText(stage.updatedAt) };
  return { id, label, displayOrder, metadata, ...stamps, archived: false, writePermissions: 'CRM_PERMISSIONS_ENFORCEMENT' };
}
