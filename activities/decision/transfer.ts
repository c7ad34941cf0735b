import { judgeClaim } from '../../program/judge-claim.ts';
import { refuse, type Refusal } from '../../program/failures.ts';
import { registrationWorkflowId } from '../../program/messages.ts';
import type { RuleId } from '../../program/rules/catalogue.ts';
import { findApproval, saveApproval } from '../../store/approval.ts';
import { recordAudit } from '../../store/audit.ts';
import type { Transaction } from '../../store/database.ts';
import { readPartners } from '../../store/partner.ts';
import { findByExternalId, savePartner, type Registration } from '../../store/registration.ts';
import { claimOf } from './claim-of.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { gatherEvidence } from './gather-evidence.ts';
import { programOf } from './judge-again.ts';
import { refusalOfAuthority } from './ladder-authority.ts';
import { pinnedProgram } from './pinned-program.ts';
import { recordTransition, type Occasion } from './transition.ts';

/** What the new partner has to satisfy: who it is, what it may register, and where. Whose claim came first was settled when this one was approved. */
const RULES_ABOUT_PARTNERS: ReadonlySet<RuleId> = new Set(['C14_outside_region', 'C18_partner_not_eligible', 'C28_self_dealing']);

/**
 * Gives an approved registration to another partner, as when partners merge or the customer asks for it. Window, lines and extensions stay as they are.
 *
 * Refused for a partner that nobody knows, that has it, whose own claims use its external id, or whom the program would not let register it.
 */
export async function transferInTransaction(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  partnerId: string,
  occasion: Omit<Occasion, 'kind'>,
): Promise<{ readonly kind: 'done' } | Refusal> {
  const { registrationId, externalId, state } = registration;
  const { actor, at } = occasion;
  const program = pinnedProgram(deps, registration);
  const refusal = await refusalOfAuthority(trx, program, registrationId, 'transfer', actor);
  if (refusal !== null) return refusal;
  const [partner] = await readPartners(trx, [partnerId]);
  if (partner === undefined) return no(`There is no partner ${partnerId}.`);
  if (partnerId === registration.partnerId) return no(`The registration is that of ${partner.name} already.`);
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
  if (verdict.outcome === 'deny' || verdict.outcome === 'return') {
    return no(`${partner.name} may not have it: ${verdict.reasons.map(({ message }) => message).join(' ')}`);
  }
  await savePartner(trx, registrationId, partnerId, at);
  const approved = await findApproval(trx, registrationId);
  if (approved !== null) await saveApproval(trx, registrationId, { ...approved, partnerId });
  await recordAudit(trx, {
    subject: registrationWorkflowId(registrationId),
    kind: 'transferred',
    actor,
    details: { from: registration.partnerId, to: partnerId },
    at,
  });
  const previousPartnerId = registration.partnerId;
  await recordTransition(trx, deps, transferred, state, { kind: 'given to another partner', ...occasion, previousPartnerId });
  return { kind: 'done' };
}

function no(message: string): Refusal {
  return refuse('TRANSFER_NOT_ALLOWED', message);
}
