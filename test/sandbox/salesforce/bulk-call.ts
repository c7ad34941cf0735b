/** Bulk jobs by plain calls, as a client makes them. */

import { parse } from 'csv-parse/sync';
import type { Answer, OpenedOrg } from './opened-org.ts';

export const INGEST = '/jobs/ingest';
export const QUERY = '/jobs/query';

export async function openJob(org: OpenedOrg, job: object): Promise<string> {
  const answer = await org.call('POST', INGEST, job);
  expect(answer.status).toBe(200);
  return answer.body.id;
}

export function upload(org: OpenedOrg, id: string, csv: string): Promise<Answer> {
  return org.call('PUT', `${INGEST}/${id}/batches`, csv, { 'content-type': 'text/csv' });
}

export function setState(org: OpenedOrg, path: string, state: string): Promise<Answer> {
  return org.call('PATCH', path, { state });
}

/** Asks until the job is in one of `states`. */
export async function waitFor(org: OpenedOrg, path: string, ...states: readonly string[]): Promise<Answer['body']> {
  for (;;) {
    const { body } = await org.call('GET', path);
    if (states.includes(body.state)) return body;
    expect(['UploadComplete', 'InProgress']).toContain(body.state);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Opens a job, uploads, closes it and waits for its end; gives its path and what it then says of itself. */
export async function runJob(org: OpenedOrg, job: object, csv: string): Promise<{ path: string; info: Answer['body'] }> {
  const id = await openJob(org, job);
  const path = `${INGEST}/${id}`;
  expect((await upload(org, id, csv)).status).toBe(201);
  expect((await setState(org, path, 'UploadComplete')).body.state).toBe('UploadComplete');
  return { path, info: await waitFor(org, path, 'JobComplete', 'Failed') };
}

export interface Rows {
  readonly header: readonly string[];
  /** Sorted, since results come in no order. */
  readonly rows: readonly (readonly string[])[];
}

/** CSV read by a parser that is not the sandbox's writer. */
export function readCsv(text: string, options: { delimiter?: string; record_delimiter?: string } = {}): Rows {
  const [header = [], ...rows] = parse(text, { relax_column_count: true, ...options });
  return { header, rows: rows.toSorted((a, b) => a.join('|').localeCompare(b.join('|'))) };
}

export async function results(org: OpenedOrg, path: string, kind: string): Promise<Rows> {
  const answer = await org.call('GET', `${path}/${kind}`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/csv']);
  return readCsv(answer.body);
}
