import type { MatchThresholds } from '../customer-identity.ts';
import type { Program } from '../definition/program.ts';
import type { Instant } from '../vocabulary.ts';
import type { WorkingCalendar } from '../working-time.ts';
import { compareRuns, differenceOf, type Comparison, type Difference } from './comparison.ts';
import type { HistoricalClaim } from './history.ts';
import { openMatchBook, type MatchBook } from './match-book.ts';
import type { Scenario } from './run.ts';
import { simulate } from './simulate.ts';
import type { SimulatedClaim } from './simulated-claim.ts';
import { totalOf, type RunTotal } from './total.ts';

/** A program, or the versions that really decided each claim. */
export type Side = { readonly kind: 'program'; readonly program: Program } | { readonly kind: 'as_pinned' };

export interface SimulationOrder {
  readonly history: readonly HistoricalClaim[];
  readonly candidate: Program;
  readonly baseline: Side;
  readonly byVersion: (version: string) => Program | null;
  readonly calendarOf: (program: Program) => WorkingCalendar;
  readonly freeMailDomains: ReadonlySet<string>;
  readonly asOf: Instant;
  readonly unanswered: Scenario['unanswered'];
}

export interface SimulationResult {
  readonly baseline: RunTotal;
  readonly candidate: RunTotal;
  readonly difference: Difference;
  readonly comparison: Comparison;
  /** How every claim went under the candidate, in the order of receipt. */
  readonly claims: readonly SimulatedClaim[];
  /** Versions that decided claims and that nobody knows any more, with how many claims each left out of both runs. */
  readonly unknownVersions: readonly { readonly version: string; readonly claims: number }[];
}

/** Runs one history under the candidate and under the baseline and says what is different. Values of both are added up at the candidate's rates. */
export function runSimulation(order: SimulationOrder): SimulationResult {
  const { baseline, byVersion, candidate } = order;
  const baselineOf = (claim: HistoricalClaim): Program | null =>
    baseline.kind === 'program' ? baseline.program : byVersion(claim.programVersion);
  const history = order.history.filter((claim) => baselineOf(claim) !== null);
  const lost = order.history.filter((claim) => baselineOf(claim) === null);
  const matchesOf = openMatchBooks(history, order.freeMailDomains);
  const shared = { calendarOf: order.calendarOf, matchesOf, asOf: order.asOf, unanswered: order.unanswered };
  const programsBefore = new Map(history.map((claim) => [claim.registrationId, baselineOf(claim) ?? candidate]));
  const before = simulate(history, { ...shared, programOf: ({ registrationId }) => programsBefore.get(registrationId) ?? candidate });
  const after = simulate(history, { ...shared, programOf: () => candidate });
  const totals = {
    baseline: totalOf(before, ({ registrationId }, role) => minutesOf(programsBefore.get(registrationId) ?? candidate, role), candidate),
    candidate: totalOf(after, (_claim, role) => minutesOf(candidate, role), candidate),
  };
  return {
    ...totals,
    difference: differenceOf(totals.baseline, totals.candidate),
    comparison: compareRuns(before, after),
    claims: after,
    unknownVersions: [...Map.groupBy(lost, ({ programVersion }) => programVersion)]
      .map(([version, claims]) => ({ version, claims: claims.length }))
      .sort((left, right) => (left.version < right.version ? -1 : 1)),
  };
}

export interface SingleResult {
  readonly candidate: RunTotal;
  /** In the order of receipt. */
  readonly claims: readonly SimulatedClaim[];
}

/** Runs one history under the candidate alone: there is nothing to compare it with. */
export function runAlone({ candidate, ...order }: Omit<SimulationOrder, 'baseline' | 'byVersion'>): SingleResult {
  const { calendarOf, asOf, unanswered } = order;
  const matchesOf = openMatchBooks(order.history, order.freeMailDomains);
  const claims = simulate(order.history, { calendarOf, matchesOf, asOf, unanswered, programOf: () => candidate });
  return { candidate: totalOf(claims, (_claim, role) => minutesOf(candidate, role), candidate), claims };
}

/** The matches by a program's thresholds, worked out once for all programs that have the same. */
function openMatchBooks(history: readonly HistoricalClaim[], freeMailDomains: ReadonlySet<string>): (program: Program) => MatchBook {
  const byProgram = new WeakMap<Program, MatchBook>();
  const byThresholds = new Map<string, MatchBook>();
  return (program) => {
    const known = byProgram.get(program);
    if (known !== undefined) return known;
    const thresholds: MatchThresholds = program.matching;
    const key = JSON.stringify(thresholds);
    const book = byThresholds.get(key) ?? openMatchBook(history, freeMailDomains, thresholds);
    byThresholds.set(key, book);
    byProgram.set(program, book);
    return book;
  };
}

function minutesOf({ governance }: Program, role: string): number {
  return governance.roles.find(({ id }) => id === role)?.minutesPerDecision ?? 0;
}
