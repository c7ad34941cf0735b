import type { Money } from '../vocabulary.ts';
import type { Ending, SimulatedClaim } from './simulated-claim.ts';
import { subtractMoney, type RunTotal } from './total.ts';

/** What another program would have changed for one claim. `rerouted`: it ends alike, and other people are asked, or nobody. */
export const CHANGES = ['wins', 'loses', 'waits', 'withdrawn', 'rerouted'] as const;
export type Change = (typeof CHANGES)[number];

/** How a claim went in one run, as far as a comparison shows it. */
export interface Course {
  readonly ending: Ending;
  readonly status: SimulatedClaim['status'];
  readonly rule: string;
  readonly asked: readonly string[];
  readonly toAsk: readonly string[];
  readonly decidedAt: string | null;
}

export interface ChangedClaim {
  readonly registrationId: string;
  readonly partnerId: string;
  readonly value: Money;
  readonly change: Change;
  readonly baseline: Course;
  readonly candidate: Course;
}

export interface Comparison {
  readonly counts: Readonly<Record<Change | 'unchanged', number>>;
  /** In the order of receipt. */
  readonly changed: readonly ChangedClaim[];
}

/** Compares two runs through one history, claim by claim. A claim that is missing in one of them is a bug of the caller. */
export function compareRuns(baseline: readonly SimulatedClaim[], candidate: readonly SimulatedClaim[]): Comparison {
  const before = new Map(baseline.map((claim) => [claim.registrationId, claim]));
  const counts: Record<Change | 'unchanged', number> = { wins: 0, loses: 0, waits: 0, withdrawn: 0, rerouted: 0, unchanged: 0 };
  const changed: ChangedClaim[] = [];
  for (const after of candidate) {
    const was = before.get(after.registrationId);
    if (was === undefined) throw new RangeError(`registration ${after.registrationId} is in one run only`);
    const change = changeOf(was, after);
    counts[change ?? 'unchanged'] += 1;
    const { registrationId, partnerId, value } = after;
    if (change !== null) changed.push({ registrationId, partnerId, value, change, baseline: courseOf(was), candidate: courseOf(after) });
  }
  return { counts, changed };
}

/** What the candidate comes to beyond the baseline; negative where it is less. */
export interface Difference {
  readonly hoursAsked: number;
  readonly hoursToCome: number;
  readonly daysWaited: number;
  readonly protectedValue: Money;
}

export function differenceOf(baseline: RunTotal, candidate: RunTotal): Difference {
  const less = (left: number, right: number): number => Math.round((left - right) * 10) / 10;
  return {
    hoursAsked: less(candidate.hoursAsked, baseline.hoursAsked),
    hoursToCome: less(candidate.hoursToCome, baseline.hoursToCome),
    daysWaited: less(candidate.daysWaited, baseline.daysWaited),
    protectedValue: subtractMoney(candidate.protectedValue, baseline.protectedValue),
  };
}

function changeOf(was: SimulatedClaim, after: SimulatedClaim): Change | null {
  if (was.ending !== after.ending) return CHANGE_TO[after.ending];
  const [before, now] = [was, after].map(({ asked, toAsk }) => [...asked, ...toAsk].join('\n'));
  return before === now ? null : 'rerouted';
}

const CHANGE_TO = { won: 'wins', lost: 'loses', waiting: 'waits', withdrawn: 'withdrawn' } as const satisfies Record<Ending, Change>;

function courseOf({ ending, status, rule, asked, toAsk, decidedAt }: SimulatedClaim): Course {
  return { ending, status, rule, asked, toAsk, decidedAt };
}
