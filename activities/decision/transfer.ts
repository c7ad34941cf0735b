import { answeredBy } from '../../program/approval/approval.ts';
import type { Asking } from '../../program/approval/asking.ts';
import { grantStep, openApproval } from '../../program/approval/open-approval.ts';
import { planStage } from '../../program/approval/planned-stage.ts';
import type { ReviewStep } from '../../program/approval/step.ts';
import type { Program } from '../../program/definition/program.ts';
import { judgeClaim } from '../../program/judge-claim.ts';
import { refuse, type Refusal } from '../../program/failures.ts';
import { registrationWorkflowId } from '../../program/messages.ts';
import type { RuleId } from '../../program/rules/catalogue.ts';
import { findApproval, saveApproval } from '../../store/approval.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { recordAudit } from '../../store/audit.ts';
import type { Transaction } from '../../store/database.ts';
import { readPartners } from '../../store/partner.ts';
import { findByExternalId, savePartner, type Registration } from '../../store/registration.ts';
import { askingAbout } from '../approval/asking-about.ts';
import { hostedApproval, withHosted } from '../approval/hosted-question.ts';
import { claimOf } from './claim-of.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { gatherEvidence } from './gather-evidence.ts';
import { programOf } from './judge-again.ts';
import { refusalOfAuthority } from './ladder-authority.ts';
import { pinnedProgram } from './pinned-program.ts';
import { recordTransition, type Occasion } from './transition.ts';

/** What the new partner has to satisfy: who it is, what it may register, and where. Whose claim came first was settled when this one was approved. */
const RULES_ABOUT_PARTNERS: ReadonlySet<RuleId> = new Set(['C14_outside_region', 'C18_partner_not_eligible', 'C28_self_dealing']);

type Done = { readonly kind: 'done' };
type By = Omit<Occasion, 'kind'>;

/**
 * Gives an approved registration to another partner, as when partners merge or the customer asks for it: at once, by somebody of the ladder from its second role on, or,
 * where the program names who agrees, as a question to them, which anybody on the ladder may ask. Window, lines and extensions stay as they are.
 *
 * Refused for a partner that nobody knows, that has it, whose own claims use its external id, or whom the program would not let register it.
 */
export async function requestTransfer(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  partnerId: string,
  by: By,
): Promise<Done | Refusal> {
  const { registrationId, state } = registration;
  const program = pinnedProgram(deps, registration);
  const [first, ...rest] = program.transfer.steps.map(planStage);
  const refusal =
    first === undefined
      ? await refusalOfAuthority(trx, deps, program, registration, 'transfer', by)
      : refusalOfOutsider(program, registrationId, by.actor);
  if (refusal !== null) return refusal;
  const objection = await objectionTo(trx, deps, program, registration, partnerId, by.at);
  if (objection !== null) return objection;
  if (first === undefined) return carryOutTransfer(trx, deps, registration, partnerId, by);
  const asking = await askingAbout(trx, deps, program, registration, { kind: 'transfer', askedBy: by.actor }, by.at);
  const approval = openApproval(asking, [first, ...rest], state.questions);
  const transfer = { approval, partnerId, askedBy: by.actor };
  const asked = { ...state, transfer, questions: approval.lastNumber };
  await recordTransition(trx, deps, registration, asked, { kind: 'transfer asked for', ...by });
  return { kind: 'done' };
}

/** The answer to a transfer that was asked for. Before a yes it is looked at again whether the partner may have it; what speaks against it refuses the yes. */
export async function decideTransfer(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  decision: 'approve' | 'deny',
  asking: Asking,
  by: By,
  silent: ReviewStep | null = null,
): Promise<Done | Refusal> {
  const { state } = registration;
  const { transfer } = state;
  if (transfer === null) return refuse('STATE_DOES_NOT_ALLOW', 'No transfer is asked for.');
  if (decision === 'deny') {
    await recordTransition(trx, deps, registration, { ...state, transfer: null }, { kind: 'transfer denied', ...by });
    return { kind: 'done' };
  }
  const objection = await objectionTo(trx, deps, asking.program, registration, transfer.partnerId, by.at);
  if (objection !== null) return objection;
  const approval = hostedApproval(state, 'transfer') ?? transfer.approval;
  const granted = grantStep(asking, approval, silent ?? answeredBy(approval, by.actor) ?? approval.steps[0], by.actor);
  if (granted.kind === 'complete') return carryOutTransfer(trx, deps, registration, transfer.partnerId, by);
  await recordTransition(trx, deps, registration, withHosted(state, 'transfer', granted.approval), { kind: 'step granted', ...by });
  return { kind: 'done' };
}

function refusalOfOutsider(program: Program, registrationId: string, actor: string): Refusal | null {
  const { roles, ladder, desks } = program.governance;
  const may = [...ladder, ...desks].flatMap((rung) => roles.find(({ id }) => id === rung.role)?.members ?? []);
  if (may.includes(actor)) return null;
  const who = [...new Set(may)].join(', ');
  return refuse('ACTOR_MAY_NOT_DECIDE', `${actor} may not ask for a transfer of registration ${registrationId}; that is for: ${who}.`);
}

async function objectionTo(
  trx: Transaction,
  deps: ActivityDependencies,
  program: Program,
  registration: Registration,
  partnerId: string,
  at: Instant,
): Promise<Refusal | null> {
  const [partner] = await readPartners(trx, [partnerId]);
  if (partner === undefined) return no(`There is no partner ${partnerId}.`);
  if (partnerId === registration.partnerId) return no(`The registration is that of ${partner.name} already.`);
  const { externalId } = registration;
  if ((await findByExternalId(trx, partnerId, externalId)) !== null) {
    return no(`${partner.name} has a registration of its own with the external id ${externalId}.`);
  }
  const transferred: Registration = { ...registration, partnerId };
  const evidence = await gatherEvidence(trx, deps, program, transferred, at);
  const verdict = judgeClaim(
    programOf(program, (rule) => RULES_ABOUT_PARTNERS.has(rule)),
    claimOf(transferred),
    evidence,
  );
  return verdict.outcome === 'deny' || verdict.outcome === 'return'
    ? no(`${partner.name} may not have it: ${verdict.reasons.map(({ message }) => message).join(' ')}`)
    : null;
}

async function carryOutTransfer(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  partnerId: string,
  by: By,
): Promise<Done> {
  const { registrationId, state } = registration;
  const { actor, at } = by;
  await savePartner(trx, registrationId, partnerId, at);
  const approved = await findApproval(trx, registrationId);
  if (approved !== null) await saveApproval(trx, registrationId, { ...approved, partnerId });
  await recordAudit(trx, {
    subject: registrationWorkflowId(registrationId),
    kind: 'transferred',
    actor,
    details: { from: registration.partnerId, to: partnerId, ...by.details },
    at,
  });
  const settled = state.transfer === null ? state : { ...state, transfer: null };
  const previousPartnerId = registration.partnerId;
  const occasion = { kind: 'given to another partner', ...by, previousPartnerId };
  await recordTransition(trx, deps, { ...registration, partnerId }, settled, occasion);
  return { kind: 'done' };
}

function no(message: string): Refusal {
  return refuse('TRANSFER_NOT_ALLOWED', message);
}
