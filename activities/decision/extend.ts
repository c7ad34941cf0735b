import { answeredBy } from '../../program/approval/approval.ts';
import type { Asking } from '../../program/approval/asking.ts';
import { grantStep, openApproval } from '../../program/approval/open-approval.ts';
import { bareStep, planStage } from '../../program/approval/planned-stage.ts';
import type { ReviewStep } from '../../program/approval/step.ts';
import type { EvidenceSnapshot } from '../../program/claim.ts';
import type { Program } from '../../program/definition/program.ts';
import { extendProtection } from '../../program/extension.ts';
import { refuse, type Refusal } from '../../program/failures.ts';
import { isUndecided, type ProtectionWindow, type RegistrationState } from '../../program/registration-life.ts';
import { remindersOf } from '../../program/reminder.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { Transaction } from '../../store/database.ts';
import { readLatestActivity } from '../../store/place.ts';
import { grantProtection, moveProtectionEnd, WITHOUT_END } from '../../store/protection.ts';
import type { Registration } from '../../store/registration.ts';
import { askingAbout } from '../approval/asking-about.ts';
import { hostedApproval, withHosted } from '../approval/hosted-question.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { endByTime } from './end-by-time.ts';
import { isHeldByAnother, judgeAgain, objectionOf } from './judge-again.ts';
import { pinnedProgram } from './pinned-program.ts';
import { recordTransition, type Occasion } from './transition.ts';

type Done = { readonly kind: 'done' };
type By = Omit<Occasion, 'kind'>;

/**
 * Further time for a protection: at once, or, where the program names who decides, as a question to those roles. The rules are asked again before either.
 * An expired claim becomes an approved one again where the program takes that for a while after the end, unless somebody else came in between.
 */
export async function requestExtension(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  days: number | null,
  by: By,
): Promise<Done | Refusal> {
  const { state, registrationId, submittedAt } = registration;
  const program = pinnedProgram(deps, registration);
  const protection = state.protection ?? state.expired?.protection;
  if (protection === undefined) return refuse('EXTENSION_NOT_ALLOWED', 'There is no protection to extend.');
  const lastActivityAt = await readLatestActivity(trx, registrationId);
  const request = { protection, submittedAt, extensionsUsed: state.extensionsUsed, days, lastActivityAt };
  const extended = extendProtection(program, deps.calendarOf(program), request, by.at);
  if (extended.kind === 'refused') return extended;
  const objection = await objectionTo(trx, deps, registration, by.at);
  if (objection !== null) return objection;
  const { until } = extended.protection;
  const { decidedBy, then, pendingSuspendsExpiry } = program.protection.extension;
  if (decidedBy === null) return grantExtension(trx, deps, registration, until, by);
  const asking = await askingAbout(trx, deps, program, registration, { kind: 'extension', askedBy: by.actor }, by.at);
  const approval = openApproval(asking, [bareStep(decidedBy), ...then.map(planStage)], state.questions);
  const suspendsExpiry = pendingSuspendsExpiry && state.status === 'approved';
  if (suspendsExpiry) await moveProtectionEnd(trx, registrationId, WITHOUT_END);
  const extension = { approval, until, askedBy: by.actor, suspendsExpiry };
  const next: RegistrationState = { ...state, extension, questions: approval.lastNumber };
  await recordTransition(trx, deps, registration, next, { kind: 'extension asked for', ...by });
  return { kind: 'done' };
}

/**
 * The answer to an extension that was asked for, by a person or, by silence, in the name of the program. Before a yes the rules are asked again; what they say against it
 * refuses the yes, and the question stays. Where others are asked beside or after, they are. `silent`: the step that was not answered.
 */
