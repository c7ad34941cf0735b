import type { CrmUsage } from '../../crm/port.ts';

/** Percent of the CRM's calls of a day, which we share with whatever else the company has connected. */
export interface CallShares {
  /** From here on background work waits: what is copied from the CRM for looking things up. */
  readonly soft: number;
  /** From here on all sync waits. */
  readonly hard: number;
}

export type CallHold = 'background' | 'all';

export const DEFAULT_CALL_SHARES: CallShares = { soft: 80, hard: 95 };

/** What has to wait at this use of the day's calls; null where nothing has to, and where the CRM names no limit. */
export function holdOf({ used, limit }: CrmUsage, { soft, hard }: CallShares): CallHold | null {
  if (limit <= 0) return null;
  const percent = (used / limit) * 100;
  if (percent >= hard) return 'all';
  return percent >= soft ? 'background' : null;
}
