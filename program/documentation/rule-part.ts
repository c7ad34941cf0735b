import { RULE_CATALOGUE, RULE_IDS, type RuleId } from '../rules/catalogue.ts';
import { RULE_TEXTS } from './described-rule.ts';
import { code, table, yaml } from './markdown.ts';
import { parameterDefaults } from './parameter-default.ts';
import type { RuleText } from './rule-text.ts';

/** All rules in one table: what each is about and what published programs make of it. */
export function ruleOverview(): string {
  return table(
    ['rule', 'about', 'situations'],
    RULE_IDS.map((id) => [code(id), RULE_TEXTS[id].title, RULE_CATALOGUE[id].situations.map(code).join(', ')]),
  );
}

/** Every rule: what it finds, its situations and parameters, what is usual, an example, the source. */
export function ruleReference(): string {
  return RULE_IDS.map(describeRule).join('\n\n');
}

function describeRule(id: RuleId): string {
  const { title, finds, usual, source, example } = RULE_TEXTS[id];
  const parameters = describeParameters(id);
  return [
    `### ${id}: ${title}`,
    finds,
    describeSituations(id),
    ...(parameters === null ? [] : [parameters]),
    `Usual: ${usual}. Source: ${source}.`,
    yaml(example),
  ].join('\n\n');
}

function describeSituations(id: RuleId): string {
  const { situations, optional }: { readonly situations: readonly string[]; readonly optional: readonly string[] } = RULE_CATALOGUE[id];
  const texts: Readonly<Record<string, string>> = (RULE_TEXTS[id] as RuleText<RuleId>).situations;
  return table(
    ['situation', 'means', 'outcome'],
    situations.map((situation) => [code(situation), texts[situation] ?? '', optional.includes(situation) ? 'may be left out' : 'required']),
  );
}

function describeParameters(id: RuleId): string | null {
  const texts: Readonly<Record<string, string>> = RULE_TEXTS[id].parameters;
  const defaults = parameterDefaults(id);
  if (defaults.length === 0) return null;
  return table(
    ['with', 'means', 'unless said'],
    defaults.map(([name, written]) => [code(name), texts[name] ?? '', code(written)]),
  );
}
