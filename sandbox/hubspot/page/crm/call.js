/** Calls of HubSpot's API as the chosen user. Everything on this page goes through the same API as any other client. */

import { currentAlias } from '../../../kit/page/session.js';

/** The newest version, which asks for what an administrator requires, as HubSpot's own pages do. */
export const VERSION = '2026-09';
const TOKEN = 'pat-sandbox-';

/** A refusal: `complaints` are `{ errorCode, message, field }`, the field where the refusal names one. */
export class CrmError extends Error {
  constructor(status, complaints) {
    super(complaints.map(({ message }) => message).join(' '));
    this.name = 'CrmError';
    this.status = status;
    this.complaints = complaints;
  }
}

/** The answer to a call; null where it has no body. */
export async function call(path, { method = 'GET', body } = {}) {
  const init = { method, headers: { Authorization: `Bearer ${TOKEN}${currentAlias()}` } };
  if (body !== undefined) {
    init.headers['Content-Type'] = 'application/json';
    init.body = JSON.stringify(body);
  }
  const answer = await fetch(path, init).catch(() => {
    throw new CrmError(0, [{ errorCode: 'NO_ANSWER', message: 'HubSpot gave no answer. Is the sandbox running?' }]);
  });
  const text = await answer.text();
  if (answer.ok) return text === '' ? null : JSON.parse(text);
  throw new CrmError(answer.status, readComplaints(answer, text));
}

function readComplaints(answer, text) {
  try {
    const { message, error, category, errors = [] } = JSON.parse(text);
    const named = errors.filter(({ context }) => context?.propertyName !== undefined);
    if (named.length > 0)
      return named.map((each) => ({ errorCode: each.code, message: each.message, field: each.context.propertyName[0] }));
    // Control calls of the sandbox say `error`.
    return [{ errorCode: category ?? `HTTP ${answer.status}`, message: message ?? error }];
  } catch {
    const words = text.replace(/<[^>]*>/g, ' ').trim();
    return [{ errorCode: `HTTP ${answer.status}`, message: words || answer.statusText }];
  }
}
