import { CrmFailure, type CrmFailureCode } from '../failures.ts';
import { isObject, textOrNull } from '../answer-shape.ts';

/**
 * Salesforce's error codes (`errorCode` of a call, `statusCode` of a row) as ours. What is not listed goes by the HTTP status of the call,
 * or counts as an invalid value of the row.
 * https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_concepts_core_data_objects.htm#statuscode
 */
export const SALESFORCE_CODES: Readonly<Record<string, CrmFailureCode>> = {
  INVALID_SESSION_ID: 'CRM_AUTH_FAILED',
  INVALID_AUTH_HEADER: 'CRM_AUTH_FAILED',
  INVALID_LOGIN: 'CRM_AUTH_FAILED',
  INVALID_OPERATION_WITH_EXPIRED_PASSWORD: 'CRM_AUTH_FAILED',

  API_DISABLED_FOR_ORG: 'CRM_PERMISSION_DENIED',
  API_CURRENTLY_DISABLED: 'CRM_PERMISSION_DENIED',
  CANNOT_MODIFY_MANAGED_OBJECT: 'CRM_PERMISSION_DENIED',
  FUNCTIONALITY_NOT_ENABLED: 'CRM_PERMISSION_DENIED',
  INSUFFICIENT_ACCESS: 'CRM_PERMISSION_DENIED',
  INSUFFICIENT_ACCESS_OR_READONLY: 'CRM_PERMISSION_DENIED',
  INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY: 'CRM_PERMISSION_DENIED',
  // The field exists, but not for this user to write: field-level security, or a field that nobody writes.
  INVALID_FIELD_FOR_INSERT_UPDATE: 'CRM_PERMISSION_DENIED',

  REQUEST_LIMIT_EXCEEDED: 'CRM_ALLOWANCE_EXHAUSTED',
  STORAGE_LIMIT_EXCEEDED: 'CRM_ALLOWANCE_EXHAUSTED',
  EXCEEDED_QUOTA: 'CRM_ALLOWANCE_EXHAUSTED',
  REQUEST_RUNNING_TOO_LONG: 'CRM_RATE_LIMITED',
  TOO_MANY_APEX_REQUESTS: 'CRM_RATE_LIMITED',

  INVALID_QUERY_LOCATOR: 'CRM_UNAVAILABLE',
  QUERY_TIMEOUT: 'CRM_UNAVAILABLE',
  SERVER_UNAVAILABLE: 'CRM_UNAVAILABLE',
  UNKNOWN_EXCEPTION: 'CRM_UNAVAILABLE',

  // A native approval holds the row until somebody decides it, which can take days.
  ENTITY_IS_LOCKED: 'CRM_RECORD_IN_APPROVAL',
  UNABLE_TO_LOCK_ROW: 'CRM_RECORD_LOCKED',

  CANNOT_EXECUTE_FLOW_TRIGGER: 'CRM_VALUE_INVALID',
  CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY: 'CRM_VALUE_INVALID',
  FIELD_CUSTOM_VALIDATION_EXCEPTION: 'CRM_VALUE_INVALID',
  FIELD_FILTER_VALIDATION_EXCEPTION: 'CRM_VALUE_INVALID',
  FIELD_INTEGRITY_EXCEPTION: 'CRM_VALUE_INVALID',
  INVALID_CURRENCY_ISO: 'CRM_VALUE_INVALID',
  INVALID_EMAIL_ADDRESS: 'CRM_VALUE_INVALID',
  INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: 'CRM_VALUE_INVALID',
  INVALID_TYPE_ON_FIELD_IN_RECORD: 'CRM_VALUE_INVALID',
  // Our bodies are written by JSON.stringify, so what the parser rejects is a value of the wrong type, such as a text where a date belongs.
  JSON_PARSER_ERROR: 'CRM_VALUE_INVALID',
  MALFORMED_ID: 'CRM_VALUE_INVALID',
  NUMBER_OUTSIDE_VALID_RANGE: 'CRM_VALUE_INVALID',
  REQUIRED_FIELD_MISSING: 'CRM_VALUE_INVALID',
  STRING_TOO_LONG: 'CRM_VALUE_INVALID',
  UNSAFE_HTML_CONTENT: 'CRM_VALUE_INVALID',

  INVALID_FIELD: 'CRM_FIELD_UNKNOWN',
  INVALID_TYPE: 'CRM_FIELD_UNKNOWN',
  // Bulk API 2.0 spells its codes without underscores.
  INVALIDENTITY: 'CRM_FIELD_UNKNOWN',

  DUPLICATES_DETECTED: 'CRM_DUPLICATE',
  DUPLICATE_EXTERNAL_ID: 'CRM_DUPLICATE',
  DUPLICATE_VALUE: 'CRM_DUPLICATE',
  MULTIPLE_CHOICES: 'CRM_DUPLICATE',

  INVALID_CROSS_REFERENCE_KEY: 'CRM_REFERENCE_MISSING',

  // A converted lead takes no writes: what it became is somewhere else.
  CANNOT_UPDATE_CONVERTED_LEAD: 'CRM_RECORD_GONE',
  ENTITY_IS_DELETED: 'CRM_RECORD_GONE',
  NOT_FOUND: 'CRM_RECORD_GONE',

  INACTIVE_OWNER_OR_USER: 'CRM_OWNER_INVALID',
  OP_WITH_INVALID_USER_TYPE_EXCEPTION: 'CRM_OWNER_INVALID',
  TRANSFER_REQUIRES_READ: 'CRM_OWNER_INVALID',

  ALL_OR_NONE_OPERATION_ROLLED_BACK: 'CRM_REQUEST_INVALID',
  EXCEEDED_ID_LIMIT: 'CRM_REQUEST_INVALID',
  INVALID_BATCH_SIZE: 'CRM_REQUEST_INVALID',
  INVALID_QUERY_FILTER_OPERATOR: 'CRM_REQUEST_INVALID',
  MALFORMED_QUERY: 'CRM_REQUEST_INVALID',
  METHOD_NOT_ALLOWED: 'CRM_REQUEST_INVALID',
  MISSING_ARGUMENT: 'CRM_REQUEST_INVALID',
  PROCESSING_HALTED: 'CRM_REQUEST_INVALID',
  UNSUPPORTED_API_VERSION: 'CRM_REQUEST_INVALID',
};

