import { CrmFailure, type CrmFailureCode } from '../failures.ts';
import type { HttpExchange } from '../http-exchange.ts';
import { readComplaint, type ComplaintDetail, type HubspotComplaint } from './complaint.ts';

/**
 * HubSpot's codes of values and its categories as ours; what is not listed goes by the status of the call, or counts as an invalid value of the row.
 * https://developers.hubspot.com/docs/api-reference/error-handling
 */
const HUBSPOT_CODES: Readonly<Record<string, CrmFailureCode>> = {
  PROPERTY_DOESNT_EXIST: 'CRM_FIELD_UNKNOWN',
  READ_ONLY_VALUE: 'CRM_PERMISSION_DENIED',
  INVALID_OWNER_ID: 'CRM_OWNER_INVALID',
  OWNER_NOT_FOUND: 'CRM_OWNER_INVALID',

  INVALID_AUTHENTICATION: 'CRM_AUTH_FAILED',
  EXPIRED_AUTHENTICATION: 'CRM_AUTH_FAILED',
  MISSING_SCOPES: 'CRM_PERMISSION_DENIED',
  BANNED: 'CRM_PERMISSION_DENIED',
  CONFLICT: 'CRM_DUPLICATE',
  OBJECT_ALREADY_EXISTS: 'CRM_DUPLICATE',
  OBJECT_NOT_FOUND: 'CRM_RECORD_GONE',
  RATE_LIMITS: 'CRM_RATE_LIMITED',
};

/** A call that HubSpot refused, with what it said. */
export class RefusedCall extends CrmFailure {
  readonly complaint: HubspotComplaint;

  constructor(code: CrmFailureCode, message: string, complaint: HubspotComplaint, options: { retryAfterMs?: number }) {
    super(code, message, options);
    this.complaint = complaint;
  }
}

/** In which an option that does not exist is a person who left. */
const OWNER_PROPERTY = 'hubspot_owner_id';

/** The code for one refused row of a write. */
export function classifyRow(complaint: HubspotComplaint): CrmFailureCode {
  return classifyComplaint(complaint) ?? 'CRM_VALUE_INVALID';
}

/**
 * The failure of a whole call that was answered with an error status. Bodies that are not HubSpot's JSON are never repeated in the message; a page under a status of
 * the 400s was not written by HubSpot's API, so it refuses nothing, and the call is repeated.
 */
export function classifyAnswer(exchange: HttpExchange): CrmFailure {
  const { status, body } = exchange;
  const complaint = readComplaint(body);
  const correlation = exchange.headers['x-hubspot-correlation-id'];
  const reference = correlation === undefined ? '' : ` (correlation id ${correlation})`;
  if (complaint === null) {
    const isPage = status >= 400 && status < 500 && /^\s*</.test(body) && ![401, 413, 414].includes(status);
    const code = isPage ? 'CRM_UNAVAILABLE' : classifyStatus(status);
    return new CrmFailure(code, `HTTP ${status} without a readable reason${reference}`, retryIn(exchange));
  }
  const code = classifyLimit(status, complaint) ?? classifyComplaint(complaint) ?? classifyStatus(status);
  // No call of ours but a write names single records, and what it lacks then is an object or a route.
  const ofCall = code === 'CRM_RECORD_GONE' ? 'CRM_FIELD_UNKNOWN' : code;
  return new RefusedCall(ofCall, `${wordsOf(complaint) || `HTTP ${status}`}${reference}`, complaint, retryIn(exchange));
}

/** HubSpot's words: the reasons one by one where it gives them. */
export function wordsOf({ category, message, details }: HubspotComplaint): string {
  const reasons = details.map(({ code, message: reason, property }) => [code, property, reason].filter((part) => part !== null).join(': '));
  if (reasons.length > 0) return reasons.join('; ');
  return category === null ? message : `${category}: ${message}`;
}

function classifyComplaint(complaint: HubspotComplaint): CrmFailureCode | null {
  if (complaint.clash !== null) return 'CRM_DUPLICATE';
  const [first] = complaint.details;
  const detail = first === undefined ? null : classifyDetail(first);
  if (detail !== null) return detail;
  if (/unable to infer object type|property \S+ does not exist/i.test(complaint.message)) return 'CRM_FIELD_UNKNOWN';
  if (complaint.category === 'VALIDATION_ERROR') return 'CRM_VALUE_INVALID';
  return complaint.category === null ? null : (HUBSPOT_CODES[complaint.category] ?? null);
}

function classifyDetail({ code, property }: ComplaintDetail): CrmFailureCode | null {
  if (property === OWNER_PROPERTY && code === 'INVALID_OPTION') return 'CRM_OWNER_INVALID';
  return code === null ? null : (HUBSPOT_CODES[code] ?? null);
}

function classifyLimit(status: number, { policyName }: HubspotComplaint): CrmFailureCode | null {
  if (status !== 429) return null;
  return policyName === 'DAILY' ? 'CRM_ALLOWANCE_EXHAUSTED' : 'CRM_RATE_LIMITED';
}

function classifyStatus(status: number): CrmFailureCode {
  if (status === 401) return 'CRM_AUTH_FAILED';
  if (status === 403) return 'CRM_PERMISSION_DENIED';
  if (status === 404) return 'CRM_FIELD_UNKNOWN';
  if (status === 409) return 'CRM_DUPLICATE';
  if (status === 423) return 'CRM_RECORD_LOCKED';
  if (status === 429) return 'CRM_RATE_LIMITED';
  // 477: the account is being moved between data centres. 501 never gets better by itself.
  if (status === 408 || status === 477 || (status >= 500 && status !== 501)) return 'CRM_UNAVAILABLE';
  return 'CRM_REQUEST_INVALID';
}

/** In seconds, as HubSpot sends it with 477; it may be up to a day. */
function retryIn({ headers }: HttpExchange): { readonly retryAfterMs?: number } {
  const seconds = headers['retry-after'] === undefined ? Number.NaN : Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds >= 0 ? { retryAfterMs: Math.round(seconds * 1_000) } : {};
}
