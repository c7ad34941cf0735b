import { extensibleUntil } from '../../program/extension.ts';
import { endOf } from '../../program/registration-deadline.ts';
import { closed } from '../../program/registration-life.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { Transaction } from '../../store/database.ts';
import type { Registration } from '../../store/registration.ts';
import { appealEnd } from './decided-state.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { pinnedProgram } from './pinned-program.ts';
import { recordTransition } from './transition.ts';

/**
 * Ends an approved registration whose time is over at `at`: it expires, or is closed with the opportunity that was won or lost. Null when its time is not over.
 *
 * A protection has ended at its last instant, however late that is noticed; the time for an appeal runs from when it was noticed. What was asked for before the end
 * stays open where the program takes extensions after the end.
 */
export async function endByTime(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  at: Instant,
  byOwner: boolean,
): Promise<Registration | null> {
  const { state } = registration;
  const { closing, protection } = state;
  if (state.status !== 'approved' || protection === null) return null;
  if (closing !== null) {
    if (Date.parse(at) < Date.parse(closing.at)) return null;
    const occasion = { kind: closing.outcome, actor: closing.actor, at, byOwner };
    return recordTransition(trx, deps, registration, { ...closed(state), status: closing.outcome }, occasion);
  }
  const end = endOf(state);
  if (end === null || Date.parse(at) < Date.parse(end)) return null;
  const program = pinnedProgram(deps, registration);
  const calendar = deps.calendarOf(program);
  const until = extensibleUntil(program, calendar, protection.until, state.extensionsUsed);
  return recordTransition(
    trx,
    deps,
    registration,
    {
      ...closed(state),
      status: 'expired',
      expired: { protection, extensibleUntil: until },
      extension: until === null ? null : state.extension,
      appealUntil: appealEnd(program, calendar, state, at),
    },
    { kind: 'expired', actor: 'program', at, byOwner },
  );
}