/** Said of what a trigger or a flow of the org did, which may have found a row locked: that passes, whatever else they refuse for does not. */
const AUTOMATION_CODES: ReadonlySet<string> = new Set(['CANNOT_EXECUTE_FLOW_TRIGGER', 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY']);

/** Also said where the user has no right to make such records, or to change them. */
const NO_RIGHT_TO_ENTITY = /^entity type cannot be (inserted|updated|activated)/i;

const MAX_MESSAGE_LENGTH = 1_000;

/** What Salesforce said, in a form that calls and rows share. */
export interface SalesforceComplaint {
  readonly code: string | null;
  readonly message: string;
}

/**
 * The code for one refused row of a write. Some of Salesforce's codes mean different things by their text, which is looked at here and
 * nowhere else: an unknown parent's external id is an INVALID_FIELD, too many calls at once is a REQUEST_LIMIT_EXCEEDED, a trigger that fails may have met a
 * locked row, and what it is refused with is also said where a right is missing.
 */
export function classifyRow(complaint: SalesforceComplaint): CrmFailureCode {
  return classifyCode(complaint) ?? 'CRM_VALUE_INVALID';
}

/**
 * The failure of a whole call that was answered with an error status.
 *
 * NOT_FOUND means that the object, the external id field or the route is missing: no call addresses a single row by its URL.
 * Bodies that are not Salesforce's JSON (the page of an edge server) are never repeated in the message. A page under a status of the 400s was not written by Salesforce's
 * API either, whose refusals are JSON: so it refuses nothing, and the call is repeated.
 */
export function classifyAnswer(status: number, body: string, retryAfter: string | undefined): CrmFailure {
  if (isPage(body) && status >= 400 && status < 500 && ![401, 413, 414, 431].includes(status))
    return new CrmFailure('CRM_UNAVAILABLE', `HTTP ${status} with a web page in place of an answer`, retryIn(retryAfter));
  return classifyComplaint(status, readComplaint(body), retryAfter);
}

/** The same for what was said in another form than JSON; null where nothing readable was said. */
export function classifyComplaint(status: number, complaint: SalesforceComplaint | null, retryAfter: string | undefined): CrmFailure {
  const known = complaint === null ? null : classifyCode(complaint);
  const code = known === 'CRM_RECORD_GONE' ? 'CRM_FIELD_UNKNOWN' : (known ?? classifyStatus(status));
  const message =
    complaint === null ? `HTTP ${status} without a readable reason` : `${complaint.code ?? `HTTP ${status}`}: ${complaint.message}`;
  return new CrmFailure(code, message.slice(0, MAX_MESSAGE_LENGTH), retryIn(retryAfter));
}

function isPage(body: string): boolean {
  return /^\s*</.test(body);
}

/** The first complaint of an error body: an array of `{errorCode, message}`, or the object that the token endpoint sends. */
export function readComplaint(body: string): SalesforceComplaint | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return null;
  }
  const first: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  // 300 lists the addresses of the records among which the org cannot choose.
  if (Array.isArray(parsed) && typeof first === 'string') {
    const ids = parsed.flatMap((url) => (typeof url === 'string' ? [url.slice(url.lastIndexOf('/') + 1)] : []));
    return { code: 'MULTIPLE_CHOICES', message: `several records match: ${ids.join(', ')}` };
  }
  if (!isObject(first)) return null;
  const code = textOrNull(first['errorCode']) ?? textOrNull(first['error']);
  const message = textOrNull(first['message']) ?? textOrNull(first['error_description']);
  return code === null && message === null ? null : { code, message: message ?? '' };
}

