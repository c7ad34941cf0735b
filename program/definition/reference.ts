import type { Program } from './program.ts';
import { BUSINESS_CHECKS } from './reference/business.ts';
import { CLAIM_CHECKS } from './reference/claim.ts';
import { GOVERNANCE_CHECKS } from './reference/governance.ts';
import { PARTNER_CHECKS } from './reference/partner.ts';
import type { DefinitionProblem, ReferenceCheck } from './reference/problem.ts';
import { REPEATED_IDS } from './reference/repeated-id.ts';
import { ROUTING_CHECKS } from './reference/routing.ts';
import { RULE_CHECKS } from './reference/rule.ts';
import { TERM_CHECKS } from './reference/term.ts';

const CHECKS: readonly ReferenceCheck[] = [
  ...REPEATED_IDS,
  ...GOVERNANCE_CHECKS,
  ...PARTNER_CHECKS,
  ...ROUTING_CHECKS,
  ...RULE_CHECKS,
  ...CLAIM_CHECKS,
  ...TERM_CHECKS,
  ...BUSINESS_CHECKS,
];

/**
 * What each value by itself cannot show: ids that lead nowhere or come twice, limits that do not reach, shares that do not make 100, ranges that hold nothing,
 * amounts without a rate. Whether a program makes sense (gaps, overlaps, rows that are never reached) is for the linter.
 *
 * `sections` are those of the definition that have their shape; a check that needs another one says nothing.
 */
export function findBrokenReferences(sections: Partial<Program>): readonly DefinitionProblem[] {
  return CHECKS.flatMap(({ reads, find }) => (reads.every((section) => Object.hasOwn(sections, section)) ? find(sections as Program) : []));
}
