import { judgeClaim } from '../judge-claim.ts';
import type { Verdict } from '../verdict.ts';
import type { EpochMs, Instant } from '../vocabulary.ts';
import type { WorkingCalendar } from '../working-time.ts';
import type { Program } from '../definition/program.ts';
import { openEventQueue, type EventKind, type EventQueue } from './event-queue.ts';
import type { HistoricalClaim } from './history.ts';
import { firstJudgedAt } from './judged-order.ts';
import type { MatchBook } from './match-book.ts';
import { openStanding, type Standing } from './standing.ts';
import { evidenceAt, openWorld, type World } from './world.ts';

/** By which program each claim is decided, and what a run has to know beside the history. Nothing else enters it. */
export interface Scenario {
  readonly programOf: (claim: HistoricalClaim) => Program;
  readonly calendarOf: (program: Program) => WorkingCalendar;
  readonly matchesOf: (program: Program) => MatchBook;
  /** The run ends here: what is open then is waiting. Events of that very instant still happen. */
  readonly asOf: Instant;
  /**
   * What becomes of a question that nobody really answered. `waiting`: it stays open, and silence means what the program declares. `yes`: every role that is asked
   * says yes when its time is up, so that two programs can be compared by the time that they take.
   */
  readonly unanswered: 'waiting' | 'yes';
}

/** One run through a history: the simulated world and what is still to come in it. */
export interface Run {
  readonly scenario: Scenario;
  readonly world: World;
  readonly queue: EventQueue;
  /** By the id of a claim: those that wait for its decision or for the end of its protection. */
  readonly followers: Map<string, Set<Standing>>;
}

/** A run at its beginning: nothing is received, everything that really happened is still to come. */
export function openRun(history: readonly HistoricalClaim[], scenario: Scenario): Run {
  const inOrder = [...history].sort((left, right) => left.sequence - right.sequence);
  const judgedAt = firstJudgedAt(inOrder);
  const standings = inOrder.map((past) => {
    const program = scenario.programOf(past);
    return openStanding(past, program, scenario.calendarOf(program));
  });
  const run: Run = { scenario, world: openWorld(standings), queue: openEventQueue(), followers: new Map() };
  for (const standing of standings) {
    const { registrationId, sightings, answers, extensions, end } = standing.past;
    const first = judgedAt.get(registrationId) ?? 0;
    sightings.forEach(({ at }, index) => plan(run, standing, 'sighting', Math.max(first, Date.parse(at)), index));
    answers.forEach(({ at }, index) => plan(run, standing, 'answer', Date.parse(at), index));
    extensions.forEach(({ at }, index) => plan(run, standing, 'extension', Date.parse(at), index));
    if (end !== null) plan(run, standing, 'end', Date.parse(end.at), 0);
  }
  return run;
}

/** `turn`: of a promise, the turn it belongs to; of something that really happened, its place in the claim's list. */
export function plan(run: Run, standing: Standing, kind: EventKind, at: EpochMs, turn: number): void {
  run.queue.add({ at, kind, sequence: standing.past.sequence, turn });
}

/** The verdict that the claim gets at `at` in the simulated world. */
export function judge(run: Run, standing: Standing, at: EpochMs): Verdict {
  const matches = run.scenario.matchesOf(standing.program);
  return judgeClaim(standing.program, standing.claim, evidenceAt(run.world, matches, standing, at));
}

export function follow(run: Run, standing: Standing, ids: Iterable<string>): void {
  for (const id of ids) {
    const known = run.followers.get(id);
    if (known === undefined) run.followers.set(id, new Set([standing]));
    else known.add(standing);
  }
}

/** Something changed about this claim: those that follow it look again, in the order of receipt. */
export function tellFollowers(run: Run, of: Standing, at: EpochMs): void {
  for (const follower of run.followers.get(of.past.registrationId) ?? []) plan(run, follower, 'moving_up', at, follower.turn);
}
