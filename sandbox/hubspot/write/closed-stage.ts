/** What HubSpot calculates of a deal's stage. Source: knowledge base, "HubSpot's default deal properties". */

import type { ObjectDefinition } from '../schema/object-type.ts';
import type { Pipeline } from '../schema/pipeline.ts';

/**
 * Whether a record with these values is at a stage that is closed, and won there: closed with a probability of one. Empty for objects whose records say neither.
 */
export function closedValues(
  { type, properties }: ObjectDefinition,
  pipelines: readonly Pipeline[],
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const names = type.pipelineProperties;
  if (names === null || !properties.has('hs_is_closed')) return {};
  const stage = pipelines.flatMap(({ stages }) => stages).find(({ id }) => id === values[names.stage]);
  const { isClosed, probability } = stage?.metadata ?? {};
  const isWon = isClosed === 'true' && Number(probability) === 1;
  return { hs_is_closed: String(isClosed === 'true'), hs_is_closed_won: String(isWon) };
}
