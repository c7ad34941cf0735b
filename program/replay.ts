import { canonicalJson } from './canonical-json.ts';
import type { ClaimSnapshot, EvidenceSnapshot } from './claim.ts';
import type { Program } from './definition/program.ts';
import { judgeClaim } from './judge-claim.ts';
import type { Verdict } from './verdict.ts';

/** A decision with everything that it was made on. */
export interface KeptDecision {
  readonly claim: ClaimSnapshot;
  readonly evidence: EvidenceSnapshot;
  readonly verdict: Verdict;
}

/** `path` is the first place, in the order of the keys, at which the two verdicts differ: `trace[3].message`. A side that has nothing there is null. */
export type Replayed =
  | { readonly kind: 'equal' }
  | { readonly kind: 'differs'; readonly path: string; readonly kept: string | null; readonly now: string | null };

/**
 * Judges a kept decision again by the program that it was made by. Equal means bit for bit: the canonical JSON of both verdicts is the same text, trace and
 * wording included. Anything else is shown, however small: a changed word means that the code no longer says what it said.
 */
export function replayDecision(program: Program, { claim, evidence, verdict }: KeptDecision): Replayed {
  const now = judgeClaim(program, claim, evidence);
  // What was stored went through JSON: a key without a value did not survive, and is no difference.
  const [keptText, nowText] = [canonicalJson(verdict), canonicalJson(now)];
  if (keptText === nowText) return { kind: 'equal' };
  return firstDifference(JSON.parse(keptText), JSON.parse(nowText), '') ?? { kind: 'equal' };
}

type Difference = Extract<Replayed, { kind: 'differs' }>;

function firstDifference(kept: unknown, now: unknown, path: string): Difference | null {
  if (isTree(kept) && isTree(now) && Array.isArray(kept) === Array.isArray(now)) {
    const keys = Array.isArray(kept)
      ? Array.from({ length: Math.max(kept.length, (now as unknown as readonly unknown[]).length) }, (_unused, at) => String(at))
      : [...new Set([...Object.keys(kept), ...Object.keys(now)])].sort();
    for (const key of keys) {
      const inside = Array.isArray(kept) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
      const difference = firstDifference(kept[key], now[key], inside);
      if (difference !== null) return difference;
    }
    return null;
  }
  return Object.is(kept, now) ? null : { kind: 'differs', path, kept: show(kept), now: show(now) };
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function show(value: unknown): string | null {
  return value === undefined ? null : canonicalJson(value);
}
