/** How HubSpot words the refusals that a test can ask for. Source: HubSpot developer documentation, "Error handling". */

import type { FaultRule } from '../kit/fault.ts';
import type { FaultAnswer } from '../kit/fault-transport.ts';
import { tooMany } from './limit.ts';
import { errorBody, missingScopes, refusal } from './wire/api-error.ts';
import type { ApiError } from './wire/api-error.ts';

const CORRELATION_ID = '00000000-0000-4000-8000-00000000fa17';

/** The answer of a fault that is one; null for faults of the connection. */
export function answerOfFault(rule: FaultRule): FaultAnswer | null {
  switch (rule.fault) {
    case 'status':
      return answerOfStatus(rule.status ?? 500);
    case 'unauthorized':
      return answerOfStatus(401);
    case 'limit':
      return asJson(tooMany('DAILY', 'daily'));
    case 'concurrent_limit':
      return asJson(tooMany('TEN_SECONDLY_ROLLING', 'ten_secondly_rolling'));
    case 'row_lock':
      return answerOfStatus(423);
    case 'unavailable':
      return asPage(503, 'Service Unavailable');
    case 'hang':
    case 'truncate':
    case 'slow':
    case 'html':
    case 'drop':
    case 'lost_answer':
    case 'delay':
      return null;
  }
}

export function pageOf(title: string): string {
  return `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
}

function answerOfStatus(status: number): FaultAnswer {
  const pages: Readonly<Record<number, string>> = { 502: 'Bad Gateway', 503: 'Service Unavailable', 504: 'Gateway Timeout' };
  const page = pages[status];
  if (page !== undefined) return asPage(status, page);
  const known: Readonly<Record<number, ApiError>> = {
    401: refusal(401, 'EXPIRED_AUTHENTICATION', 'The OAuth token used to make this call expired 5 second(s) ago.'),
    403: missingScopes(['crm.objects.deals.write']),
    423: { kind: 'refusal', status: 423, message: 'Locked: too many writes of the same records at a time' },
    429: tooMany('TEN_SECONDLY_ROLLING', 'ten_secondly_rolling'),
    477: { kind: 'refusal', status: 477, message: 'This account is being migrated between data centers' },
  };
  return asJson(known[status] ?? { kind: 'refusal', status, message: 'internal error' });
}

function asJson(error: ApiError): FaultAnswer {
  return {
    status: error.status,
    contentType: 'application/json;charset=utf-8',
    body: JSON.stringify(errorBody(error, CORRELATION_ID)),
    // In seconds. Up to a day in HubSpot.
    ...(error.status === 477 ? { headers: { 'retry-after': '60' } } : {}),
  };
}

function asPage(status: number, title: string): FaultAnswer {
  return { status, contentType: 'text/html;charset=utf-8', body: pageOf(title) };
}
