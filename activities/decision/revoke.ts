import type { Refusal } from '../../program/failures.ts';
import { closed } from '../../program/registration-life.ts';
import type { Transaction } from '../../store/database.ts';
import type { Registration } from '../../store/registration.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { refusalOfAuthority } from './ladder-authority.ts';
import { pinnedProgram } from './pinned-program.ts';
import { recordTransition, type Occasion } from './transition.ts';

/** Takes a protection away. The partner reads why; whoever waits behind it moves up in the order of receipt. */
export async function revokeInTransaction(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  reason: string,
  occasion: Omit<Occasion, 'kind'>,
): Promise<{ readonly kind: 'done' } | Refusal> {
  const { state } = registration;
  const { actor, at } = occasion;
  const refusal = await refusalOfAuthority(trx, deps, pinnedProgram(deps, registration), registration, 'revoke', occasion);
  if (refusal !== null) return refusal;
  const decision = { outcome: 'deny', by: actor, at, reasons: [{ rule: 'revoked_by_person', message: reason }] } as const;
  await recordTransition(trx, deps, registration, { ...closed(state), status: 'revoked', decision }, { kind: 'revoked', ...occasion });
  return { kind: 'done' };
}
