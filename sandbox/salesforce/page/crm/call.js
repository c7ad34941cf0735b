/** Calls of the REST API as the chosen user. Everything on this page goes through the same API as any other client. */

import { currentAlias } from '../../../kit/page/session.js';

const BASE = '/services/data/v66.0';
const TOKEN = '00D000000000001!';
/** The `Date` header has whole seconds and was written a moment ago: less than this is no difference. */
const CLOCK_TOLERANCE_MS = 2000;

let clockAheadMs = 0;

/** The org's own time in milliseconds, as its last answer told it. */
export function orgNow() {
  return Date.now() + clockAheadMs;
}

/** A refusal: `complaints` are the CRM's own error objects. */
export class CrmError extends Error {
  constructor(status, complaints) {
    super(complaints.map(({ message }) => message).join(' '));
    this.name = 'CrmError';
    this.status = status;
    this.complaints = complaints;
  }
}

/** The answer to a call below the version; null where it has no body. `alias` is somebody else than the chosen user where it is given. */
export async function call(path, { method = 'GET', body, alias = currentAlias() } = {}) {
  const init = { method, headers: { Authorization: `Bearer ${TOKEN}${alias}` } };
  if (body !== undefined) {
    init.headers['Content-Type'] = 'application/json';
    init.body = JSON.stringify(body);
  }
  const answer = await fetch(BASE + path, init).catch(() => {
    throw new CrmError(0, [{ errorCode: 'NO_ANSWER', message: 'Salesforce gave no answer. Is the sandbox running?' }]);
  });
  noteClock(answer.headers.get('date'));
  const text = await answer.text();
  if (answer.ok) return text === '' ? null : JSON.parse(text);
  throw new CrmError(answer.status, readComplaints(answer, text));
}

/** The first page of a query's answer. */
export function query(soql, options) {
  return call(`/query?q=${encodeURIComponent(soql)}`, options);
}

function readComplaints(answer, text) {
  try {
    return [JSON.parse(text)].flat();
  } catch {
    const words = text.replace(/<[^>]*>/g, ' ').trim();
    return [{ errorCode: `HTTP ${answer.status}`, message: words || answer.statusText }];
  }
}

function noteClock(header) {
  const aheadMs = header === null ? 0 : Date.parse(header) - Date.now();
  clockAheadMs = Math.abs(aheadMs) < CLOCK_TOLERANCE_MS ? 0 : aheadMs;
}
