import { CrmFailure } from '../../failures.ts';
import type { BulkJobStatus } from '../../port.ts';
import { asObject, textOrNull } from '../../answer-shape.ts';
import { callApi } from '../call.ts';
import type { Session } from '../session.ts';
import { checkName } from '../soql-literal.ts';

export type JobKind = 'ingest' | 'query';

/** https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/get_job_info.htm */
const STATES: Readonly<Record<string, BulkJobStatus['state']>> = {
  Open: 'open',
  UploadComplete: 'working',
  InProgress: 'working',
  JobComplete: 'complete',
  Failed: 'failed',
  Aborted: 'aborted',
};

/** The address of a job: the id comes from an answer or from the store, and must not lead elsewhere. */
export function pathOf(kind: JobKind, jobId: string): string {
  return `/jobs/${kind}/${checkName(`j${jobId}`).slice(1)}`;
}

export async function createJob(session: Session, kind: JobKind, body: object): Promise<string> {
  const answer = await callApi(session, { operation: `bulk_${kind}`, method: 'POST', path: `/jobs/${kind}`, body });
  const id = textOrNull(asObject(answer.body, 'a bulk job')['id']);
  if (id === null) throw new CrmFailure('CRM_UNAVAILABLE', 'The answer to a bulk job names none');
  return id;
}

export async function statusOf(session: Session, kind: JobKind, jobId: string): Promise<BulkJobStatus> {
  try {
    const { body } = await callApi(session, { operation: `bulk_${kind}`, method: 'GET', path: pathOf(kind, jobId) });
    const job = asObject(body, 'a bulk job');
    const word = textOrNull(job['state']) ?? '';
    const state = STATES[word];
    if (state === undefined) throw new CrmFailure('CRM_UNAVAILABLE', 'A bulk job is in a state that nobody knows');
    const processed = typeof job['numberRecordsProcessed'] === 'number' ? job['numberRecordsProcessed'] : 0;
    return { state, message: textOrNull(job['errorMessage']), processed };
  } catch (error) {
    // NOT_FOUND: jobs live seven days, and an administrator may delete one.
    if (error instanceof CrmFailure && error.code === 'CRM_FIELD_UNKNOWN') return { state: 'gone', message: null, processed: 0 };
    throw error;
  }
}
