import { examineOpportunities } from './opportunity.ts';
import type { Rule } from './rule.ts';

/** C06: the direct team has an opportunity in a later stage with activity in the declared time. Source: GitLab 2026 (stages 3–6); partners are offered to co-sell. */
export const directLateActive: Rule<'C06_direct_late_active'> = {
  id: 'C06_direct_late_active',
  examine: (input) =>
    examineOpportunities(input, 'late_active', {
      found: 'Active direct opportunity in a late stage',
      none: 'No active direct opportunity in a late stage.',
      exact: 'Our sales team is already far along with this customer. Ask your partner manager whether you can sell together.',
      probable: 'It has to be checked by a person whether our sales team is already far along with this customer.',
    }),
};
