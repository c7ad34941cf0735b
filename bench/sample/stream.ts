import type { Random } from './random.ts';

/** What is true of a registration when the stream is played in order, from an empty store, against the sample CRM. */
const LABELS = [
  'clean_auto',
  'clean_review',
  'duplicate_same_partner',
  'conflict_active',
  'conflict_probable',
  'direct_early',
  'direct_late_active',
  'direct_stale',
  'ineligible',
  'below_minimum',
] as const;
export type Label = (typeof LABELS)[number];

type Quota = Readonly<Record<Label, number>>;

/** The hundred that `npm start` plays: a little of everything. */
const OPENING: Quota = {
  clean_auto: 55,
  clean_review: 14,
  duplicate_same_partner: 4,
  conflict_active: 5,
  conflict_probable: 4,
  direct_early: 4,
  direct_late_active: 4,
  direct_stale: 3,
  ineligible: 4,
  below_minimum: 3,
};

/** All 1,100, opening included; the mix follows the handbook's §7: 55 % automatic, about 17 % denied, about 16 % in conflict. */
const WHOLE: Quota = {
  clean_auto: 605,
  clean_review: 236,
  duplicate_same_partner: 33,
  conflict_active: 42,
  conflict_probable: 28,
  direct_early: 30,
  direct_late_active: 48,
  direct_stale: 18,
  ineligible: 32,
  below_minimum: 28,
};

/** Clean registrations that come first, for duplicates and conflicts to follow. */
const HEAD_START = 8;

/** The order of labels in the stream. */
export function drawLabels(random: Random): readonly Label[] {
  const opening = random.shuffle(expand((label) => OPENING[label] - (label === 'clean_auto' ? HEAD_START : 0)));
  const rest = random.shuffle(expand((label) => WHOLE[label] - OPENING[label]));
  return [...Array.from({ length: HEAD_START }, (): Label => 'clean_auto'), ...opening, ...rest];
}

function expand(countOf: (label: Label) => number): readonly Label[] {
  return LABELS.flatMap((label) => Array.from({ length: countOf(label) }, () => label));
}
