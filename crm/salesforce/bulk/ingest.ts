import { CrmFailure } from '../../failures.ts';
import type { BulkOutcome, BulkTarget, RemoteWrite } from '../../port.ts';
import { callApi } from '../call.ts';
import { definitionOf } from '../describe.ts';
import type { Session } from '../session.ts';
import { checkName } from '../soql-literal.ts';
import { readFailedRow, readWrittenRow } from './ingest-row.ts';
import { createJob, pathOf, statusOf } from './job-status.ts';
import { readCsv } from './read-csv.ts';
import { callStreaming } from './stream-call.ts';
import { cellsOf, writeCsv } from './write-csv.ts';

/**
 * Ingest jobs of Bulk API 2.0: made, given their data in one upload, closed, and asked for their results.
 * https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/bulk_api_2_0_ingest.htm
 */

/** By id an update, so that a record that was deleted meanwhile is not made again; by external id an upsert, so that doing it twice makes one record. */
export function openIngest(session: Session, object: string, target: BulkTarget): Promise<string> {
  const operation = target.kind === 'id' ? { operation: 'update' } : { operation: 'upsert', externalIdFieldName: checkName(target.field) };
  const dialect = { contentType: 'CSV', columnDelimiter: 'COMMA', lineEnding: 'LF' };
  return createJob(session, 'ingest', { object: checkName(object), ...operation, ...dialect });
}

/** Salesforce takes one upload for a job, and leaves open what became of one that broke off: then the job is of no use any more. */
export async function uploadRows(session: Session, object: string, jobId: string, rows: () => AsyncIterable<RemoteWrite>): Promise<void> {
  const definition = await definitionOf(session, object);
  const path = `${pathOf('ingest', jobId)}/batches`;
  const { body } = await callStreaming(session, { operation: 'bulk_ingest', path, data: () => writeCsv(rows, definition) });
  for await (const _nothing of body);
}

/** Closing a job that is closed is refused; the caller asks how it stands where it cannot know. */
export async function closeIngest(session: Session, jobId: string): Promise<void> {
  await changeState(session, jobId, 'UploadComplete');
}

export async function abortIngest(session: Session, jobId: string): Promise<void> {
  try {
    await changeState(session, jobId, 'Aborted');
  } catch (error) {
    if (!(error instanceof CrmFailure)) throw error;
    const { state } = await statusOf(session, 'ingest', jobId);
    if (state === 'open' || state === 'working') throw error;
  }
}

async function changeState(session: Session, jobId: string, state: 'UploadComplete' | 'Aborted'): Promise<void> {
  await callApi(session, { operation: 'bulk_ingest', method: 'PATCH', path: pathOf('ingest', jobId), body: { state } });
}

export async function whatFitsIngest(session: Session, object: string): Promise<(write: RemoteWrite) => boolean> {
  const definition = await definitionOf(session, object);
  return (write) => cellsOf(write, definition) !== null;
}

export async function* readOutcomes(session: Session, jobId: string, target: BulkTarget): AsyncGenerator<BulkOutcome> {
  for (const [part, read] of [
    ['successfulResults', readWrittenRow],
    ['failedResults', readFailedRow],
  ] as const) {
    const { body } = await callStreaming(session, { operation: 'bulk_ingest', path: `${pathOf('ingest', jobId)}/${part}` });
    for await (const row of readCsv(body, 'sf__Id')) yield read(row, target);
  }
}
