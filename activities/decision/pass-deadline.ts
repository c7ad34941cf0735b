import { nextDeadline } from '../../program/registration-deadline.ts';
import { openApprovals } from '../../program/registration-life.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { Transaction } from '../../store/database.ts';
import { lockRegistration, saveState, saveSyncNote, type Registration } from '../../store/registration.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { endByTime } from './end-by-time.ts';
import { denyExtension } from './extend.ts';
import { judgeInTransaction } from './judge.ts';
import { passQuestion, reconsiderQuestions } from './silence.ts';
import { recordTransition } from './transition.ts';

/**
 * Moves a registration through every deadline that has passed at `at`, in their order; once its time is over nothing before that matters any more. Nothing happens when
 * none has, or when somebody was faster. Then everybody who is asked is looked at again, since somebody may have left meanwhile.
 * `byOwner` is false when another registration's transaction notices it first.
 */
export async function passDeadlineInTransaction(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  at: Instant,
  byOwner: boolean,
): Promise<void> {
  let current: Registration = (await endByTime(trx, deps, registration, at, byOwner)) ?? registration;
  // A program may give no time at all for an answer: the same question is not put twice at one instant.
  const passed = new Set<string>();
  for (;;) {
    const deadline = nextDeadline(current.state);
    const turn = JSON.stringify([
      deadline,
      openApprovals(current.state).map(({ steps }) => steps.map(({ role, planned }) => [role, planned])),
    ]);
    if (deadline === null || Date.parse(at) < Date.parse(deadline.at) || passed.has(turn)) break;
    passed.add(turn);
    await passOne(trx, deps, current, deadline.kind, at, byOwner);
    current = (await lockRegistration(trx, current.registrationId)) ?? current;
  }
  await reconsiderQuestions(trx, deps, current, at, byOwner);
}

async function passOne(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  kind: NonNullable<ReturnType<typeof nextDeadline>>['kind'],
  at: Instant,
  byOwner: boolean,
): Promise<void> {
  const { state } = registration;
  const byTime = { actor: 'program', at, byOwner };
  switch (kind) {
    case 'freeze_end':
      await judgeInTransaction(trx, deps, registration, { occasion: 'end of the freeze', at, byOwner });
      return;
    case 'question':
      await passQuestion(trx, deps, registration, 'claim', at, byOwner);
      return;
    case 'lapse': {
      const lapsed = { ...state, status: 'lapsed', returnedUntil: null, interrupted: null, caseId: null } as const;
      await recordTransition(trx, deps, registration, lapsed, { kind: 'lapsed', ...byTime });
      return;
    }
    case 'reminder':
      await remind(trx, deps, registration, at, byOwner);
      return;
    case 'extension_over':
      await denyExtension(trx, deps, registration, byTime);
      return;
    case 'extension_question':
      await passQuestion(trx, deps, registration, 'extension', at, byOwner);
      return;
    case 'transfer_question':
      await passQuestion(trx, deps, registration, 'transfer', at, byOwner);
      return;
    case 'close':
    case 'expiry':
      await endByTime(trx, deps, registration, at, byOwner);
      return;
    case 'late_extension_end':
      await recordTransition(
        trx,
        deps,
        registration,
        { ...state, expired: state.expired === null ? null : { ...state.expired, extensibleUntil: null } },
        { kind: 'time for an extension over', ...byTime },
      );
      return;
    case 'appeal_end':
      await recordTransition(trx, deps, registration, { ...state, appealUntil: null }, { kind: 'appeal time over', ...byTime });
      return;
    case 'waitlist_end': {
      const off = { ...state, waitlistedUntil: null, waitlistedBehind: [] };
      await recordTransition(trx, deps, registration, off, { kind: 'off the waitlist', ...byTime });
      return;
    }
  }
}

/** One reminder for all that are due; none once the time is over, when only a pending extension keeps the protection alive. */
async function remind(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  at: Instant,
  byOwner: boolean,
): Promise<void> {
  const { state, registrationId } = registration;
  const reminders = state.reminders.filter((due) => Date.parse(due) > Date.parse(at));
  const until = state.protection?.until ?? null;
  if (until === null || Date.parse(at) >= Date.parse(until)) {
    await saveState(trx, registrationId, { ...state, reminders }, at);
    return;
  }
  await saveSyncNote(trx, registrationId, `Reminder: the protection ends at ${until}. Extend it, or win the opportunity before.`, at);
  await recordTransition(trx, deps, registration, { ...state, reminders }, { kind: 'reminded', actor: 'program', at, byOwner });
}