export async function decideExtension(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  decision: 'approve' | 'deny',
  asking: Asking,
  by: By,
  silent: ReviewStep | null = null,
): Promise<Done | Refusal> {
  const { state } = registration;
  const { extension } = state;
  if (extension === null) return refuse('STATE_DOES_NOT_ALLOW', 'No extension is asked for.');
  if (decision === 'deny') {
    await denyExtension(trx, deps, registration, by);
    return { kind: 'done' };
  }
  if (Date.parse(by.at) >= Date.parse(extension.until)) {
    return refuse('EXTENSION_NOT_ALLOWED', `The extension would have ended at ${extension.until}; it can only be denied now.`);
  }
  const objection = await objectionTo(trx, deps, registration, by.at);
  if (objection !== null) return objection;
  const approval = hostedApproval(state, 'extension') ?? extension.approval;
  const granted = grantStep(asking, approval, silent ?? answeredBy(approval, by.actor) ?? approval.steps[0], by.actor);
  if (granted.kind === 'complete') return grantExtension(trx, deps, registration, extension.until, by);
  await recordTransition(trx, deps, registration, withHosted(state, 'extension', granted.approval), { kind: 'step granted', ...by });
  return { kind: 'done' };
}

/** The protection ends as it would have, and at once where that was meanwhile. Time denies what was not answered before the end that was asked for. */
export async function denyExtension(trx: Transaction, deps: ActivityDependencies, registration: Registration, by: By): Promise<void> {
  const { state, registrationId } = registration;
  if (state.extension?.suspendsExpiry === true && state.protection !== null) {
    await moveProtectionEnd(trx, registrationId, state.protection.until);
  }
  const without: RegistrationState = { ...state, extension: null };
  const denied = await recordTransition(trx, deps, registration, without, { kind: 'extension denied', ...by });
  await endByTime(trx, deps, denied, by.at, by.byOwner);
}

async function grantExtension(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  until: Instant,
  by: By,
): Promise<Done | Refusal> {
  const { state, registrationId, customerId } = registration;
  const program = pinnedProgram(deps, registration);
  const extensionsUsed = state.extensionsUsed + 1;
  const prolonged = (protection: ProtectionWindow): RegistrationState => ({
    ...state,
    status: 'approved',
    protection: { from: protection.from, until },
    extensionsUsed,
    extension: null,
    expired: null,
    appealUntil: null,
    reminders: reminders(deps, program, { from: protection.from, until }, by.at),
  });
  if (state.protection !== null) {
    await moveProtectionEnd(trx, registrationId, until);
    await recordTransition(trx, deps, registration, prolonged(state.protection), { kind: 'extended', ...by });
    return { kind: 'done' };
  }
  if (state.expired === null) return refuse('EXTENSION_NOT_ALLOWED', 'There is no protection to extend.');
  // From the end to now nobody was protected; what is stored says so.
  const granted = await grantProtection(trx, registrationId, customerId, state.grantedLines, { from: by.at, until });
  if (granted.kind === 'held') return SOMEBODY_ELSE;
  await recordTransition(trx, deps, registration, prolonged(state.expired.protection), { kind: 'extended', ...by });
  return { kind: 'done' };
}

function reminders(deps: ActivityDependencies, program: Program, window: ProtectionWindow, at: Instant): readonly Instant[] {
  return remindersOf(program, deps.calendarOf(program), window, at);
}

const SOMEBODY_ELSE = refuse(
  'EXTENSION_NOT_ALLOWED',
  'Since the protection ended, another claim on this customer and product line was filed or protected; it is not taken back.',
);

/** What the rules, and claims that came into the gap after the end, say against an extension at `at`. */
async function objectionTo(trx: Transaction, deps: ActivityDependencies, registration: Registration, at: Instant): Promise<Refusal | null> {
  const { evidence, verdict } = await judgeAgain(trx, deps, registration, 'extension', at);
  const { state } = registration;
  if (isHeldByAnother(evidence, state.grantedLines)) return SOMEBODY_ELSE;
  if (state.status === 'expired' && isWantedByAnother(evidence, state.grantedLines)) return SOMEBODY_ELSE;
  const objection = objectionOf(verdict);
  return objection === null ? null : refuse('EXTENSION_NOT_ALLOWED', `The rules speak against further time: ${objection}`);
}

function isWantedByAnother({ rivals }: EvidenceSnapshot, lines: readonly string[]): boolean {
  return rivals.some(
    ({ match, status, productLines }) => match.band === 'exact' && isUndecided(status) && productLines.some((line) => lines.includes(line)),
  );
}
