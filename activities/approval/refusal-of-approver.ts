import type { Asking } from '../../program/approval/asking.ts';
import { refuse, type Refusal } from '../../program/failures.ts';
import type { Transaction } from '../../store/database.ts';
import { readOpportunityOwner } from '../../store/place.ts';

/**
 * Whether somebody may decide at all, asked again when a decision is carried out: since the question was put somebody may have left, or an opportunity of theirs may have
 * been linked, or contested (`opportunity`). Whoever has a stake is not stood in for either (`inPlaceOf`). Null where nothing speaks against `actor`.
 */
export async function refusalOfApprover(
  trx: Transaction,
  { staff }: Pick<Asking, 'staff'>,
  opportunity: { readonly connection: string; readonly remoteId: string } | null,
  actor: string,
  inPlaceOf: string | null = null,
): Promise<Refusal | null> {
  const isContested = opportunity !== null && (await readOpportunityOwner(trx, opportunity.connection, opportunity.remoteId)) === actor;
  const reason = isContested
    ? 'the opportunity in question is their own'
    : (staff.conflicted.get(actor) ?? (staff.inactive.has(actor) ? 'the user is deactivated in the CRM' : undefined));
  if (reason !== undefined) return refuse('ACTOR_MAY_NOT_DECIDE', `${actor} may not decide this: ${reason}.`);
  const stake = inPlaceOf === null ? undefined : staff.conflicted.get(inPlaceOf);
  return stake === undefined
    ? null
    : refuse('ACTOR_MAY_NOT_DECIDE', `${actor} may not decide this in the place of ${inPlaceOf}, who may not either: ${stake}.`);
}
