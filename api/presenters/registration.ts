import { leadingStep, type Approval } from '../../program/approval/approval.ts';
import { readCasesOf } from '../../store/conflict-case.ts';
import type { Database } from '../../store/database.ts';
import { readLinksOf } from '../../store/link.ts';
import { readOpportunityLinks } from '../../store/opportunity-link.ts';
import type { Registration } from '../../store/registration.ts';
import type { RegistrationAnswer } from '../schemas/registration.ts';
import { presentApproval } from './approval.ts';

/** To a partner whose position somebody else contests. */
const RIVAL_SUMMARY = 'A person looks into this customer; there is nothing for you to do.';

/** Shows registrations in the order given, with their cases, links and opportunities: three look-ups, however many they are. */
export async function presentRegistrations(db: Database, registrations: readonly Registration[]): Promise<readonly RegistrationAnswer[]> {
  const ids = registrations.map(({ registrationId }) => registrationId);
  const cases = Map.groupBy(await readCasesOf(db, ids), ({ registrationId }) => registrationId);
  const links = Map.groupBy(await readLinksOf(db, 'registration', ids), ({ localId }) => localId);
  const opportunities = Map.groupBy(await readOpportunityLinks(db, ids), ({ registrationId }) => registrationId);
  return registrations.map((registration) => ({
    ...presentClaim(registration),
    conflicts: (cases.get(registration.registrationId) ?? []).map(({ conflict, side }) => ({
      caseId: conflict.id,
      rule: conflict.rule,
      // The portal shows this to partners: it names no rival. Insiders read the case, and the record in the CRM.
      summary: side === 'claimant' ? conflict.partnerSummary : RIVAL_SUMMARY,
    })),
    links: [
      ...(links.get(registration.registrationId) ?? []).map(({ connection, remoteId }) => ({
        connection,
        objectType: 'registration',
        remoteId,
      })),
      ...(opportunities.get(registration.registrationId) ?? []).map(({ connection, opportunity }) => ({
        connection,
        objectType: 'opportunity',
        remoteId: opportunity,
      })),
    ],
    opportunity: presentOpportunity(opportunities.get(registration.registrationId) ?? []),
  }));
}

export async function presentRegistration(db: Database, registration: Registration): Promise<RegistrationAnswer> {
  const [presented] = await presentRegistrations(db, [registration]);
  return presented as RegistrationAnswer;
}

/** The one of which the registration is the primary, where it is linked in several CRMs; otherwise the first. */
function presentOpportunity(linked: Awaited<ReturnType<typeof readOpportunityLinks>>): RegistrationAnswer['opportunity'] {
  const shown = linked.find(({ isPrimary }) => isPrimary) ?? linked[0];
  if (shown === undefined) return null;
  const { connection, opportunity, isPrimary, linkedAt, linkedBy } = shown;
  return { connection, remoteId: opportunity, primary: isPrimary, linkedAt, by: linkedBy };
}

function presentClaim(registration: Registration): Omit<RegistrationAnswer, 'conflicts' | 'links' | 'opportunity'> {
  const { state } = registration;
  return {
    id: registration.registrationId,
    externalId: registration.externalId,
    partnerId: registration.partnerId,
    status: state.status,
    kind: registration.kind,
    customer: registration.customer,
    contact: registration.contact,
    productLines: [...registration.productLines],
    estimatedValue: registration.estimatedValue,
    expectedCloseDate: registration.expectedCloseDate,
    description: registration.description,
    facts: { ...registration.facts, proofs: [...registration.facts.proofs] },
    submittedAt: registration.submittedAt,
    decidedAt: state.decision?.at ?? null,
    protection: state.protection === null ? null : { ...state.protection, lines: [...state.grantedLines] },
    extension: state.extension === null ? null : { until: state.extension.until, ...presentQuestion(state.extension.approval) },
    transfer: state.transfer === null ? null : { partnerId: state.transfer.partnerId, ...presentQuestion(state.transfer.approval) },
    review: state.approval === null ? null : presentQuestion(state.approval),
    approval: state.approval === null ? null : presentApproval(state.approval),
    decision:
      state.decision === null
        ? null
        : {
            outcome: state.decision.outcome,
            reasons: state.decision.reasons.map(({ rule, message }) => ({ rule, message })),
            programVersion: registration.programVersion,
          },
    updatedAt: registration.updatedAt,
  };
}

function presentQuestion(approval: Approval): NonNullable<RegistrationAnswer['review']> {
  const { name, approver, dueAt } = leadingStep(approval);
  return { step: name, approver, dueAt };
}
