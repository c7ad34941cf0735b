import type { ClaimSnapshot, EvidenceSnapshot } from '../claim.ts';
import { holds } from '../condition.ts';
import type { BUILT_IN_FACTS } from '../definition/condition.ts';
import type { Program } from '../definition/program.ts';
import { quiet, type Rule } from './rule.ts';

/**
 * R01: something that the program requires of every claim (`requiredFacts`), or of this one (`intake`, where it is required and its
 * condition holds), is missing.
 *
 * An empty text is no answer, neither is one of another type than the program asks for, nor one that is not among its choices. A false is
 * an answer. Where it cannot be told whether the condition holds, the fact is asked for: what is unknown is never taken for a no.
 * Source: GitLab returns incomplete claims, and what is completed later has the later receipt; AWS and Microsoft answer with what is
 * missing.
 */
export const incomplete: Rule<'R01_incomplete'> = {
  id: 'R01_incomplete',
  examine: ({ program, claim, evidence }) => {
    const missing = missingFacts(program, claim, evidence);
    if (missing.length === 0) return quiet('Everything that the program requires was given.', 'The registration is complete.');
    const list = missing.join('; ');
    return {
      kind: 'found',
      situation: 'missing',
      message: `Missing: ${list}.`,
      partnerMessage: `The registration is not complete. Missing: ${list}.`,
      exhibits: missing.map((summary) => ({ kind: 'missing_fact', summary })),
      rivalIds: [],
      opportunity: null,
    };
  },
};

/** What is missing, by its label, in the program's order: first what every claim has to bring. */
function missingFacts(program: Program, claim: ClaimSnapshot, { partner }: EvidenceSnapshot): readonly string[] {
  const built = program.requiredFacts.filter((id) => !isGiven(id, claim)).map((id) => labelOf(id, program));
  const asked = program.intake
    .filter(({ required, when }) => required && (when === undefined || holds(when, program, claim, partner) !== 'no'))
    .filter((fact) => !isAnswered(fact, claim))
    .map(({ label, type, choices }) => (type === 'choice' ? `${label} (one of ${choices.join(', ')})` : label));
  return [...new Set([...built, ...asked])];
}

type IntakeFact = Program['intake'][number];

function isAnswered({ id, type, choices }: Pick<IntakeFact, 'id' | 'type' | 'choices'>, { facts }: ClaimSnapshot): boolean {
  const answer = Object.hasOwn(facts.answers, id) ? facts.answers[id] : undefined;
  switch (type) {
    case 'text':
      return typeof answer === 'string' && answer.trim() !== '';
    case 'number':
      return typeof answer === 'number' && Number.isFinite(answer);
    case 'flag':
      return typeof answer === 'boolean';
    case 'choice':
      return typeof answer === 'string' && choices.includes(answer);
  }
}

type BuiltInFact = (typeof BUILT_IN_FACTS)[number];

const BUILT_IN: Readonly<Record<BuiltInFact, { readonly label: string; readonly read: (claim: ClaimSnapshot) => unknown }>> = {
  quantity: { label: 'the quantity', read: ({ facts }) => facts.quantity },
  current_contract: { label: 'what the customer pays today', read: ({ facts }) => facts.currentContract },
  tender: { label: 'the reference and date of the tender', read: ({ facts }) => facts.tender },
  distributor: { label: 'the distributor', read: ({ facts }) => facts.distributor },
  quoted_partner: { label: 'the reseller on the quote', read: ({ facts }) => facts.quotedPartner },
  marketplace: { label: 'the marketplace', read: ({ facts }) => facts.marketplace },
  site: { label: 'the site or department that buys', read: ({ facts }) => facts.site },
  proof: { label: 'a proof of work', read: ({ facts }) => facts.proofs[0] },
  company_number: { label: "the customer's company number", read: ({ customer }) => customer.companyNumber },
  postal_code: { label: "the customer's postal code", read: ({ customer }) => customer.postalCode },
  domain: { label: "the customer's domain", read: ({ customer }) => customer.domain },
};

function isBuiltIn(id: string): id is BuiltInFact {
  return Object.hasOwn(BUILT_IN, id);
}

/** Other ids than the built-in ones are answers to the program's own intake, required of everybody. */
function isGiven(id: string, claim: ClaimSnapshot): boolean {
  const value = isBuiltIn(id) ? BUILT_IN[id].read(claim) : claim.facts.answers[id];
  return typeof value === 'string' ? value.trim() !== '' : value !== null && value !== undefined;
}

function labelOf(id: string, { intake }: Program): string {
  return isBuiltIn(id) ? BUILT_IN[id].label : (intake.find((fact) => fact.id === id)?.label ?? id);
}
