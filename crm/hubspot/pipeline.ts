import { asList, asObject, isObject, textOrNull, type JsonObject } from '../answer-shape.ts';
import type { RemoteFieldDefinition, RemoteRow, RemoteValue } from '../port.ts';
import { callApi } from './call.ts';
import { checkName, DEALS, instantOf } from './object-property.ts';
import type { Session } from './session.ts';

export interface Stage {
  readonly id: string;
  readonly label: string;
  readonly isClosed: boolean;
  readonly updatedAt: string;
}

export interface Pipeline {
  readonly id: string;
  readonly label: string;
  /** In the order in which people see them. */
  readonly stages: readonly Stage[];
}

/** Stages of deals, which are no records in HubSpot, shown as if they were: `id`, `label`, `pipeline`, `place` in the pipeline from 0 on, and `isClosed`. */
export const DEAL_STAGES = 'deal_stages';

/** The pipelines of an object in the order in which people see them: one call. https://developers.hubspot.com/docs/api-reference/crm-pipelines-v3/guide */
export async function pipelinesOf(session: Session, object: string): Promise<readonly Pipeline[]> {
  const answer = await callApi(session, {
    operation: 'pipelines',
    isRepeatable: true,
    send: (client) => client.pipelines().getAllWithHttpInfo(checkName(object)),
  });
  const pipelines = asList(asObject(answer.body, 'pipelines')['results'], 'pipelines');
  return inOrder(pipelines).map((pipeline) => ({
    id: textOrNull(pipeline['id']) ?? '',
    label: textOrNull(pipeline['label']) ?? '',
    stages: inOrder(asList(pipeline['stages'], 'stages')).map(readStage),
  }));
}

/** The properties in which records of `object` hold their pipeline and stage; null where they have none. */
export function pipelineProperties(
  object: string,
  fields: ReadonlyMap<string, RemoteFieldDefinition>,
): { readonly pipeline: string; readonly stage: string } | null {
  const names = DEALS.test(object) ? { pipeline: 'pipeline', stage: 'dealstage' } : { pipeline: 'hs_pipeline', stage: 'hs_pipeline_stage' };
  return fields.has(names.pipeline) && fields.has(names.stage) ? names : null;
}

/** Stages of deals in which `field` has one of `values`, pipeline by pipeline. */
export async function findDealStages(
  session: Session,
  field: string,
  values: readonly string[],
  fields: readonly string[],
): Promise<readonly RemoteRow[]> {
  const pipelines = await pipelinesOf(session, 'deals');
  const stages = pipelines.flatMap((pipeline) =>
    pipeline.stages.map(({ id, label, isClosed, updatedAt }, place) => ({
      updatedAt,
      values: { id, label, isClosed, place, pipeline: pipeline.id } as Readonly<Record<string, RemoteValue>>,
    })),
  );
  return stages
    .filter((stage) => values.includes(String(stage.values[field])))
    .map((stage) => ({
      id: String(stage.values['id']),
      stamp: stage.updatedAt,
      deleted: false,
      mergedInto: null,
      createdBy: null,
      modifiedBy: null,
      fields: Object.fromEntries(fields.flatMap((name) => (name in stage.values ? [[name, stage.values[name] ?? null]] : []))),
    }));
}

function readStage(stage: JsonObject): Stage {
  const metadata = isObject(stage['metadata']) ? stage['metadata'] : {};
  return {
    id: textOrNull(stage['id']) ?? '',
    label: textOrNull(stage['label']) ?? '',
    isClosed: String(metadata['isClosed']) === 'true',
    updatedAt: instantOf(stage['updatedAt']) ?? new Date(0).toISOString(),
  };
}

/** Equal places are in the order of the labels. */
function inOrder(items: readonly JsonObject[]): readonly JsonObject[] {
  const labelOf = (item: JsonObject): string => textOrNull(item['label']) ?? '';
  return items.toSorted(
    (one, other) => Number(one['displayOrder']) - Number(other['displayOrder']) || (labelOf(one) < labelOf(other) ? -1 : 1),
  );
}
