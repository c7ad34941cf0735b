import { refuse, type Refusal } from '../../program/failures.ts';
import { readUsers } from '../../store/crm-mirror.ts';
import type { Transaction } from '../../store/database.ts';
import { readLinkedOwners, readOpportunityOwner } from '../../store/place.ts';

/** What a question is about: these registrations, and the opportunity that a case contests. */
export interface Subject {
  readonly registrationIds: readonly string[];
  readonly opportunity: { readonly connection: string; readonly remoteId: string } | null;
}

/** Who must not decide: users that every CRM which knows them has deactivated, and the owners of the opportunities in question, linked or contested. */
export async function excludedApprovers(trx: Transaction, subject: Subject): Promise<ReadonlySet<string>> {
  return new Set((await readExclusions(trx, subject)).keys());
}

/**
 * Asked again when a decision is carried out: since the step was opened somebody may have left, or an opportunity of theirs may have been linked.
 * Null where nothing speaks against `actor`.
 */
export async function refusalOfApprover(trx: Transaction, subject: Subject, actor: string): Promise<Refusal | null> {
  const reason = (await readExclusions(trx, subject)).get(actor);
  return reason === undefined ? null : refuse('ACTOR_MAY_NOT_DECIDE', `${actor} may not decide this: ${reason}.`);
}

/** By alias, with the reason. A user whom no CRM knows is not excluded: people are named by the program before the first sync. */
async function readExclusions(trx: Transaction, { registrationIds, opportunity }: Subject): Promise<ReadonlyMap<string, string>> {
  const users = await readUsers(trx, null);
  const active = new Set(users.filter((user) => user.isActive).map((user) => user.alias));
  const inactive = users.filter((user) => !user.isActive && !active.has(user.alias));
  const contested = opportunity === null ? null : await readOpportunityOwner(trx, opportunity.connection, opportunity.remoteId);
  const owners = [...(await readLinkedOwners(trx, registrationIds)), ...(contested === null ? [] : [contested])];
  return new Map([
    ...inactive.map(({ alias }) => [alias, 'the user is deactivated in the CRM'] as const),
    ...owners.map((alias) => [alias, 'the opportunity in question is their own'] as const),
  ]);
}
