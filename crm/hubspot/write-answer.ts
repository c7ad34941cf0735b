import { asList, asObject, isObject, textOrNull, type JsonObject } from '../answer-shape.ts';
import { CrmFailure } from '../failures.ts';
import type { WriteOutcome } from '../port.ts';
import { classifyRow, wordsOf } from './classify-failure.ts';
import { complaintOf, type HubspotComplaint } from './complaint.ts';
import { refusedOutcome, targetKey, type PreparedRow } from './write-row.ts';

/** What became of a row; `complaint` is HubSpot's where it was refused. */
export interface RowResult {
  readonly row: PreparedRow;
  readonly outcome: WriteOutcome;
  readonly complaint: HubspotComplaint | null;
}

/** The trace id of a row, which is its own within a call. */
export function traceOf({ index }: PreparedRow): string {
  return `row-${index}`;
}

export interface BatchResults {
  /** Rows that the answer says nothing of are left out. */
  readonly told: readonly RowResult[];
  /** A complaint that names no row: it is about some of those that are left out. Null where there is none. */
  readonly unnamed: HubspotComplaint | null;
}

/**
 * The outcomes in an answer to a batch, by its body and not by its status, which is 207 or that of success. Results come in no order: a row is known by its trace id,
 * by its id, or by its external id.
 */
export function readResults(answer: unknown, rows: readonly PreparedRow[]): BatchResults {
  const body = asObject(answer, 'a write');
  const errors = Array.isArray(body['errors']) ? body['errors'].filter(isObject) : [];
  const written = asList(body['results'], 'a write').flatMap((result): readonly RowResult[] => {
    const row = rows.find((each) => isResultOf(result, each));
    const id = textOrNull(result['id']);
    if (row === undefined) return [];
    if (id === null) throw new CrmFailure('CRM_UNAVAILABLE', 'A written record of the answer has no id');
    return [{ row, outcome: { kind: 'written', id, created: result['new'] === true }, complaint: null }];
  });
  const refused = errors.flatMap((error) => rows.filter((row) => isErrorOf(error, row)).map((row) => refusedFor(row, complaintOf(error))));
  const unnamed = errors.find((error) => !rows.some((row) => isErrorOf(error, row)));
  return { told: [...written, ...refused], unnamed: unnamed === undefined ? null : complaintOf(unnamed) };
}

/** What became of a row that HubSpot complains of. */
export function refusedFor(row: PreparedRow, complaint: HubspotComplaint): RowResult {
  return { row, outcome: refusalOf(complaint), complaint };
}

function refusalOf(complaint: HubspotComplaint): WriteOutcome {
  return refusedOutcome(classifyRow(complaint), wordsOf(complaint) || 'Refused without a reason', namedFields(complaint));
}

/** The properties that a complaint is about. */
export function namedFields({ details, clash }: HubspotComplaint): readonly string[] {
  const named = details.flatMap(({ property }) => property ?? []);
  return [...new Set(named.length > 0 || clash === null || clash.property === null ? named : [clash.property])];
}

function isResultOf(result: JsonObject, row: PreparedRow): boolean {
  const trace = textOrNull(result['objectWriteTraceId']);
  if (trace !== null) return trace === traceOf(row);
  if (row.target.kind === 'id') return result['id'] === row.target.id;
  const properties = isObject(result['properties']) ? result['properties'] : {};
  const value = textOrNull(properties[row.target.field]);
  return value !== null && targetKey({ target: { ...row.target, value } }) === targetKey(row);
}

function isErrorOf(error: JsonObject, row: PreparedRow): boolean {
  const context = isObject(error['context']) ? error['context'] : {};
  const traces = context['objectWriteTraceId'];
  if (Array.isArray(traces)) return traces.includes(traceOf(row));
  const key = row.target.kind === 'id' ? row.target.id : row.target.value;
  return [context['ids'], context['id']].flat().includes(key);
}
