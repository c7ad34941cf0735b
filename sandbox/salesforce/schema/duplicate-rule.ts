/** Duplicate rules and the matching rules they use, as metadata has them. Source: Metadata API Developer Guide, "DuplicateRule", "MatchingRules". */

import { z } from 'zod';
import type { Component } from '../metadata/component.ts';
import { listOf } from '../screen/element-list.ts';

const ACTIONS = ['Allow', 'Block'] as const;
const operation = z.enum(['Alert', 'Report']);

export const duplicateRuleFile = z.object({
  actionOnInsert: z.enum(ACTIONS),
  actionOnUpdate: z.enum(ACTIONS),
  alertText: z.string().optional(),
  isActive: z.enum(['true', 'false']),
  masterLabel: z.string(),
  duplicateRuleMatchRules: listOf(z.object({ matchRuleSObjectType: z.string(), matchingRule: z.string() })),
  operationsOnInsert: listOf(operation),
  operationsOnUpdate: listOf(operation),
});

/** Values are compared as they are, as names of companies, or as addresses on the web; other methods of an org are not built. */
const matchingMethod = z.enum(['Exact', 'CompanyName', 'Url']);

export const matchingRulesFile = z.object({
  matchingRules: listOf(
    z.object({
      fullName: z.string(),
      ruleStatus: z.string(),
      booleanFilter: z.string().optional(),
      matchingRuleItems: listOf(
        z.object({
          fieldName: z.string(),
          matchingMethod: z.string(),
          blankValueBehavior: z.enum(['MatchBlanks', 'NullNotAllowed']).optional(),
        }),
      ),
    }),
  ),
});

export interface MatchingItem {
  readonly field: string;
  readonly method: z.infer<typeof matchingMethod>;
  readonly matchesBlanks: boolean;
}

export interface MatchingRule {
  readonly name: string;
  readonly items: readonly MatchingItem[];
  /** True where one item suffices. */
  readonly isAny: boolean;
}

/** What becomes of a duplicate: it is saved, saved if the caller insists, or refused. */
export type DuplicateAction = 'allow' | 'alert' | 'block';

export interface DuplicateRule {
  readonly name: string;
  readonly message: string;
  readonly onInsert: DuplicateAction;
  readonly onUpdate: DuplicateAction;
  readonly matching: readonly MatchingRule[];
}

/** Why a filter or a method of a matching rule is refused in a deployment; null where it is not. */
export function problemOfFilter(filter: string): string | null {
  const isSimple = /^\s*\d+(\s+AND\s+\d+)*\s*$|^\s*\d+(\s+OR\s+\d+)*\s*$/i.test(filter);
  return isSimple ? null : `The filter ${filter} is not built in this sandbox: only items joined by AND alone, or by OR alone, are`;
}

export function problemOfMethod(method: string): string | null {
  const built = matchingMethod.options;
  return built.some((each) => each === method)
    ? null
    : `The matching method ${method} is not built in this sandbox: ${built.join(', ')} are`;
}

const DEFAULT_MESSAGE = 'Use one of these records?';

/** The active rules among `duplicateRules`, with those of the object's own `matchingRules`; what no deployment would take is left out. */
export function duplicateRulesOf(duplicateRules: readonly Component[], matchingRules: readonly Component[]): readonly DuplicateRule[] {
  const matching = new Map(matchingRules.flatMap(matchingRulesIn).map((rule) => [rule.name, rule]));
  return duplicateRules.flatMap(({ fullName, content }) => {
    const { data: file } = duplicateRuleFile.safeParse(content);
    if (file === undefined || file.isActive !== 'true') return [];
    const [object, name = fullName] = fullName.split('.', 2);
    const own = file.duplicateRuleMatchRules.filter(({ matchRuleSObjectType }) => matchRuleSObjectType === object);
    return [
      {
        name,
        message: file.alertText ?? DEFAULT_MESSAGE,
        onInsert: actionOf(file.actionOnInsert, file.operationsOnInsert),
        onUpdate: actionOf(file.actionOnUpdate, file.operationsOnUpdate),
        matching: own.flatMap(({ matchingRule }) => matching.get(matchingRule) ?? []),
      },
    ];
  });
}

function actionOf(action: (typeof ACTIONS)[number], operations: readonly z.infer<typeof operation>[]): DuplicateAction {
  if (action === 'Block') return 'block';
  return operations.includes('Alert') ? 'alert' : 'allow';
}

function matchingRulesIn({ content }: Component): readonly MatchingRule[] {
  const { data: file } = matchingRulesFile.safeParse(content);
  return (file?.matchingRules ?? [])
    .filter(({ ruleStatus }) => ruleStatus === 'Active')
    .map((rule) => ({
      name: rule.fullName,
      isAny: /\bOR\b/i.test(rule.booleanFilter ?? ''),
      items: rule.matchingRuleItems.map((item) => ({
        field: item.fieldName,
        method: matchingMethod.catch('Exact').parse(item.matchingMethod),
        matchesBlanks: item.blankValueBehavior === 'MatchBlanks',
      })),
    }));
}
