import type { CapturePage, CapturePosition, CaptureRequest } from '../port.ts';
import { CrmFailure } from '../failures.ts';
import { definitionOf } from './describe.ts';
import type { ObjectDefinition } from './object-definition.ts';
import { columnsOf, readRow } from './remote-row.ts';
import { runQuery } from './run-query.ts';
import type { Session } from './session.ts';
import { rowFilters } from './row-filter.ts';
import { checkName, datetimeLiteral, quoteText } from './soql-literal.ts';

/**
 * One page of changed rows in the order (SystemModstamp, Id), deleted ones included, from `after` on.
 *
 * SystemModstamp moves on system changes too and is indexed; it is given during the transaction, so a row that commits later may carry an
 * earlier stamp: reading an overlap again is the caller's part.
 */
export async function capture(session: Session, request: CaptureRequest): Promise<CapturePage> {
  const definition = await definitionOf(session, request.object);
  const answer = await runQuery(session, { operation: 'capture', soql: captureQuery(definition, request), includeDeleted: true });
  return {
    rows: answer.records.map((record) => readRow(record, request.fields)),
    drained: answer.records.length < request.limit,
    serverTimeMs: answer.serverTimeMs,
  };
}

/** The query of one page; a limit that is not a positive whole number is refused, since the page would never be full or never empty. */
export function captureQuery(definition: ObjectDefinition, request: CaptureRequest): string {
  if (!Number.isSafeInteger(request.limit) || request.limit < 1) {
    throw new CrmFailure('CRM_REQUEST_INVALID', `limit ${request.limit} of a capture; expected at least 1`);
  }
  const conditions = [...(request.after === null ? [] : [beyond(request.after)]), ...rowFilters(request)];
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const columns = columnsOf(definition, request.fields);
  return `SELECT ${columns} FROM ${checkName(request.object)}${where} ORDER BY SystemModstamp, Id LIMIT ${request.limit}`;
}

function beyond({ stamp, id }: CapturePosition): string {
  const at = datetimeLiteral(stamp);
  return id === '' ? `SystemModstamp >= ${at}` : `((SystemModstamp = ${at} AND Id > ${quoteText(id)}) OR SystemModstamp > ${at})`;
}
