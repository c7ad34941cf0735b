import type { CrmFailure } from '../failures.ts';
import type { HttpExchange } from '../http-exchange.ts';
import { readComplaint } from './complaint.ts';

/** How far a call is repeated before whoever made it is told. */
export interface Patience {
  /** How often a call is repeated at most. */
  readonly repeats: number;
  /** A longer pause than this is the caller's. */
  readonly pauseMs: number;
}

export const USUAL_PATIENCE: Patience = { repeats: 3, pauseMs: 15_000 };

const TEN_SECONDS_MS = 10_000;
/** Searches are counted by the second; one that came too early is not counted. */
const SEARCH_PAUSE_MS = 1_100;
/** "Wait at least two seconds." https://developers.hubspot.com/docs/api-reference/error-handling */
const LOCK_PAUSE_MS = 2_000;
const FIRST_PAUSE_MS = 500;

/**
 * How long to wait before the call that failed is made again, in milliseconds; null where it is not.
 *
 * A call that a limit refused was not carried out, so any may be repeated. After all else only one that ends in the same state when it is carried out twice
 * (`isRepeatable`): its answer may have been lost. The day's allowance comes back at midnight, which is too long to wait here.
 */
export function pauseBefore(
  failure: CrmFailure,
  exchange: HttpExchange | null,
  isRepeatable: boolean,
  repeated: number,
  patience: Patience,
): number | null {
  if (repeated >= patience.repeats) return null;
  const pauseMs = wantedPause(failure, exchange, isRepeatable, repeated);
  return pauseMs === null || pauseMs > patience.pauseMs ? null : pauseMs;
}

function wantedPause(failure: CrmFailure, exchange: HttpExchange | null, isRepeatable: boolean, repeated: number): number | null {
  const told = failure.retryAfterMs;
  if (failure.code === 'CRM_RATE_LIMITED') return told ?? limitPause(exchange);
  if (!isRepeatable) return null;
  if (failure.code === 'CRM_RECORD_LOCKED') return told ?? LOCK_PAUSE_MS;
  if (failure.code === 'CRM_UNAVAILABLE') return told ?? FIRST_PAUSE_MS * 2 ** repeated;
  return null;
}

function limitPause(exchange: HttpExchange | null): number {
  const policyName = exchange === null ? null : readComplaint(exchange.body)?.policyName;
  if (policyName === 'SECONDLY') return SEARCH_PAUSE_MS;
  const intervalMs = Number(exchange?.headers['x-hubspot-ratelimit-interval-milliseconds']);
  return Number.isFinite(intervalMs) && intervalMs > 0 ? intervalMs : TEN_SECONDS_MS;
}
