import type { Condition, Holds } from '../condition.ts';
import type { Program } from '../definition/program.ts';

/** One way in which claims differ, cut into classes. Every row of a table treats all claims of a class alike. */
export interface Axis {
  readonly name: string;
  readonly size: number;
  /** Neighbouring classes lie beside each other, so that a description of several names a range. */
  readonly isOrdered: boolean;
  readonly holds: (when: Condition, at: number) => Holds;
  /** What claims of these classes are like, in words. Never called with all of them. */
  readonly describe: (classes: readonly number[]) => string;
}

/** An axis of things without an order, such as kinds or product lines. */
export function nominalAxis<T>(
  name: string,
  values: readonly T[],
  label: (value: T) => string,
  holds: (when: Condition, value: T) => Holds,
): Axis {
  return {
    name,
    size: values.length,
    isOrdered: false,
    holds: (when, at) => holds(when, values[at] as T),
    describe: (classes) => `${name} ${classes.map((at) => label(values[at] as T)).join(' or ')}`,
  };
}

export function isAmong(list: readonly string[] | undefined, value: string | null): Holds {
  return list === undefined || (value !== null && list.includes(value)) ? 'yes' : 'no';
}

/** Where a partner stands: on a tier of a track, on a track without tiers, or on no track. */
export interface Position {
  readonly track: string | null;
  readonly tier: string | null;
}

/** Every place that a partner may have. On a track with tiers, everybody has one. */
export function positionsOf(program: Program): readonly Position[] {
  const onTracks = program.tracks.flatMap((track): readonly Position[] =>
    track.tiers.length === 0 ? [{ track: track.id, tier: null }] : track.tiers.map((tier) => ({ track: track.id, tier: tier.id })),
  );
  return [...onTracks, { track: null, tier: null }];
}

export function describePosition({ track, tier }: Position): string {
  return track === null ? 'none' : tier === null ? track : `${track}/${tier}`;
}

/** Several lines on one claim: a row holds for it where it names any of them. */
export function lineAxis(lineSets: readonly (readonly string[])[]): Axis {
  return nominalAxis(
    'product line',
    lineSets,
    (lines) => lines.join(' together with '),
    (when, lines) => (when.productLines === undefined || lines.some((line) => when.productLines?.includes(line)) ? 'yes' : 'no'),
  );
}

interface Place {
  readonly country: string | null;
  readonly region: string | null;
}

/** The countries that rows name, the rest of every region, and the rest of the world, whose region nobody can tell. */
export function placeAxis(program: Program, conditions: readonly Condition[]): Axis {
  const named = [...new Set(conditions.flatMap((when) => when.countries ?? []))].sort();
  const regionOf = (country: string): string | null => program.regions.find(({ countries }) => countries.includes(country))?.id ?? null;
  const restOfRegions = program.regions
    .filter(({ countries }) => countries.some((country) => !named.includes(country)))
    .map((region): Place => ({ country: null, region: region.id }));
  const places: readonly Place[] = [
    ...named.map((country): Place => ({ country, region: regionOf(country) })),
    ...restOfRegions,
    { country: null, region: null },
  ];
  const rest = named.length === 0 ? '' : ' (its other countries)';
  return nominalAxis(
    'country',
    places,
    ({ country, region }) => country ?? (region === null ? 'elsewhere' : `in region ${region}${rest}`),
    (when, { country, region }) => {
      const byCountry = isAmong(when.countries, country);
      if (byCountry === 'no' || when.regions === undefined) return byCountry;
      return region === null ? 'unknown' : isAmong(when.regions, region);
    },
  );
}

type Answer = string | number | boolean;

/** The answers that rows tell apart, and for open questions one that no row names. A claim without an answer is unknown to every row that asks, and left out here. */
export function answerAxis(fact: Program['intake'][number], conditions: readonly Condition[]): Axis {
  const named = [...new Set(conditions.flatMap((when) => when.answers?.[fact.id] ?? []))];
  const answers: readonly (Answer | null)[] =
    fact.type === 'flag' ? [true, false] : fact.type === 'choice' ? fact.choices : [...named, null];
  return nominalAxis(
    `answer to ${fact.id}`,
    answers,
    (answer) => (answer === null ? 'any other' : String(answer)),
    (when, answer) => {
      const accepted = when.answers?.[fact.id];
      return accepted === undefined || (answer !== null && accepted.includes(answer)) ? 'yes' : 'no';
    },
  );
}
