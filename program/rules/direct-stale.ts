import { examineOpportunities } from './opportunity.ts';
import { NOTHING_AGAINST, type Rule } from './rule.ts';

/** C07: a direct opportunity in a later stage that nobody touched for longer than the declared time does not block partners. Source: GitLab 2026 (over 180 days). */
export const directStale: Rule<'C07_direct_stale'> = {
  id: 'C07_direct_stale',
  examine: (input) =>
    examineOpportunities(input, 'stale', {
      found: 'Stale direct opportunity in a late stage',
      none: 'No stale direct opportunity.',
      exact: NOTHING_AGAINST,
      probable: NOTHING_AGAINST,
    }),
};
