import { CrmFailure, type CrmFailureCode } from '../failures.ts';
import { callApi } from './call.ts';
import { RefusedCall } from './classify-failure.ts';
import { propertiesOf } from './known-properties.ts';
import { checkName } from './object-property.ts';
import type { Session } from './session.ts';
import { namedFields, readResults, refusedFor, traceOf, type RowResult } from './write-answer.ts';
import { refusedOutcome, type PreparedRow } from './write-row.ts';

/** What one row of a batch may be to blame for, where HubSpot refuses the whole of it. */
const OF_A_ROW: ReadonlySet<CrmFailureCode> = new Set([
  'CRM_VALUE_INVALID',
  'CRM_FIELD_UNKNOWN',
  'CRM_DUPLICATE',
  'CRM_OWNER_INVALID',
  'CRM_RECORD_GONE',
  'CRM_RECORD_LOCKED',
  'CRM_PERMISSION_DENIED',
]);
/** So many calls are spent to find the rows that are locked; then all that are left count as locked. */
const MOST_SPLITS = 16;

/**
 * Sends rows with one kind of target as one batch, and tells `keep` what became of each. A batch that is refused as a whole is halved until the row is found that it
 * was refused for, and so is what an answer says nothing of, while it complains of a row that it does not name. Any other failure is thrown; what was kept before it
 * stays.
 */
export async function sendBatch(
  session: Session,
  object: string,
  rows: readonly PreparedRow[],
  keep: (result: RowResult) => void,
): Promise<void> {
  const parts: (readonly PreparedRow[])[] = rows.length === 0 ? [] : [rows];
  const halve = (part: readonly PreparedRow[]): void => {
    const middle = Math.ceil(part.length / 2);
    parts.unshift(part.slice(0, middle), part.slice(middle));
  };
  for (let splits = 0; ;) {
    const part = parts.shift();
    if (part === undefined) return;
    const [only] = part;
    try {
      const { told, unnamed } = readResults(await send(session, object, part), part);
      for (const result of told) keep(await namingPeople(session, object, result));
      const untold = part.filter((row) => !told.some((result) => result.row === row));
      const isIsolated = untold.length === 1 || (unnamed === null && untold.length === part.length);
      if (isIsolated)
        for (const row of untold)
          keep(unnamed === null ? withoutOutcome(row) : await namingPeople(session, object, refusedFor(row, unnamed)));
      else if (unnamed !== null && untold.length > 1) halve(untold);
      else if (untold.length > 0) parts.push(untold);
    } catch (error) {
      if (!(error instanceof CrmFailure) || !OF_A_ROW.has(error.code)) throw error;
      splits += 1;
      // A right that the token lacks is missing for every row.
      const isGivenUp = error.code === 'CRM_PERMISSION_DENIED' || (error.code === 'CRM_RECORD_LOCKED' && splits > MOST_SPLITS);
      if (part.length > 1 && !isGivenUp) halve(part);
      else if (only !== undefined) for (const row of part) keep(await namingPeople(session, object, refusedBy(row, error)));
    }
  }
}

/** Of a property whose values are owners, an option that does not exist is a person who left: HubSpot's code is the same as of any other option. */
async function namingPeople(session: Session, object: string, result: RowResult): Promise<RowResult> {
  const { outcome, complaint } = result;
  const [first] = complaint?.details ?? [];
  if (outcome.kind !== 'refused' || outcome.code !== 'CRM_VALUE_INVALID') return result;
  if (first?.code !== 'INVALID_OPTION' || first.property === null) return result;
  const { fields } = await propertiesOf(session, object);
  if (fields.get(first.property)?.type !== 'reference') return result;
  return { ...result, outcome: refusedOutcome('CRM_OWNER_INVALID', outcome.message, outcome.fields) };
}

async function send(session: Session, object: string, rows: readonly PreparedRow[]): Promise<unknown> {
  const isUpsert = rows[0]?.target.kind === 'external_id';
  const inputs = rows.map((row) => {
    const { target, properties } = row;
    const objectWriteTraceId = traceOf(row);
    if (target.kind === 'id') return { id: target.id, properties: { ...properties }, objectWriteTraceId };
    // The value stands among the properties as well, so that the answer has it.
    const withValue = { ...properties, [target.field]: properties[target.field] ?? target.value };
    return { id: target.value, idProperty: target.field, properties: withValue, objectWriteTraceId };
  });
  const answer = await callApi(session, {
    operation: 'write',
    isRepeatable: true,
    send: (client) =>
      isUpsert
        ? client.batches().upsertWithHttpInfo(checkName(object), { inputs })
        : client.batches().updateWithHttpInfo(checkName(object), { inputs }),
  });
  return answer.body;
}

function withoutOutcome(row: PreparedRow): RowResult {
  return { row, outcome: refusedOutcome('CRM_UNAVAILABLE', 'The answer to a write says nothing of this row', []), complaint: null };
}

/** The failure of a call that carried this row alone. */
function refusedBy(row: PreparedRow, failure: CrmFailure): RowResult {
  const complaint = failure instanceof RefusedCall ? failure.complaint : null;
  const fields = complaint === null ? [] : namedFields(complaint);
  return { row, outcome: refusedOutcome(failure.code, failure.message, fields), complaint };
}
