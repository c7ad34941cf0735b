import { CrmFailure } from '../../failures.ts';
import type { BulkReadRequest, RemoteRow, RemoteValue } from '../../port.ts';
import { asObject } from '../../answer-shape.ts';
import { callApi } from '../call.ts';
import { definitionOf } from '../describe.ts';
import type { ObjectDefinition } from '../object-definition.ts';
import { columnsOf, readRow } from '../remote-row.ts';
import { encodeSoql } from '../run-query.ts';
import type { Session } from '../session.ts';
import { rowFilters } from '../row-filter.ts';
import { checkName, datetimeLiteral } from '../soql-literal.ts';
import { createJob, pathOf } from './job-status.ts';
import { readCsv, type CsvRow } from './read-csv.ts';
import { callStreaming } from './stream-call.ts';

/**
 * Query jobs of Bulk API 2.0, deleted rows included.
 * https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/bulk_api_2_0_queries.htm
 */

export async function countRows(
  session: Session,
  request: Pick<BulkReadRequest, 'object' | 'from' | 'whereNotNull' | 'where'>,
): Promise<number> {
  const soql = `SELECT COUNT() FROM ${checkName(request.object)}${whereOf(request)}`;
  const { body } = await callApi(session, { operation: 'count', method: 'GET', path: `/queryAll?q=${encodeSoql(soql)}` });
  const count = asObject(body, 'a count')['totalSize'];
  if (typeof count !== 'number') throw new CrmFailure('CRM_UNAVAILABLE', 'The answer to a count is none');
  return count;
}

export async function startQuery(session: Session, request: BulkReadRequest): Promise<string> {
  const query = bulkQuery(await definitionOf(session, request.object), request);
  return createJob(session, 'query', { operation: 'queryAll', query, contentType: 'CSV', columnDelimiter: 'COMMA', lineEnding: 'LF' });
}

/** An order keeps Salesforce from splitting the query by record id, which it does by itself for large objects. */
export function bulkQuery(definition: ObjectDefinition, request: BulkReadRequest): string {
  const order = request.isOrdered ? ' ORDER BY SystemModstamp, Id' : '';
  return `SELECT ${columnsOf(definition, request.fields)} FROM ${checkName(request.object)}${whereOf(request)}${order}`;
}

function whereOf({
  from,
  before,
  ...filter
}: Pick<BulkReadRequest, 'from' | 'whereNotNull' | 'where'> & { readonly before?: string }): string {
  const conditions = [
    ...(from === null ? [] : [`SystemModstamp >= ${datetimeLiteral(from)}`]),
    ...(before === undefined ? [] : [`SystemModstamp < ${datetimeLiteral(before)}`]),
    ...rowFilters(filter),
  ];
  return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
}

/** One page. The last one has the locator `null`, the word; fewer rows than the answer says it has are no answer. */
export async function readPage(
  session: Session,
  { object, fields }: Pick<BulkReadRequest, 'object' | 'fields'>,
  jobId: string,
  locator: string | null,
  mostRows: number,
): Promise<{ readonly rows: AsyncIterable<RemoteRow>; readonly next: string | null }> {
  const definition = await definitionOf(session, object);
  const place = locator === null ? '' : `&locator=${encodeURIComponent(locator)}`;
  const path = `${pathOf('query', jobId)}/results?maxRecords=${mostRows}${place}`;
  const { headers, body } = await callStreaming(session, { operation: 'bulk_query', path });
  const next = headers['sforce-locator'];
  const promised = Number(headers['sforce-numberofrecords'] ?? Number.NaN);
  return { rows: rowsOf(body, fields, definition, promised), next: next === undefined || next === 'null' || next === '' ? null : next };
}

async function* rowsOf(
  body: AsyncIterable<Uint8Array>,
  fields: readonly string[],
  definition: ObjectDefinition,
  promised: number,
): AsyncGenerator<RemoteRow> {
  let count = 0;
  for await (const row of readCsv(body, 'Id')) {
    count += 1;
    yield readRow(typed(row, definition), fields);
  }
  if (!Number.isNaN(promised) && count !== promised)
    throw new CrmFailure('CRM_UNAVAILABLE', `A page of a bulk query has ${count} rows; it says ${promised}`);
}

/** CSV knows text alone: numbers and yes or no get back the form that JSON gives them. */
function typed(row: CsvRow, { fields }: ObjectDefinition): Readonly<Record<string, RemoteValue>> {
  return Object.fromEntries(
    Object.entries(row).map(([name, cell]): readonly [string, RemoteValue] => {
      if (cell === '') return [name, null];
      const type = fields.get(name)?.type;
      if (type === 'boolean') return [name, cell === 'true'];
      return [name, type === 'number' ? Number(cell) : cell];
    }),
  );
}
