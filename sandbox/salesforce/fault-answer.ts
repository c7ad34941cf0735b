/** How Salesforce words the refusals that a test can ask for. Source: REST API Developer Guide, "Status Codes and Error Responses". */

import type { FaultRule } from '../kit/fault.ts';
import { apiFault, writeSoapFault } from './wire/soap.ts';
import type { FaultAnswer } from '../kit/fault-transport.ts';

const HTML = 'text/html;charset=utf-8';
const JSON_TYPE = 'application/json;charset=UTF-8';

function refusal(status: number, errorCode: string, message: string): FaultAnswer {
  return { status, contentType: JSON_TYPE, body: JSON.stringify([{ message, errorCode }]) };
}

function page(status: number, title: string): FaultAnswer {
  return { status, contentType: HTML, body: `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>` };
}

/** The answer of a fault that is one; null for faults of the connection. The token endpoint refuses with an object, all others with an array. */
export function answerOfFault(rule: FaultRule, path: string): FaultAnswer | null {
  if (path.startsWith('/services/Soap/')) return soapAnswer(rule);
  const asToken = path.startsWith('/services/oauth2/');
  switch (rule.fault) {
    case 'unauthorized':
      return asToken ? tokenRefusal(401) : answerOfStatus(401);
    case 'limit':
      return refusal(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
    case 'unavailable':
      return page(503, 'Service Unavailable');
    case 'status': {
      const status = rule.status ?? 500;
      return asToken && status < 500 ? tokenRefusal(status) : answerOfStatus(status);
    }
    case 'hang':
    case 'truncate':
    case 'drop':
    case 'lost_answer':
    case 'row_lock':
    case 'delay':
      return null;
  }
}

/** SOAP calls are refused with a fault, and by the edge with its page, as all calls are. */
function soapAnswer(rule: FaultRule): FaultAnswer | null {
  const fault = (code: string, message: string): FaultAnswer => ({
    status: 500,
    contentType: 'text/xml; charset=utf-8',
    body: writeSoapFault(apiFault(code, message)),
  });
  switch (rule.fault) {
    case 'unauthorized':
      return fault('INVALID_SESSION_ID', 'Invalid Session ID found in SessionHeader: Illegal Session. Session not found');
    case 'limit':
      return fault('REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
    case 'status':
      return (rule.status ?? 500) < 500 ? fault('UNKNOWN_EXCEPTION', 'An unexpected error occurred.') : answerOfStatus(rule.status ?? 500);
    case 'unavailable':
      return page(503, 'Service Unavailable');
    case 'hang':
    case 'truncate':
    case 'drop':
    case 'lost_answer':
    case 'row_lock':
    case 'delay':
      return null;
  }
}

function tokenRefusal(status: number): FaultAnswer {
  return { status, contentType: JSON_TYPE, body: JSON.stringify({ error: 'invalid_grant', error_description: 'authentication failure' }) };
}

/** What Salesforce, or the edge before it, answers with this status. */
function answerOfStatus(status: number): FaultAnswer {
  const known: Readonly<Record<number, FaultAnswer>> = {
    400: refusal(400, 'UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record'),
    401: refusal(401, 'INVALID_SESSION_ID', 'Session expired or invalid'),
    403: refusal(403, 'INSUFFICIENT_ACCESS', 'insufficient access rights on object id'),
    404: refusal(404, 'NOT_FOUND', 'The requested resource does not exist'),
    406: { status: 406, contentType: JSON_TYPE, body: '' },
    409: refusal(409, 'CONFLICT', 'The request could not be completed due to a conflict with the state of the resource'),
    420: page(420, 'Server Too Busy'),
    429: refusal(429, 'REQUEST_LIMIT_EXCEEDED', 'ConcurrentRequests (Concurrent API Requests) Limit exceeded.'),
    500: refusal(
      500,
      'UNKNOWN_EXCEPTION',
      'An unexpected error occurred. Please include this ErrorId if you contact support: 1234567890-12345 (-123456789)',
    ),
    502: page(502, 'Bad Gateway'),
    503: refusal(503, 'SERVER_UNAVAILABLE', 'We are currently undergoing maintenance'),
    504: page(504, 'Gateway Timeout'),
  };
  return known[status] ?? refusal(status, 'UNKNOWN_EXCEPTION', `The sandbox was asked for the status ${status}`);
}
