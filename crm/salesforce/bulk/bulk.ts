import type { BulkPort } from '../../port.ts';
import type { Session } from '../session.ts';
import { abortIngest, closeIngest, openIngest, readOutcomes, uploadRows, whatFitsIngest } from './ingest.ts';
import { statusOf } from './job-status.ts';
import { countRows, readPage, startQuery } from './query.ts';

/** Bulk API 2.0 as the port has it. */
export function bulkOf(session: Session): BulkPort {
  return {
    count: (request) => countRows(session, request),
    startRead: (request) => startQuery(session, request),
    readStatus: (jobId) => statusOf(session, 'query', jobId),
    readRows: (request, jobId, locator, mostRows) => readPage(session, request, jobId, locator, mostRows),
    whatFits: (object) => whatFitsIngest(session, object),
    openWrite: (object, target) => openIngest(session, object, target),
    upload: (object, jobId, rows) => uploadRows(session, object, jobId, rows),
    close: (jobId) => closeIngest(session, jobId),
    writeStatus: (jobId) => statusOf(session, 'ingest', jobId),
    abort: (jobId) => abortIngest(session, jobId),
    outcomes: (jobId, target) => readOutcomes(session, jobId, target),
  };
}
