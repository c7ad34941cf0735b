import type { Program } from '../../program/definition/program.ts';
import { refuse, type Refusal } from '../../program/failures.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { Transaction } from '../../store/database.ts';
import type { Registration } from '../../store/registration.ts';
import { askingAbout } from '../approval/asking-about.ts';
import { refusalOfApprover } from '../approval/refusal-of-approver.ts';
import type { ActivityDependencies } from './dependencies.ts';

/**
 * Who may take a protection away or give it to another partner: members of the ladder from its second rung on (of its only one, where it has no more), who have no
 * stake in the deal. Null where `actor` is one of them.
 */
export async function refusalOfAuthority(
  trx: Transaction,
  deps: ActivityDependencies,
  program: Program,
  registration: Registration,
  wanted: 'revoke' | 'transfer',
  { actor, at }: { readonly actor: string; readonly at: Instant },
): Promise<Refusal | null> {
  const { ladder, roles } = program.governance;
  const rungs = ladder.length > 1 ? ladder.slice(1) : ladder;
  const may = [...new Set(rungs.flatMap((rung) => roles.find(({ id }) => id === rung.role)?.members ?? []))];
  if (!may.includes(actor)) {
    return refuse('ACTOR_MAY_NOT_DECIDE', `${actor} may not ${wanted} this registration; that is for: ${may.join(', ')}.`);
  }
  const asking = await askingAbout(trx, deps, program, registration, { kind: 'transfer' }, at);
  return refusalOfApprover(trx, asking, null, actor);
}
