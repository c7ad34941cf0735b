import { CRM_FAILURES, type CrmFailure, type CrmFailureCode } from '../failures.ts';
import type { RemoteWrite, WriteOutcome } from '../port.ts';
import { asList, isObject, textOrNull, type JsonObject } from '../answer-shape.ts';
import { classifyRow, type SalesforceComplaint } from './classify-failure.ts';

const RECORD_ID = /^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/;

/** What Salesforce said against a row, with the fields that it names. */
export type RowComplaint = SalesforceComplaint & { readonly fields: readonly string[] };

/** One entry of a Collections answer. Its errors carry `statusCode`, where those of a call carry `errorCode`. */
export function readOutcome(result: JsonObject, row: RemoteWrite): WriteOutcome {
  const id = textOrNull(result['id']);
  if (result['success'] === true && id !== null) return { kind: 'written', id, created: result['created'] === true };
  const errors = Array.isArray(result['errors']) ? result['errors'].filter(isObject) : [];
  const complaints = errors.map((error) => ({
    code: textOrNull(error['statusCode']) ?? textOrNull(error['errorCode']),
    message: textOrNull(error['message']) ?? '',
    fields: Array.isArray(error['fields']) ? error['fields'].filter((name) => typeof name === 'string') : [],
  }));
  return refusalOf(complaints, row);
}

/** The first complaint says what became of the row; all of them are told. */
export function refusalOf(complaints: readonly RowComplaint[], row: RemoteWrite): WriteOutcome {
  const [first] = complaints;
  const code = first === undefined ? 'CRM_VALUE_INVALID' : codeOf(first, row);
  return {
    kind: 'refused',
    code,
    retryable: CRM_FAILURES[code].retryable,
    message: complaints.map(({ code: words, message }) => `${words ?? 'refused'}: ${message}`).join('; ') || 'Refused without a reason',
    fields: [...new Set(complaints.flatMap(({ fields }) => fields))],
  };
}

/** The results of a call, in the order of its rows; an answer that does not fit them counts as no answer. */
export function readResults(body: unknown, count: number): readonly JsonObject[] | null {
  const results = asList(body, 'a write');
  return results.length === count ? results : null;
}

/** The outcome of a row whose whole call was refused because of it. */
export function refusedBy(failure: CrmFailure, fields: readonly string[]): WriteOutcome {
  return { kind: 'refused', code: failure.code, retryable: CRM_FAILURES[failure.code].retryable, message: failure.message, fields };
}

/**
 * INVALID_CROSS_REFERENCE_KEY is said of a parent that is missing, and of the row itself when its id no longer exists; it is the latter
 * where the row names no other record.
 */
function codeOf(complaint: RowComplaint, row: RemoteWrite): CrmFailureCode {
  const code = classifyRow(complaint);
  if (code !== 'CRM_REFERENCE_MISSING' || row.target.kind !== 'id' || complaint.fields.length > 0) return code;
  const namesOthers =
    Object.keys(row.parents ?? {}).length > 0 ||
    Object.values(row.fields).some((value) => typeof value === 'string' && RECORD_ID.test(value));
  return namesOthers ? code : 'CRM_RECORD_GONE';
}
