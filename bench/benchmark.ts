/** One number of ours beside what it could be at best, or what does the same without us, measured in the same run. */
export interface Figure {
  readonly measure: string;
  /** What the number counts: `ms`, `s`, `per s`, `calls`, `MB`, `per min`. */
  readonly unit: string;
  readonly ours: number;
  readonly reference: { readonly what: string; readonly value: number };
  /** Ours by the reference; null where the reference is nothing. For rates more is better, for all else less. */
  readonly ratio: number | null;
}

/** How much is measured: `small` shows within seconds that a benchmark works, and its numbers mean little. */
export type Scale = 'full' | 'small';

export interface Benchmark {
  readonly name: string;
  readonly summary: string;
  /** Starts what it needs, measures, and stops it again. `times`: how often what is drawn by chance is drawn anew, for those that draw something. */
  readonly run: (scale: Scale, times?: number) => Promise<readonly Figure[] | Findings>;
}

/** Figures, and counts of what may not happen: any that is not 0 fails the run. */
export interface Findings {
  readonly figures: readonly Figure[];
  readonly counts: Readonly<Record<string, number>>;
}

/** A figure with its ratio; all numbers to three significant digits, since no more of them mean anything. */
export function figure(measure: string, unit: string, ours: number, what: string, value: number): Figure {
  const reference = { what, value: significant(value) };
  return { measure, unit, ours: significant(ours), reference, ratio: value === 0 ? null : significant(ours / value) };
}

/** The value below which `share` of the samples lie, by nearest rank; `share` from 0 to 1. Throws without samples. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((one, other) => one - other);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('a quantile of no samples');
  return value;
}

function significant(value: number): number {
  return Number(value.toPrecision(Math.abs(value) >= 1000 ? 4 : 3));
}
