import { factsOf } from '../program/claim-facts.ts';
import { defaultKind } from '../program/rules/partner-not-eligible.ts';
import type { Partner } from '../store/partner.ts';
import { storeReceipt, type NewClaim } from '../store/receipt.ts';
import type { ApiDependencies } from './dependencies.ts';
import { formatFieldPath } from './field-problem.ts';
import { contentDigest, differingFields } from './intake-content.ts';
import { presentRegistration } from './presenters/registration.ts';
import { problem } from './problem.ts';
import { created, ok, type Answer } from './route.ts';
import type { Intake } from './schemas/intake.ts';
import type { RegistrationAnswer } from './schemas/registration.ts';

/** https://www.postgresql.org/docs/18/errcodes-appendix.html */
const UNIQUE_VIOLATION = '23505';

/**
 * Keeps a new registration. Once this has answered it is never lost: the row, what starts its workflow and what carries it to the CRMs are one transaction.
 * The same external id of the same partner again: the registration that exists, or the fields in which this one differs.
 */
export async function receiveRegistration(deps: ApiDependencies, partner: Partner, intake: Intake): Promise<Answer<RegistrationAnswer>> {
  const { kind, registration } = await keep(deps, claimOf(deps, partner, intake));
  if (kind === 'received')
    return created(await presentRegistration(deps.db, registration), `/v1/registrations/${registration.registrationId}`);
  const differences = differingFields(intake, registration);
  if (differences.length === 0) return ok(await presentRegistration(deps.db, registration));
  const names = differences.map(({ path }) => formatFieldPath(path)).join(', ');
  const detail = `The partner registered this externalId before, as ${registration.registrationId}, with other values of: ${names}. Amend that one, or choose another externalId.`;
  return problem('content-differs', detail, differences);
}

async function keep(deps: ApiDependencies, claim: NewClaim): ReturnType<typeof storeReceipt> {
  try {
    return await storeReceipt(deps.db, claim, deps);
  } catch (error) {
    // The same external id for another customer came in at the same moment, under other locks: now it is known.
    if ((error as { readonly code?: unknown }).code !== UNIQUE_VIOLATION) throw error;
    return storeReceipt(deps.db, claim, deps);
  }
}

function claimOf(deps: ApiDependencies, partner: Partner, intake: Intake): NewClaim {
  const program = deps.programs.current();
  return {
    registrationId: deps.newId(),
    externalId: intake.externalId,
    partnerId: partner.partnerId,
    origin: 'api',
    kind: intake.kind ?? defaultKind(program, partner),
    facts: factsOf(intake.facts, intake.evidence),
    customer: intake.customer,
    contact: intake.contact,
    productLines: intake.productLines,
    estimatedValue: intake.estimatedValue,
    expectedCloseDate: intake.expectedCloseDate,
    description: intake.description,
    evidence: intake.evidence ?? [],
    programVersion: program.version,
    contentDigest: contentDigest(intake),
  };
}
