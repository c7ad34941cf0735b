/** Pipelines and stages that a portal's own people make and change, and what HubSpot refuses of it. */

import { z } from 'zod';
import type { Portal } from '../portal.ts';
import { refusal } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import type { ObjectDefinition } from './object-type.ts';
import type { Pipeline, Stage } from './pipeline.ts';

const metadata = z.record(z.string(), z.string());
export const newStage = z.object({
  label: z.string().min(1),
  displayOrder: z.int(),
  metadata: metadata.default({}),
  stageId: z.string().optional(),
});
export const newPipeline = z.object({
  label: z.string().min(1),
  displayOrder: z.int(),
  stages: z.array(newStage).min(1),
  pipelineId: z.string().optional(),
});
export const pipelineChange = z.object({
  label: z.string().min(1).optional(),
  displayOrder: z.int().optional(),
  archived: z.boolean().optional(),
});
export const stageChange = pipelineChange.extend({ metadata: metadata.optional() });

/** What may refer to a pipeline or stage, and whether the caller wants to be kept from breaking it. */
export interface ReferenceCheck {
  readonly isWanted: boolean;
}

export function stageOf(portal: Portal, given: z.infer<typeof newStage>): Stage {
  const { label, displayOrder, stageId } = given;
  const now = portal.clock.now();
  return { id: stageId ?? newId(portal), label, displayOrder, metadata: given.metadata, createdAt: now, updatedAt: now };
}

export function newId(portal: Portal): string {
  return String(900_000_000 + portal.db.nextSerial('pipeline'));
}

/** The stages that `given` leaves of `pipeline`: those named by id go on, the others are new. */
export function replacedStages(portal: Portal, pipeline: Pipeline, given: readonly z.infer<typeof newStage>[]): readonly Stage[] {
  return given.map((each) => {
    const old = pipeline.stages.find((stage) => stage.id === each.stageId || stage.label === each.label);
    const made = stageOf(portal, each);
    return old === undefined ? made : { ...made, id: old.id, createdAt: old.createdAt };
  });
}

/** The refusal to take `stages` away while records stand in them; null where they may go. */
export function stagesInUse(portal: Portal, { type }: ObjectDefinition, stages: readonly Stage[], check: ReferenceCheck): ApiError | null {
  if (!check.isWanted || type.pipelineProperties === null) return null;
  for (const stage of stages) {
    const count = countWith(portal, type.id, type.pipelineProperties.stage, stage.id);
    if (count > 0) return inUse('stage', stage.id, count);
  }
  return null;
}

export function pipelineInUse(portal: Portal, { type }: ObjectDefinition, pipeline: Pipeline, check: ReferenceCheck): ApiError | null {
  if (!check.isWanted || type.pipelineProperties === null) return null;
  const count = countWith(portal, type.id, type.pipelineProperties.pipeline, pipeline.id);
  return count === 0 ? null : inUse('pipeline', pipeline.id, count);
}

/** A label is given once in its pipeline, or among the pipelines. */
export function labelTaken(what: string, label: string, others: readonly { readonly label: string }[]): ApiError | null {
  return others.some((each) => each.label === label) ? refusal(409, 'CONFLICT', `A ${what} with the label ${label} already exists`) : null;
}

function inUse(what: string, id: string, count: number): ApiError {
  return {
    ...refusal(400, 'VALIDATION_ERROR', `The ${what} ${id} is referenced by ${count} record(s) and cannot be deleted`),
    context: { id: [id], references: [String(count)] },
  };
}

function countWith(portal: Portal, typeId: string, property: string, value: string): number {
  const row = portal.db.select(
    `SELECT count(*) AS n FROM record WHERE object = ? AND archived_at IS NULL AND json_extract(properties, '$.' || ?) = ?`,
    typeId,
    property,
    value,
  )[0];
  return Number(row?.['n'] ?? 0);
}
