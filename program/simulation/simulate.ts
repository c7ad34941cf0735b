import { freezeEnd } from '../freeze.ts';
import { isUndecided } from '../registration-life.ts';
import type { EpochMs } from '../vocabulary.ts';
import type { QueuedEvent } from './event-queue.ts';
import { driftOf } from './drift.ts';
import { closableFrom, prolongedBy } from './grant.ts';
import { isSameQuestion, type HistoricalClaim, type PastAnswer } from './history.ts';
import { onSilence, questionOf } from './question.ts';
import { judge, openRun, plan, type Run, type Scenario } from './run.ts';
import { reportOn, type SimulatedClaim } from './simulated-claim.ts';
import type { Standing } from './standing.ts';
import { instantOf } from './world.ts';
import { act, approve, ask, deny, giveBack, goOn, isAssumed, letGo } from './step.ts';

/**
 * Runs a whole history under other programs and says how every claim would have gone, in the order of receipt. What is assumed is written down in
 * docs/simulation.md. Pure and deterministic: the same history gives the same answer in whatever order its claims are listed.
 */
export function simulate(history: readonly HistoricalClaim[], scenario: Scenario): readonly SimulatedClaim[] {
  const run = openRun(history, scenario);
  const end = Date.parse(scenario.asOf);
  for (let event = run.queue.next(); event !== null && event.at <= end; event = run.queue.next()) carryOut(run, event);
  return [...run.world.byId.values()].filter(({ sighted }) => sighted > 0).map((standing) => reportOn(standing, end));
}

function carryOut(run: Run, { at, kind, sequence, turn }: QueuedEvent): void {
  const standing = run.world.bySequence.get(sequence);
  if (standing === undefined) return;
  switch (kind) {
    case 'protection_end':
      if (standing.turn === turn && standing.status === 'approved') letGo(run, standing, at, 'expired');
      return;
    case 'deadline':
      if (standing.turn === turn) passDeadline(run, standing, at);
      return;
    case 'end':
      leave(run, standing, at);
      return;
    case 'extension':
      prolong(run, standing, at, turn);
      return;
    case 'answer':
      takeAnswer(run, standing, at, standing.past.answers[turn]);
      return;
    case 'moving_up':
      moveUp(run, standing, at);
      return;
    case 'sighting':
      sight(run, standing, at, turn);
  }
}

/** The receipt, or something learnt later: an undecided claim that was amended is judged anew, an approved one is held against what was approved. */
function sight(run: Run, standing: Standing, at: EpochMs, index: number): void {
  const { sightings } = standing.past;
  const sighting = sightings[index];
  if (sighting === undefined) return;
  const frozenUntil = freezeEnd(standing.program, instantOf(at));
  if (frozenUntil !== null) {
    // What comes in while no claims are taken is judged at the end, in the order of receipt.
    plan(run, standing, 'sighting', Date.parse(frozenUntil), index);
    return;
  }
  const before = sightings[index - 1];
  const isAmended = before !== undefined && JSON.stringify(before.claim) !== JSON.stringify(sighting.claim);
  standing.sighted = index + 1;
  standing.claim = sighting.claim;
  if (before === undefined || (isAmended && isUndecided(standing.status))) act(run, standing, at, 'program', judge(run, standing, at));
  else if (isAmended && standing.status === 'approved') revokeDrifted(run, standing, at);
}

function revokeDrifted(run: Run, standing: Standing, at: EpochMs): void {
  const verdict = driftOf(run, standing, at);
  if (verdict?.outcome !== 'deny') return;
  standing.rule = verdict.reasons[0]?.rule ?? '';
  standing.reasons = verdict.reasons;
  letGo(run, standing, at, 'revoked');
}

function passDeadline(run: Run, standing: Standing, at: EpochMs): void {
  if (standing.status === 'returned') {
    standing.decidedAt = at;
    standing.decidedBy = 'silence';
    letGo(run, standing, at, 'lapsed');
    return;
  }
  const { open } = standing;
  if (open === null) return;
  if (isAssumed(run, standing, open)) {
    goOn(run, standing, at, 'people');
    return;
  }
  const silence = onSilence(standing.program, open);
  switch (silence.kind) {
    case 'keep_asking':
      return;
    case 'ask':
      ask(run, standing, at, silence.open);
      return;
    case 'deny':
      deny(run, standing, at, 'silence', null);
      return;
    case 'approve': {
      // The rules are asked again at this very instant: silence gives nothing that they refuse by now.
      const verdict = judge(run, standing, at);
      standing.wantedLines = verdict.lines;
      const asksTheSame =
        (verdict.outcome === 'review' || verdict.outcome === 'needs_ruling') && isSameQuestion(questionOf(verdict), open.question);
      if (asksTheSame || verdict.outcome === 'approve') goOn(run, standing, at, 'silence');
      else act(run, standing, at, 'silence', verdict);
    }
  }
}

/** A person's answer as it was given, where the question that it answered is open here too. */
function takeAnswer(run: Run, standing: Standing, at: EpochMs, answer: PastAnswer | undefined): void {
  const { open, answersLeft } = standing;
  if (answer === undefined || open === null || !answersLeft.has(answer) || !isSameQuestion(open.question, answer.question)) return;
  answersLeft.delete(answer);
  switch (answer.decision) {
    case 'approve':
      approve(run, standing, at, 'people');
      return;
    case 'deny':
      deny(run, standing, at, 'people', null);
      return;
    case 'return':
      giveBack(run, standing, at);
  }
}

/** What really happened outside of the program happens here too, to a claim that it can happen to. */
function leave(run: Run, standing: Standing, at: EpochMs): void {
  const kind = standing.past.end?.kind;
  if (kind === undefined || standing.sighted === 0) return;
  if (kind === 'withdrawn' && isUndecided(standing.status)) letGo(run, standing, at, kind);
  if (standing.status !== 'approved') return;
  const closesAt = kind === 'won' || kind === 'lost' ? closableFrom(standing) : at;
  if (closesAt > at) plan(run, standing, 'end', closesAt, 0);
  else letGo(run, standing, at, kind);
}

function prolong(run: Run, standing: Standing, at: EpochMs, index: number): void {
  const extension = standing.past.extensions[index];
  if (extension === undefined || standing.status !== 'approved') return;
  const until = prolongedBy(standing, at, extension.days);
  if (until === null) return;
  standing.extensionsUsed += 1;
  standing.turn += 1;
  standing.protectedUntil = until;
  plan(run, standing, 'protection_end', until, standing.turn);
}

/** Whom it waited for is decided, or what stood in its way has ended: the claim is judged again. */
function moveUp(run: Run, standing: Standing, at: EpochMs): void {
  const others = run.world.byId;
  if (standing.waitingFor.size > 0) {
    const isFree = [...standing.waitingFor].every((id) => !isUndecided(others.get(id)?.status ?? 'denied'));
    if (isFree) act(run, standing, at, 'program', judge(run, standing, at));
    return;
  }
  const { waitlist } = standing;
  if (standing.status !== 'denied' || waitlist === null || at >= waitlist.until) return;
  const hasEnded = (id: string): boolean => {
    const other = others.get(id);
    // Who won keeps what was registered: nobody moves up behind a deal that is done.
    return other !== undefined && other.givenLines.size > 0 && other.lines.length === 0 && other.status !== 'won';
  };
  if (![...waitlist.behind].some(hasEnded)) return;
  standing.waitlist = null;
  standing.endedAt = null;
  act(run, standing, at, 'program', judge(run, standing, at));
}
