/** What becomes of the rows of a batch: all or nothing, unless the caller can tell the rows apart. */

import type { ApiVersion } from '../api-version.ts';
import type { Portal } from '../portal.ts';
import type { ObjectDefinition } from '../schema/object-type.ts';
import { isRefusal } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { instantText } from '../wire/instant.ts';
import { answered } from './exchange.ts';
import type { Answer } from './exchange.ts';
import { kept } from './object.ts';

export type RowOutcome<Value> =
  { readonly value: Value; readonly trace: string | null } | { readonly error: ApiError; readonly trace: string | null };

interface TracedInput {
  readonly objectWriteTraceId?: string | null | undefined;
}

/**
 * Runs `work` for each input. Where every input has a trace id of its own, a bad row leaves the others alone; else it is the answer of the whole batch,
 * of which nothing is kept. A record that does not exist never fails the others.
 * Source: HubSpot developer documentation, "Error handling: multi-status errors".
 */
export function runRows<Input extends TracedInput, Value>(
  portal: Portal,
  inputs: readonly Input[],
  work: (input: Input) => Value | ApiError,
): readonly RowOutcome<Value>[] | ApiError {
  const traces = inputs.map((input) => input.objectWriteTraceId ?? null);
  const isTraced = !traces.includes(null) && new Set(traces).size === traces.length;
  return kept(portal, () => {
    const rows: RowOutcome<Value>[] = [];
    for (const [index, input] of inputs.entries()) {
      const outcome = kept(portal, () => work(input));
      const trace = traces[index] ?? null;
      if (!isRefusal(outcome)) rows.push({ value: outcome, trace });
      else if (isTraced || outcome.category === 'OBJECT_NOT_FOUND') rows.push({ error: outcome, trace: isTraced ? trace : null });
      else return outcome;
    }
    return rows;
  });
}

/** The row of a record that is not there. */
export function notFoundRow({ type }: ObjectDefinition, id: string): ApiError {
  return {
    kind: 'refusal',
    status: 404,
    category: 'OBJECT_NOT_FOUND',
    message: `Could not get some ${type.singular.toUpperCase()} objects, they may be deleted or not exist. Check that ids are valid.`,
    context: { ids: [id] },
  };
}

/**
 * The answer of a batch. Rows come in another order than the inputs, as HubSpot's do.
 * Where some failed, the status is 207, but for 2026-09, whose description knows no 207 and has the errors in the same body.
 */
export function multiStatus<Value>(
  portal: Portal,
  rows: readonly RowOutcome<Value>[],
  okStatus: number,
  version: ApiVersion,
  bodyOf: (value: Value) => object,
): Answer {
  const results = rows.flatMap((row) =>
    'value' in row ? [{ ...bodyOf(row.value), ...(row.trace === null ? {} : { objectWriteTraceId: row.trace }) }] : [],
  );
  const errors = errorRows(rows);
  const at = instantText(portal.clock.now());
  return answered(errors.length > 0 && version !== '2026-09' ? 207 : okStatus, {
    status: 'COMPLETE',
    results: results.toReversed(),
    ...(errors.length === 0 ? {} : { numErrors: errors.length, errors }),
    startedAt: at,
    completedAt: at,
  });
}

/** Untraced rows that were not found are told together. */
function errorRows(rows: readonly RowOutcome<unknown>[]): readonly object[] {
  const failed = rows.flatMap((row) => ('error' in row ? [row] : []));
  const together = failed.filter((row) => row.trace === null);
  const ids = together.flatMap((row) => row.error.context?.['ids'] ?? []);
  const [first] = together;
  return [
    ...failed
      .filter((row) => row.trace !== null)
      .map(({ error, trace }) => errorRow(error, { ...error.context, objectWriteTraceId: [trace ?? ''] })),
    ...(first === undefined ? [] : [errorRow(first.error, { ids })]),
  ];
}

function errorRow({ category, message }: ApiError, context: Readonly<Record<string, readonly string[]>>): object {
  return { status: 'error', category, message, context };
}
