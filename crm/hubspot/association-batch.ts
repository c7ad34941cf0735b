import { isObject } from '../answer-shape.ts';
import type { CrmFailureCode } from '../failures.ts';
import type { ApiClient } from './api-client.ts';
import { callApi } from './call.ts';
import { RefusedCall } from './classify-failure.ts';
import { complaintOf, type HubspotComplaint } from './complaint.ts';
import type { Session } from './session.ts';

/** Two records of which an association is set or taken away. */
export interface Pair {
  readonly fromId: string;
  readonly toId: string;
}

/** What one pair of a batch may be to blame for, where HubSpot refuses the whole of it: a limit of a label, a record that is gone, a type that does not exist. */
const OF_A_PAIR: ReadonlySet<CrmFailureCode> = new Set([
  'CRM_VALUE_INVALID',
  'CRM_REQUEST_INVALID',
  'CRM_FIELD_UNKNOWN',
  'CRM_DUPLICATE',
  'CRM_RECORD_GONE',
]);

/**
 * Sends pairs as one batch, and returns HubSpot's complaints of them. One that is refused as a whole is halved until the pairs are found that it was refused for, and so is one of whose pairs an answer complains
 * without naming them; all others are carried out. Any other failure is thrown. `call` ends in the same state when it is made twice.
 */
export async function sendPairs<Sent extends Pair>(
  session: Session,
  pairs: readonly Sent[],
  call: (client: ApiClient, some: readonly Sent[]) => Promise<unknown>,
): Promise<ReadonlyMap<Sent, HubspotComplaint>> {
  const complaints = new Map<Sent, HubspotComplaint>();
  const parts: (readonly Sent[])[] = pairs.length === 0 ? [] : [pairs];
  const blame = (part: readonly Sent[], complaint: HubspotComplaint): void => {
    const [only] = part;
    const middle = Math.ceil(part.length / 2);
    if (part.length > 1) parts.unshift(part.slice(0, middle), part.slice(middle));
    else if (only !== undefined) complaints.set(only, complaint);
  };
  for (;;) {
    const part = parts.shift();
    if (part === undefined) return complaints;
    try {
      const answer = await callApi(session, { operation: 'associate', isRepeatable: true, send: (client) => call(client, part) });
      const { named, unnamed } = complaintsIn(answer.body, part);
      for (const [pair, complaint] of named) complaints.set(pair, complaint);
      const others = part.filter((pair) => !named.has(pair));
      if (unnamed !== null) blame(others, unnamed);
    } catch (error) {
      if (!(error instanceof RefusedCall) || !OF_A_PAIR.has(error.code)) throw error;
      blame(part, error.complaint);
    }
  }
}

/** Of which pairs an answer complains, and one of the complaints that name none. */
function complaintsIn<Sent extends Pair>(
  answer: unknown,
  pairs: readonly Sent[],
): { readonly named: ReadonlyMap<Sent, HubspotComplaint>; readonly unnamed: HubspotComplaint | null } {
  const named = new Map<Sent, HubspotComplaint>();
  let unnamed: HubspotComplaint | null = null;
  const errors = isObject(answer) && Array.isArray(answer['errors']) ? answer['errors'].filter(isObject) : [];
  for (const error of errors) {
    const context = isObject(error['context']) ? error['context'] : {};
    const [fromIds, toIds] = [idsIn(context['fromObjectId']), idsIn(context['toObjectId'])];
    const guilty = pairs.filter(({ fromId, toId }) => fromIds.includes(fromId) && (toIds.length === 0 || toIds.includes(toId)));
    for (const pair of guilty) named.set(pair, complaintOf(error));
    if (guilty.length === 0) unnamed = complaintOf(error);
  }
  return { named, unnamed };
}

function idsIn(ids: unknown): readonly string[] {
  return ids === undefined || ids === null ? [] : [ids].flat().map(String);
}
