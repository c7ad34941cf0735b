import type { CrmAllowance } from '../../crm/port.ts';

export interface Shortcoming {
  /** The CRM's name of what is short. */
  readonly subject: string;
  readonly problem: string;
  readonly remedy: string;
  /** Work stands still until it is mended; otherwise it goes on for now. */
  readonly isBlocking: boolean;
}

/** Below this share of an allowance people should look at it before it is used up. */
const LOW_SHARE = 0.1;

const REMEDIES: Readonly<Record<string, string>> = {
  DailyApiRequests:
    'See in Setup, Company Information and API Usage, who else calls; have the allowance raised, or wait: it renews over 24 hours.',
  DailyApiCalls:
    "See in HubSpot, Development, Monitoring, who else calls; buy more, or wait: they come back at midnight in the portal's time zone.",
  DailyBulkV2QueryJobs: 'See in Setup, Bulk Data Load Jobs, what else runs; it renews over 24 hours.',
  DataStorageMB: 'Delete or archive records, or buy storage: without it the CRM takes no new records.',
};

/** The allowances that are used up or nearly so. */
export function shortcomingsOf(allowances: readonly CrmAllowance[]): readonly Shortcoming[] {
  return allowances
    .filter(({ max, remaining }) => max > 0 && remaining < max * LOW_SHARE)
    .map(({ name, max, remaining }) => ({
      subject: name,
      problem: remaining <= 0 ? `all ${max} are used` : `${remaining} of ${max} are left`,
      remedy: REMEDIES[name] ?? 'Have the allowance raised.',
      isBlocking: remaining <= 0,
    }));
}
