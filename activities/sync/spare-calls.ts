import { DEFAULT_CALL_SHARES, holdOf, type CallHold } from './call-share.ts';
import type { Instant, ObjectType } from '../../program/vocabulary.ts';
import { recordUsage, type CallCount } from '../../store/connection.ts';
import type { PullResult } from '../contract.ts';
import type { ActivityDependencies, Connection } from '../decision/dependencies.ts';

/** Salesforce counts the last 24 hours, so calls come back by and by: somebody must look whether they did, at the price of a call. */
const LOOK_AGAIN_MS = 10 * 60_000;
/** HubSpot counts a day of the portal, which nothing but its end brings back; an allowance that was raised, or a clock that was set, is noticed within the hour. */
const LOOK_AGAIN_BEFORE_RESET_MS = 60 * 60_000;

/** Copies for looking things up. Whatever people edit on either side is not among them. */
const BACKGROUND: ReadonlySet<ObjectType> = new Set(['user', 'account']);

/**
 * Why `objectType`, or a backfill of any of them, waits for calls of the day; null where it may go on. What was seen more than ten minutes ago (an hour, where the CRM's day
 * ends at a known time) holds nobody back, nor does a day that is over: the next call tells how it stands now.
 */
export function holdFor(
  objectType: ObjectType | 'backfill',
  calls: CallCount | null,
  now: Instant,
): Pick<PullResult, 'state' | 'reason'> | null {
  if (calls === null || calls.held === null || isOver(calls, now)) return null;
  if (calls.held === 'all') return { state: 'parked', reason: 'CRM_ALLOWANCE_EXHAUSTED' };
  return objectType === 'backfill' || BACKGROUND.has(objectType)
    ? { state: 'paused', reason: `waits for calls: ${calls.used} of ${calls.limit} used today` }
    : null;
}

/** Runs `work` and keeps what its calls told of the day's allowance, also where it failed. */
export async function countingCalls<T>(
  { db, now, log }: Pick<ActivityDependencies, 'db' | 'now' | 'log'>,
  name: string,
  { port, shares = DEFAULT_CALL_SHARES }: Connection,
  work: () => Promise<T>,
): Promise<T> {
  const before = port.usage();
  try {
    return await work();
  } finally {
    const usage = port.usage();
    if (usage !== null && usage !== before) {
      const held = holdOf(usage, shares);
      const heldBefore = await recordUsage(db, name, { ...usage, resetsAt: usage.resetsAt ?? null, held, seenAt: now() });
      if (held !== heldBefore) log.warn({ connection: name, ...usage, held }, sentenceOf(held));
    }
  }
}

function sentenceOf(held: CallHold | null): string {
  if (held === null) return 'the calls of the day are below the shares again: all sync goes on';
  return held === 'all'
    ? 'the calls of the day reached the hard share: sync waits'
    : 'the calls of the day reached the soft share: copies for looking things up wait';
}

function isOver({ seenAt, resetsAt }: CallCount, now: Instant): boolean {
  const ageMs = Date.parse(now) - Date.parse(seenAt);
  if (resetsAt === null) return ageMs >= LOOK_AGAIN_MS;
  return now >= resetsAt || ageMs >= LOOK_AGAIN_BEFORE_RESET_MS;
}
