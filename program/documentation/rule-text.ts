import type { RuleParameters } from '../definition/rule-parameter.ts';
import type { RuleId, Situation } from '../rules/catalogue.ts';

/** What people read about a rule in `docs/program.md`. */
export interface RuleText<Id extends RuleId> {
  /** A heading, such as `Direct opportunity in an early stage`. */
  readonly title: string;
  readonly finds: string;
  readonly situations: Readonly<Record<Situation<Id>, string>>;
  readonly parameters: Readonly<Record<keyof RuleParameters<Id>, string>>;
  /** What published programs make of it: outcome, who decides, how soon. */
  readonly usual: string;
  readonly source: string;
  /** Sections of a program in YAML, which fit into Acme's. */
  readonly example: string;
}

export type RuleTexts<Id extends RuleId> = { readonly [Each in Id]: RuleText<Each> };