function classifyCode({ code, message }: SalesforceComplaint): CrmFailureCode | null {
  if (code === 'INVALID_FIELD' && /foreign key external id/i.test(message)) return 'CRM_REFERENCE_MISSING';
  if (code === 'REQUEST_LIMIT_EXCEEDED' && /concurrent/i.test(message)) return 'CRM_RATE_LIMITED';
  if (code === 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY') {
    const denied = NO_RIGHT_TO_ENTITY.exec(message)?.[1]?.toLowerCase();
    if (denied !== undefined) return denied === 'inserted' ? 'CRM_CREATE_DENIED' : 'CRM_PERMISSION_DENIED';
  }
  if (code !== null && AUTOMATION_CODES.has(code) && /UNABLE_TO_LOCK_ROW/.test(message)) return 'CRM_RECORD_LOCKED';
  return code === null ? null : (SALESFORCE_CODES[code] ?? null);
}

function classifyStatus(status: number): CrmFailureCode {
  if (status === 300) return 'CRM_DUPLICATE';
  if (status === 401) return 'CRM_AUTH_FAILED';
  if (status === 403) return 'CRM_PERMISSION_DENIED';
  if (status === 429) return 'CRM_RATE_LIMITED';
  // 420 comes from the edge or from an expired org; 406 with an empty body has been seen in the wild. 501 never gets better by itself.
  if ([406, 408, 420].includes(status) || (status >= 500 && status !== 501)) return 'CRM_UNAVAILABLE';
  return 'CRM_REQUEST_INVALID';
}

function retryIn(retryAfter: string | undefined): { readonly retryAfterMs?: number } {
  const retryAfterMs = parseRetryAfter(retryAfter);
  return retryAfterMs === null ? {} : { retryAfterMs };
}

/** Seconds only: Salesforce documents no Retry-After, so it comes from a proxy, which sends seconds. */
function parseRetryAfter(header: string | undefined): number | null {
  const seconds = header === undefined ? Number.NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.round(seconds * 1_000) : null;
}
