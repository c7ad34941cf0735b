import type { RuleId } from '../rules/catalogue.ts';
import { CUSTOMER_RULE_TEXTS } from './customer-rule-text.ts';
import { DEAL_RULE_TEXTS } from './deal-rule-text.ts';
import { DIRECT_RULE_TEXTS } from './direct-rule-text.ts';
import { LATER_RULE_TEXTS } from './later-rule-text.ts';
import { RIVAL_RULE_TEXTS } from './rival-rule-text.ts';
import type { RuleTexts } from './rule-text.ts';

/** A rule or a situation that is added to the catalogue and not described does not compile. */
export const RULE_TEXTS: RuleTexts<RuleId> = {
  ...RIVAL_RULE_TEXTS,
  ...DIRECT_RULE_TEXTS,
  ...CUSTOMER_RULE_TEXTS,
  ...DEAL_RULE_TEXTS,
  ...LATER_RULE_TEXTS,
};
