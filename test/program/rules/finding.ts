import type { RuleId } from '../../../program/rules/catalogue.ts';
import type { Finding, Rule, RuleInput } from '../../../program/rules/rule.ts';
import { ruleInput } from '../example.ts';

type Changes<Id extends RuleId> = Parameters<typeof ruleInput<Id>>[1];

/** The situation that `rule` finds, or null where it stays quiet. */
export function situationOf<Id extends RuleId>(rule: Rule<Id>, changes: Changes<Id> = {}): string | null {
  const finding: Finding = rule.examine(ruleInput(rule.id, changes) as RuleInput<Id>);
  return finding.kind === 'quiet' ? null : finding.situation;
}
