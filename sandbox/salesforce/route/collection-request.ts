/** What a collection request must look like before any of its rows is looked at: only these make the whole call fail. */

import { isRecordBody } from '../write/record-body.ts';
import type { RecordBody } from '../write/record-body.ts';
import { unreadableJson, UNSUPPORTED_BODY } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';

/** Salesforce's limits for one call (REST API Developer Guide, "sObject Collections"). */
const MOST_RECORDS = 200;
const MOST_TYPE_CHUNKS = 10;

export type CollectionReading =
  | { readonly kind: 'collection'; readonly allOrNone: boolean; readonly records: readonly RecordBody[] }
  | { readonly kind: 'refused'; readonly error: ApiError };

function refused(errorCode: string, message: string): CollectionReading {
  return { kind: 'refused', error: { status: 400, errorCode, message } };
}

/** `attributes.type` of a record; null where it is missing. */
export function typeOf(record: RecordBody): string | null {
  const attributes = record['attributes'];
  const type = isRecordBody(attributes) ? attributes['type'] : undefined;
  return typeof type === 'string' ? type : null;
}

/**
 * The rows of a collection. `kind` `ids` is for deletes, whose rows carry an id alone;
 * `onlyType` is the object of an upsert, where rows may leave their type out but not name another.
 */
export function checkCollection(body: unknown, kind: 'records' | 'ids', onlyType: string | null): CollectionReading {
  if (typeof body === 'string') return { kind: 'refused', error: UNSUPPORTED_BODY };
  if (!isRecordBody(body)) return { kind: 'refused', error: unreadableJson('The JSON body is not an object at [line:1, column:1]') };
  const { allOrNone, records } = body;
  if (!Array.isArray(records) || records.length === 0)
    return refused('INVALID_INPUT', `The ${kind} parameter must hold at least one entry`);
  if (records.length > MOST_RECORDS)
    return refused('EXCEEDED_MAX_SIZE_REQUEST', `record limit reached. cannot submit more than ${MOST_RECORDS} records in this call`);
  if (!records.every(isRecordBody)) return { kind: 'refused', error: unreadableJson('A record is not an object at [line:1, column:1]') };
  if (kind === 'records') {
    const types = records.map((record) => typeOf(record)?.toLowerCase() ?? null);
    if (onlyType === null && types.includes(null)) return refused('INVALID_INPUT', 'Each record must have attributes with a type');
    if (onlyType !== null && types.some((type) => type !== null && type !== onlyType.toLowerCase())) {
      return refused('INVALID_INPUT', `All records must be of type ${onlyType}`);
    }
    const chunks = types.filter((type, index) => type !== types[index - 1]).length;
    if (chunks > MOST_TYPE_CHUNKS)
      return refused('INVALID_INPUT', `The records are in ${chunks} chunks of one type; ${MOST_TYPE_CHUNKS} are allowed`);
  }
  return { kind: 'collection', allOrNone: allOrNone === true || allOrNone === 'true', records };
}
