import { formatMoney } from '../../../program/money.ts';
import { CHANGES, type ChangedClaim, type Course } from '../../../program/simulation/comparison.ts';
import type { SimulatedClaim } from '../../../program/simulation/simulated-claim.ts';
import type { SimulationResult, SingleResult } from '../../../program/simulation/simulation.ts';
import type { RunTotal } from '../../../program/simulation/total.ts';
import { renderEntry, renderTable } from '../table.ts';

/** As many changed claims as people read; --json has all. */
const SHOWN = 25;

export interface NamedSides {
  readonly baseline: string;
  readonly candidate: string;
  readonly unanswered: 'waiting' | 'yes';
}

/** The simulation as people read it: both totals side by side, what became different, and the first of the claims that changed. */
export function renderSimulation(sides: NamedSides, result: SimulationResult & { readonly notes: readonly string[] }): string {
  const { comparison, unknownVersions, notes } = result;
  const { counts, changed } = comparison;
  const left = unknownVersions.map(
    ({ version, claims }) => `${claims} decided by version ${version}, which nobody knows any more, are left out`,
  );
  const head = [
    `baseline:  ${sides.baseline}`,
    `candidate: ${sides.candidate}`,
    unanswered(sides),
    ...[...notes, ...left].map((note) => `note: ${note}`),
  ];
  const would = `Under the candidate ${counts.wins} win, ${counts.loses} lose and ${counts.waits} wait that did not before; ${counts.rerouted} end alike and ask other people; ${counts.unchanged} are unchanged.`;
  const cut = changed.length > SHOWN ? [`${changed.length - SHOWN} more changed; --json has them all.`] : [];
  const table = changed.length === 0 ? [] : ['', renderTable(['REGISTRATION', 'NOW', 'WHY'], mostTelling(changed).map(describe)), ...cut];
  return [...head, '', totals(result), '', would, ...table].join('\n');
}

/** A run that is compared with nothing. */
export function renderSingle(
  sides: Omit<NamedSides, 'baseline'>,
  { candidate, notes }: SingleResult & { readonly notes: readonly string[] },
): string {
  const head = [`program: ${sides.candidate}`, unanswered(sides), ...notes.map((note) => `note: ${note}`)];
  const figures = ROWS.map(([name, of]) => [name, String(of(candidate))]);
  return [...head, '', renderTable(['', 'TOTAL'], [...figures, ['protected value', formatMoney(candidate.protectedValue)]])].join('\n');
}

/** Every claim of a run: how it ended, by what, who was asked, and each reason in the words that its partner reads. */
export function renderClaims(claims: readonly SimulatedClaim[]): string {
  return claims
    .map((claim) => {
      const reasons = claim.reasons.map(({ rule, message }) => `  ${renderEntry(rule, message)}`);
      return [`${claim.registrationId}: ${claim.status}, ${tell(claim)}`, ...reasons].join('\n');
    })
    .join('\n');
}

function unanswered(sides: Pick<NamedSides, 'unanswered'>): string {
  return `questions that nobody really answered: ${sides.unanswered === 'yes' ? 'everybody says yes when the time is up' : 'stay open, unless silence answers them'}`;
}

const ROWS: readonly (readonly [string, (total: RunTotal) => number])[] = [
  ['registrations', ({ claims }) => claims],
  ['won: protected at some time', ({ endings }) => endings.won],
  ['lost: denied or lapsed', ({ endings }) => endings.lost],
  ['waiting at the end', ({ endings }) => endings.waiting],
  ['withdrawn', ({ endings }) => endings.withdrawn],
  ['decided without people', ({ untouched }) => untouched],
  ['steps that people were asked', ({ stepsAsked }) => stepsAsked],
  ['hours of work of these', ({ hoursAsked }) => hoursAsked],
  ['hours still to come', ({ hoursToCome }) => hoursToCome],
  ['days waited, all together', ({ daysWaited }) => daysWaited],
  ['days waited, the middle one', ({ medianDaysWaited }) => medianDaysWaited],
  ['protected, but of no known rate', ({ unconverted }) => unconverted],
];

function totals({ baseline, candidate, difference }: SimulationResult): string {
  const money = [
    'protected value',
    ...[baseline.protectedValue, candidate.protectedValue].map(formatMoney),
    formatMoney(difference.protectedValue),
  ];
  const figures = ROWS.map(([name, of]) => {
    const less = Math.round((of(candidate) - of(baseline)) * 10) / 10;
    return [name, String(of(baseline)), String(of(candidate)), less > 0 ? `+${less}` : String(less)];
  });
  return renderTable(['', 'BASELINE', 'CANDIDATE', 'DIFFERENCE'], [...figures, money]);
}

/** Those first that end differently, each in the order of receipt. */
function mostTelling(changed: readonly ChangedClaim[]): readonly ChangedClaim[] {
  return changed.toSorted((left, right) => CHANGES.indexOf(left.change) - CHANGES.indexOf(right.change)).slice(0, SHOWN);
}

function describe({ registrationId, change, baseline, candidate }: ChangedClaim): readonly string[] {
  return [registrationId, change, `${tell(baseline)} → ${tell(candidate)}`];
}

function tell({ ending, rule, asked, toAsk }: Pick<Course, 'ending' | 'rule' | 'asked' | 'toAsk'>): string {
  const people = [...asked, ...toAsk.map((role) => `then ${role}`)];
  return `${ending} by ${rule}${people.length === 0 ? '' : ` (${people.join(', ')})`}`;
}
