import { z } from 'zod';
import { changeFacts, proofsOf } from '../../program/claim-facts.ts';
import { normalizeCustomerName } from '../../program/customer-name.ts';
import type { Program } from '../../program/definition/program.ts';
import { refuse, type Refusal } from '../../program/failures.ts';
import { reconsider } from '../../program/approval/replace-step.ts';
import type { Approval } from '../../program/approval/approval.ts';
import { resumedApproval } from '../../program/approval/resume-approval.ts';
import { withQuestion, type RegistrationState } from '../../program/registration-life.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { askedBy, type StoredCommand } from '../../store/command.ts';
import { findCase } from '../../store/conflict-case.ts';
import { ensureCustomer, type CustomerKeyValue } from '../../store/customer.ts';
import type { Transaction } from '../../store/database.ts';
import { clearCustomerAccounts } from '../../store/place.ts';
import { lockKeys, statedKeys } from '../../store/receipt.ts';
import { lockRegistration, saveAmendment, type ClaimFields, type Registration } from '../../store/registration.ts';
import { openAppeal } from '../approval/open-appeal.ts';
import { askingOf } from '../approval/hosted-question.ts';
import { amendedFacts } from './amended-facts.ts';
import { resumeCase } from './case-step.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { judgeInTransaction } from './judge.ts';
import { leaveCases } from './leave-case.ts';
import { pinnedProgram } from './pinned-program.ts';
import { reviewApproved } from './review-approved.ts';
import { recordTransition, releaseWaiting } from './transition.ts';

/** The amended values as they were stored with the command: only what the partner sent, checked at the edge. */
export const amendment = z.object({
  customer: z
    .object({
      name: z.string(),
      domain: z.string().nullable().default(null),
      country: z.string(),
      postalCode: z.string().nullable().default(null),
      companyNumber: z.string().nullable().default(null),
    })
    .optional(),
  contact: z.object({ name: z.string(), email: z.string() }).optional(),
  productLines: z.array(z.string()).optional(),
  estimatedValue: z.object({ amount: z.string(), currency: z.string() }).optional(),
  expectedCloseDate: z.string().optional(),
  description: z.string().optional(),
  kind: z.string().optional(),
  evidence: z.array(z.unknown()).optional(),
  facts: amendedFacts.optional(),
});
export type Amended = z.infer<typeof amendment>;

/** The keys of the customer that an amendment changes to, so that they are locked too. One that cannot be read changes nothing and is refused later. */
export function lockKeysOfAmendment(deps: ActivityDependencies, stored: StoredCommand): readonly CustomerKeyValue[] {
  const customer = amendment.safeParse(stored.amendment ?? {}).data?.customer;
  return customer === undefined ? [] : lockKeys(customer, deps.freeMailDomains);
}

/**
 * Changes a claim and judges it again. Another customer or other lines make it another claim: it takes a new place in the order of receipt and leaves its cases.
 * An approved claim keeps its protection; its customer and lines cannot change any more.
 */
export async function amendInTransaction(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  stored: StoredCommand | null,
  at: Instant,
): Promise<{ kind: 'done' } | Refusal> {
  const values = amendment.safeParse(stored?.amendment ?? {});
  if (!values.success) return refuse('COMMAND_INVALID', `The amendment could not be read: ${z.prettifyError(values.error)}`);
  const next = merge(registration, values.data);
  const isOtherClaim =
    !sameJson(next.claim.customer, registration.customer) ||
    !sameJson([...next.claim.productLines].sort(), [...registration.productLines].sort());
  if (isOtherClaim && registration.state.status === 'approved') {
    return refuse(
      'STATE_DOES_NOT_ALLOW',
      'The registration is approved: its customer and product lines are what is protected. Withdraw it and register anew.',
    );
  }
  const program = pinnedProgram(deps, registration);
  // What was incomplete and is completed now comes after what was received meanwhile, where the program says so.
  const isCompletedLate = registration.state.status === 'returned' && program.returned.receipt === 'renewed';
  const { customerId } = isOtherClaim
    ? await ensureCustomer(
        trx,
        deps.newId(),
        next.claim.customer.name,
        await statedKeys(trx, registration.partnerId, next.claim.customer, deps.freeMailDomains),
        at,
      )
    : registration;
  await saveAmendment(
    trx,
    registration.registrationId,
    {
      ...next,
      customerId,
      customerNameKey: normalizeCustomerName(next.claim.customer.name),
      fieldTimes: editTimes(registration, next.claim, at),
      newReceipt: isOtherClaim || isCompletedLate,
    },
    at,
  );
  const isOtherCustomer = !sameJson(next.claim.customer, registration.customer);
  if (isOtherCustomer) await clearCustomerAccounts(trx, registration.registrationId);
  const amended = await lockRegistration(trx, registration.registrationId);
  if (amended === null) return refuse('REGISTRATION_UNKNOWN', `There is no registration ${registration.registrationId}.`);
  const occasion = { kind: 'amended', actor: 'partner', at, byOwner: true, details: askedBy(stored) };
  if (registration.state.status === 'approved') {
    const kept = await recordTransition(trx, deps, amended, amended.state, occasion);
    await reviewApproved(trx, deps, kept, { occasion: 'amended', at, byOwner: true });
    return { kind: 'done' };
  }
  const reopened: RegistrationState = {
    ...amended.state,
    status: 'in_review',
    returnedUntil: null,
    frozenUntil: null,
    interrupted: null,
    waitingFor: [],
    ...(await resumed(trx, deps, program, amended, at)),
  };
  if (isOtherClaim) {
    const moved = await recordTransition(trx, deps, amended, { ...reopened, ...ANOTHER_CLAIM }, occasion);
    await leaveCases(trx, moved.registrationId, at);
    // Whoever waited for the claim that it was has nothing to wait for: this one comes after them now.
    await releaseWaiting(trx, moved, occasion);
    await judgeInTransaction(trx, deps, moved, { occasion: 'amended', at, byOwner: true });
    return { kind: 'done' };
  }
  if (reopened.appealed && reopened.approval === null) {
    // What was returned is an appeal: people decide it, not the program that denied the claim before.
    await recordTransition(trx, deps, amended, withQuestion(reopened, await appealAgain(trx, deps, amended, at)), occasion);
    return { kind: 'done' };
  }
  if (registration.state.status === 'returned') await resumeCase(trx, deps, amended, at);
  const moved = await recordTransition(trx, deps, amended, reopened, occasion);
  await judgeInTransaction(trx, deps, moved, { occasion: 'amended', at, byOwner: true });
  return { kind: 'done' };
}

