import type { Program } from '../../program/definition/program.ts';
import { refuse, type Refusal } from '../../program/failures.ts';
import type { Transaction } from '../../store/database.ts';
import { refusalOfApprover } from './excluded-approver.ts';

/**
 * Who may take a protection away or give it to another partner: members of the ladder from its second rung on (of its only one, where it has no more), who have no
 * stake in the deal. Null where `actor` is one of them.
 */
export async function refusalOfAuthority(
  trx: Transaction,
  program: Program,
  registrationId: string,
  wanted: string,
  actor: string,
): Promise<Refusal | null> {
  const { ladder, roles } = program.governance;
  const rungs = ladder.length > 1 ? ladder.slice(1) : ladder;
  const may = [...new Set(rungs.flatMap((rung) => roles.find(({ id }) => id === rung.role)?.members ?? []))];
  if (!may.includes(actor)) {
    return refuse('ACTOR_MAY_NOT_DECIDE', `${actor} may not ${wanted} this registration; that is for: ${may.join(', ')}.`);
  }
  return refusalOfApprover(trx, { registrationIds: [registrationId], opportunity: null }, actor);
}
