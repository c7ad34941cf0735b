import type { CrmUsage } from '../port.ts';

/**
 * Reads `Sforce-Limit-Info: api-usage=18/100000; per-app-api-usage=17/250(appName=x)`: the org's own count, never the share of one app.
 * Null where the header is absent or says something else.
 */
export function parseLimitInfo(header: string | undefined): CrmUsage | null {
  const match = /(?:^|;\s*)api-usage=(\d+)\/(\d+)/.exec(header ?? '');
  return match?.[1] === undefined || match[2] === undefined ? null : { used: Number(match[1]), limit: Number(match[2]) };
}
