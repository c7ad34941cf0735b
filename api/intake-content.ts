import { createHash } from 'node:crypto';
import { canonicalJson } from '../program/canonical-json.ts';
import { changeFacts } from '../program/claim-facts.ts';
import type { Registration } from '../store/registration.ts';
import type { FieldProblem } from './field-problem.ts';
import type { Intake } from './schemas/intake.ts';

/** Of everything that is claimed, after normalising; the ids that identify the claim are left out. The order of fields and of product lines does not matter. */
export function contentDigest({ externalId: _externalId, partnerId: _partnerId, ...content }: Intake): string {
  const sorted = { ...content, productLines: [...content.productLines].sort() };
  return createHash('sha256').update(canonicalJson(sorted)).digest('hex');
}

/**
 * In which fields a repeated submission differs from the registration that exists; empty when it is the same claim.
 *
 * What was sent at first is recognised by its digest, also when the claim was amended since. Otherwise the claim as it stands now counts.
 * A kind, evidence or a fact that is not sent again is no difference.
 */
export function differingFields(intake: Intake, registration: Registration): readonly FieldProblem[] {
  if (contentDigest(intake) === registration.contentDigest) return [];
  const { customer, contact, estimatedValue } = intake;
  const pairs: readonly (readonly [field: string, sent: unknown, kept: unknown])[] = [
    ...nested('customer', customer, registration.customer),
    ...nested('contact', contact, registration.contact),
    ['productLines', [...intake.productLines].sort(), [...registration.productLines].sort()],
    ...nested('estimatedValue', estimatedValue, registration.estimatedValue),
    ['expectedCloseDate', intake.expectedCloseDate, registration.expectedCloseDate],
    ['description', intake.description, registration.description],
    ['kind', intake.kind ?? registration.kind, registration.kind],
    ['evidence', intake.evidence ?? registration.evidence, registration.evidence],
    ...nested('facts', changeFacts(registration.facts, intake.facts, undefined), registration.facts),
  ];
  return pairs
    .filter(([, sent, kept]) => canonicalJson(sent) !== canonicalJson(kept))
    .map(([field]) => ({ path: [field], message: 'differs from the registration that exists' }));
}

function nested<Part extends object>(
  name: string,
  sent: Part,
  kept: { readonly [Key in keyof Part]: unknown },
): readonly (readonly [string, unknown, unknown])[] {
  return (Object.keys(sent) as (keyof Part & string)[]).map((key) => [`${name}.${key}`, sent[key], kept[key]]);
}