/** The question of an appeal that comes back from its partner: that of its case, or one of its own. */
async function appealAgain(trx: Transaction, deps: ActivityDependencies, registration: Registration, at: Instant): Promise<Approval> {
  await resumeCase(trx, deps, registration, at);
  const { caseId } = registration.state;
  const conflict = caseId === null ? null : await findCase(trx, caseId);
  return conflict?.state.approval ?? openAppeal(trx, deps, registration, at);
}

/** What the claim that it was had reached or lost is not this one's: neither its conflicts and its place in line, nor its appeal. */
const ANOTHER_CLAIM = {
  approval: null,
  caseId: null,
  overruled: [],
  appealed: false,
  appeals: 0,
  decidedBefore: [],
  waitlistedUntil: null,
  waitlistedBehind: [],
  settled: [],
  needsAttention: false,
} as const;

/** The question that was open when the claim was returned, where the program's clock does not start anew. */
async function resumed(
  trx: Transaction,
  deps: ActivityDependencies,
  program: Program,
  registration: Registration,
  at: Instant,
): Promise<Partial<RegistrationState>> {
  const { interrupted, questions } = registration.state;
  if (interrupted === null) return {};
  const asking = await askingOf(trx, deps, program, registration, 'claim', at);
  const put = resumedApproval(asking, interrupted.approval, interrupted.at, questions);
  if (put === null) return {};
  // Meanwhile somebody may have left, or got a stake: nobody looked while the claim was with its partner.
  const approval = reconsider(asking, put);
  return { approval, questions: approval.lastNumber };
}

function merge(registration: Registration, values: Amended) {
  const claim: ClaimFields = {
    kind: values.kind ?? registration.kind,
    customer: values.customer ?? registration.customer,
    productLines: values.productLines ?? registration.productLines,
    estimatedValue: values.estimatedValue ?? registration.estimatedValue,
    expectedCloseDate: values.expectedCloseDate ?? registration.expectedCloseDate,
    facts: changeFacts(registration.facts, values.facts, values.evidence === undefined ? undefined : proofsOf(values.evidence)),
  };
  return {
    claim,
    contact: values.contact ?? registration.contact,
    description: values.description ?? registration.description,
    evidence: values.evidence ?? registration.evidence,
  };
}

/** When the fields that either side may edit were last edited here; sync compares them with the CRM's own times. */
function editTimes(before: Registration, after: ClaimFields, at: Instant): Readonly<Record<string, Instant>> {
  const times: Record<string, Instant> = { ...before.fieldTimes };
  if (Number(after.estimatedValue.amount) !== Number(before.estimatedValue.amount)) times['estimatedValue'] = at;
  if (after.estimatedValue.currency !== before.estimatedValue.currency) times['estimatedCurrency'] = at;
  // The account that is looked up anew is a later word than the one that was chosen for the customer before.
  if (!sameJson(after.customer, before.customer)) times['customerAccount'] = at;
  if (after.expectedCloseDate !== before.expectedCloseDate) times['expectedCloseDate'] = at;
  return times;
}

function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
