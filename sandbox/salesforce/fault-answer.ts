/** How Salesforce words the refusals that a test can ask for. Source: REST API Developer Guide, "Status Codes and Error Responses". */

import type { FaultRule } from '../kit/fault.ts';
import type { FaultAnswer } from '../kit/fault-transport.ts';
import { apiFault, writeSoapFault } from './wire/soap.ts';

/** What is said, before the door at which it was asked for gives it its form. */
type Refusal =
  | { readonly kind: 'complaint'; readonly status: number; readonly errorCode: string; readonly message: string }
  /** By the edge before Salesforce, in the same form at every door. */
  | { readonly kind: 'page'; readonly status: number; readonly title: string }
  | { readonly kind: 'empty'; readonly status: number }
  /** 300 lists the records among which it cannot choose. */
  | { readonly kind: 'choices' };

const HTML = 'text/html;charset=utf-8';
const JSON_TYPE = 'application/json;charset=UTF-8';

/** The answer of a fault that is one; null for faults of the connection. */
export function answerOfFault(rule: FaultRule, path: string): FaultAnswer | null {
  const refusal = refusalOf(rule);
  if (refusal === null) return null;
  switch (refusal.kind) {
    case 'complaint':
      return formOf(refusal, path);
    case 'page':
      return { status: refusal.status, contentType: HTML, body: pageOf(refusal.title) };
    case 'empty':
      return { status: refusal.status, contentType: JSON_TYPE, body: '' };
    case 'choices': {
      const urls = ['001000000000001AAA', '001000000000002AAA'].map((id) => `/services/data/v66.0/sobjects/Account/${id}`);
      return { status: 300, contentType: JSON_TYPE, body: JSON.stringify(urls) };
    }
  }
}

export function pageOf(title: string): string {
  return `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
}

function refusalOf({ fault, status }: FaultRule): Refusal | null {
  switch (fault) {
    case 'unauthorized':
      return refusalOfStatus(401);
    case 'limit':
      return complaint(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
    case 'concurrent_limit':
      return complaint(403, 'REQUEST_LIMIT_EXCEEDED', 'ConcurrentRequests (Concurrent API Requests) Limit exceeded.');
    case 'unavailable':
      return { kind: 'page', status: 503, title: 'Service Unavailable' };
    case 'status':
      return refusalOfStatus(status ?? 500);
    case 'hang':
    case 'truncate':
    case 'slow':
    case 'html':
    case 'drop':
    case 'lost_answer':
    case 'row_lock':
    case 'delay':
      return null;
  }
}

/** REST refuses with an array; the token endpoint with an object, except for limits; SOAP with a fault, which is always a 500. */
function formOf({ status, errorCode, message }: Extract<Refusal, { kind: 'complaint' }>, path: string): FaultAnswer {
  if (path.startsWith('/services/Soap/')) {
    const words =
      errorCode === 'INVALID_SESSION_ID' ? 'Invalid Session ID found in SessionHeader: Illegal Session. Session not found' : message;
    return { status: 500, contentType: 'text/xml; charset=utf-8', body: writeSoapFault(apiFault(errorCode, words)) };
  }
  const isTokenRefusal = path.startsWith('/services/oauth2/') && status < 500 && errorCode !== 'REQUEST_LIMIT_EXCEEDED';
  const body = isTokenRefusal ? { error: 'invalid_grant', error_description: 'authentication failure' } : [{ message, errorCode }];
  return { status, contentType: JSON_TYPE, body: JSON.stringify(body) };
}

function complaint(status: number, errorCode: string, message: string): Refusal {
  return { kind: 'complaint', status, errorCode, message };
}

/** What Salesforce, or the edge before it, answers with this status. */
function refusalOfStatus(status: number): Refusal {
  const known: Readonly<Record<number, Refusal>> = {
    300: { kind: 'choices' },
    400: complaint(400, 'UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record'),
    401: complaint(401, 'INVALID_SESSION_ID', 'Session expired or invalid'),
    403: complaint(403, 'INSUFFICIENT_ACCESS', 'insufficient access rights on object id'),
    404: complaint(404, 'NOT_FOUND', 'The requested resource does not exist'),
    406: { kind: 'empty', status: 406 },
    409: complaint(409, 'CONFLICT', 'The request could not be completed due to a conflict with the state of the resource'),
    412: { kind: 'empty', status: 412 },
    420: { kind: 'page', status: 420, title: 'Server Too Busy' },
    429: complaint(429, 'REQUEST_LIMIT_EXCEEDED', 'ConcurrentRequests (Concurrent API Requests) Limit exceeded.'),
    500: complaint(
      500,
      'UNKNOWN_EXCEPTION',
      'An unexpected error occurred. Please include this ErrorId if you contact support: 1234567890-12345 (-123456789)',
    ),
    502: { kind: 'page', status: 502, title: 'Bad Gateway' },
    503: complaint(503, 'SERVER_UNAVAILABLE', 'We are currently undergoing maintenance'),
    504: { kind: 'page', status: 504, title: 'Gateway Timeout' },
  };
  return known[status] ?? complaint(status, 'UNKNOWN_EXCEPTION', `The sandbox was asked for the status ${status}`);
}
