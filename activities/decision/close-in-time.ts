import { addDuration } from '../../program/duration.ts';
import { closed } from '../../program/registration-life.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { Transaction } from '../../store/database.ts';
import type { Registration } from '../../store/registration.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { pinnedProgram } from './pinned-program.ts';
import { recordTransition, type Occasion } from './transition.ts';

/**
 * Closes an approved registration with its opportunity: won or lost. Where that comes sooner after the approval than the program takes for credible, the registration
 * stays protected and follows when the time is over, or at the end of its protection where that is earlier; exactly at that time is late enough.
 */
export async function closeInTime(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  outcome: 'won' | 'lost',
  occasion: Omit<Occasion, 'kind'>,
): Promise<void> {
  const { state } = registration;
  const at = closingTime(deps, registration);
  if (at !== null && Date.parse(occasion.at) < Date.parse(at)) {
    const closing = { outcome, at, actor: occasion.actor };
    await recordTransition(trx, deps, registration, { ...state, closing }, { kind: `about to be ${outcome}`, ...occasion });
    return;
  }
  await recordTransition(trx, deps, registration, { ...closed(state), status: outcome }, { kind: outcome, ...occasion });
}

function closingTime(deps: ActivityDependencies, registration: Registration): Instant | null {
  const { decision, protection } = registration.state;
  const program = pinnedProgram(deps, registration);
  const wait = program.protection.waitBeforeClose;
  if (wait === null || decision === null || protection === null) return null;
  const credible = addDuration(decision.at, wait, deps.calendarOf(program));
  return Date.parse(credible) < Date.parse(protection.until) ? credible : protection.until;
}
