import type { Program } from '../definition/program.ts';
import type { PlainDate } from '../vocabulary.ts';
import { lintPeople } from './approver.ts';
import { lintAsking } from './asking-sense.ts';
import { lintEconomics } from './benefit.ts';
import { lintBenefitRows } from './benefit-row.ts';
import { lintConversion } from './conversion-sense.ts';
import { lintDates } from './date-sense.ts';
import { lintDeclarations } from './declaration.ts';
import { lintDocuments } from './document-sense.ts';
import { lintDurations } from './duration-sense.ts';
import { lintEligibility } from './eligibility-row.ts';
import type { LintFinding } from './finding.ts';
import { lintMetrics } from './metric-sense.ts';
import { lintWords } from './open-word.ts';
import { lintOperation } from './operation-sense.ts';
import { lintTypes } from './partner-type.ts';
import { lintProtection } from './protection-sense.ts';
import { lintRashDecisions } from './rash-decision.ts';
import { lintRouting } from './routing-row.ts';
import { lintRuleOrder } from './rule-order.ts';
import { lintRuleRows } from './rule-row.ts';
import { lintSituations } from './situation.ts';
import { lintTiers } from './tier.ts';
import { lintUndeclared } from './undeclared.ts';
import { lintUnheededOutcomes } from './unheeded-outcome.ts';
import { lintWindows } from './window-row.ts';

/**
 * Everything in a definition that makes no sense, though its shape is right and its ids lead somewhere; see `LINT_CATALOGUE`.
 *
 * `written` is the definition as its author wrote it, before defaults were filled in. `today` is for documents and rates only: no error depends on it.
 */
export function lintProgram(program: Program, written: unknown, today: PlainDate): readonly LintFinding[] {
  return [
    ...lintTypes(program),
    ...lintTiers(program),
    ...lintEconomics(program),
    ...lintBenefitRows(program),
    ...lintOperation(program),
    ...lintMetrics(program),
    ...lintDocuments(program, today),
    ...lintPeople(program),
    ...lintAsking(program),
    ...lintEligibility(program),
    ...lintRouting(program),
    ...lintWindows(program),
    ...lintDurations(program),
    ...lintProtection(program),
    ...lintUndeclared(program, written),
    ...lintDates(program),
    ...lintDeclarations(program),
    ...lintRuleRows(program),
    ...lintRuleOrder(program),
    ...lintSituations(program),
    ...lintUnheededOutcomes(program),
    ...lintRashDecisions(program),
    ...lintWords(program),
    ...lintConversion(program),
  ];
}
