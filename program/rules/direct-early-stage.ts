import { examineOpportunities } from './opportunity.ts';
import type { Rule } from './rule.ts';

/** C05: the direct team has an open opportunity at this customer in one of the first stages, created before the claim was received. Source: GitLab 2026 (stages 0–2). */
export const directEarlyStage: Rule<'C05_direct_early_stage'> = {
  id: 'C05_direct_early_stage',
  examine: (input) =>
    examineOpportunities(input, 'early', {
      found: 'Open direct opportunity in an early stage',
      none: 'No open direct opportunity in an early stage.',
      exact: 'Our sales team is in contact with this customer. Your partner manager and sales settle together how to go on.',
      probable: 'It has to be checked by a person whether our sales team is in contact with this customer.',
    }),
};
