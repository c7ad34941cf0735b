import { CrmFailure } from '../failures.ts';
import type { RemoteWrite, WriteOutcome } from '../port.ts';
import { callApi } from './call.ts';
import { definitionOf } from './describe.ts';
import type { Session } from './session.ts';
import { checkName } from './soql-literal.ts';
import { readOutcome, readResults, refusedBy } from './write-outcome.ts';
import { prepareRow, targetKey, type PreparedRow } from './write-record.ts';

/** The most records of a Collections call. https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections.htm */
export const WRITE_BATCH_SIZE = 200;

/**
 * An assignment rule of the org would give a new lead, case or account to somebody else than we wrote, and it applies unless the call says otherwise.
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_autoassign.htm
 */
const AS_WRITTEN = { 'sforce-auto-assign': 'FALSE' };

type Outcomes = Map<number, WriteOutcome>;

/**
 * Writes up to 200 rows: one Collections call for those by id, one for those by external id (a call a field). A refused row never fails the
 * others. Writing the same rows again ends in the same state, so a lost answer (CRM_UNAVAILABLE) is to be repeated.
 *
 * A record may appear once: Salesforce refuses a call that names one twice, and which of the two wins is not for us to say.
 */
export async function write(session: Session, object: string, rows: readonly RemoteWrite[]): Promise<readonly WriteOutcome[]> {
  if (rows.length > WRITE_BATCH_SIZE)
    throw new CrmFailure('CRM_REQUEST_INVALID', `${rows.length} rows in one write; at most ${WRITE_BATCH_SIZE}`);
  checkName(object);
  const hasParents = rows.some((row) => Object.keys(row.parents ?? {}).length > 0);
  const definition = hasParents ? await definitionOf(session, object) : null;
  const outcomes: Outcomes = new Map();
  const routes = new Map<string, PreparedRow[]>();
  const targets = new Set<string>();
  for (const [index, row] of rows.entries()) {
    const key = targetKey(row);
    const preparation = prepareRow(object, index, row, definition);
    if (targets.has(key)) outcomes.set(index, refusedTwice(object, key));
    else if (preparation.kind === 'refused') outcomes.set(index, preparation.outcome);
    else routes.set(preparation.prepared.route, [...(routes.get(preparation.prepared.route) ?? []), preparation.prepared]);
    targets.add(key);
  }
  await sendAll(session, [...routes.values()], outcomes);
  return rows.map((_row, index) => outcomes.get(index) ?? refusedBy(new CrmFailure('CRM_UNAVAILABLE', 'The row has no outcome'), []));
}

/** A call that fails after another one succeeded must not hide what that one wrote: its rows are refused with the failure instead. */
async function sendAll(session: Session, batches: readonly (readonly PreparedRow[])[], outcomes: Outcomes): Promise<void> {
  for (const [sent, batch] of batches.entries()) {
    try {
      await send(session, batch, outcomes);
    } catch (error) {
      if (!(error instanceof CrmFailure) || sent === 0) throw error;
      for (const { index } of batch) if (!outcomes.has(index)) outcomes.set(index, refusedBy(error, []));
    }
  }
}

async function send(session: Session, batch: readonly PreparedRow[], outcomes: Outcomes): Promise<void> {
  const [first] = batch;
  if (first === undefined) return;
  try {
    const body = { allOrNone: false, records: batch.map(({ record }) => record) };
    const answer = await callApi(session, { operation: 'write', method: 'PATCH', path: first.route, body, headers: AS_WRITTEN });
    const results = readResults(answer.body, batch.length);
    if (results === null) throw new CrmFailure('CRM_UNAVAILABLE', 'The answer to a write has another number of rows');
    for (const [place, { index, row }] of batch.entries()) outcomes.set(index, readOutcome(results[place] ?? {}, row));
  } catch (error) {
    if (!(error instanceof CrmFailure)) throw error;
    await sendAround(session, batch, error, outcomes);
  }
}

/**
 * Salesforce refuses the whole call for a column it does not know and for a value its parser cannot read. The rows that have the column are
 * refused and the others sent again; a value is not named, so its row is found by halving. Any other failure is the call's.
 */
async function sendAround(session: Session, batch: readonly PreparedRow[], failure: CrmFailure, outcomes: Outcomes): Promise<void> {
  if (failure.code === 'CRM_FIELD_UNKNOWN') {
    const column = /column '([^']+)'/i.exec(failure.message)?.[1];
    const guilty = batch.filter(({ record }) => column !== undefined && column in record);
    if (column === undefined || guilty.length === 0) throw failure;
    for (const { index } of guilty) outcomes.set(index, refusedBy(failure, [column]));
    return send(
      session,
      batch.filter((row) => !guilty.includes(row)),
      outcomes,
    );
  }
  if (failure.code !== 'CRM_VALUE_INVALID') throw failure;
  const [only] = batch;
  if (batch.length === 1 && only !== undefined) {
    outcomes.set(only.index, refusedBy(failure, []));
    return;
  }
  const middle = Math.ceil(batch.length / 2);
  await send(session, batch.slice(0, middle), outcomes);
  await send(session, batch.slice(middle), outcomes);
}

function refusedTwice(object: string, key: string): WriteOutcome {
  const message = `The same ${object} (${key}) is written twice in one batch`;
  return refusedBy(new CrmFailure('CRM_REQUEST_INVALID', message), []);
}
