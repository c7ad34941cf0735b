import { leadingRole, stepsOf } from '../approval/planned-stage.ts';
import { addDuration } from '../duration.ts';
import type { Verdict } from '../verdict.ts';
import type { EpochMs } from '../vocabulary.ts';
import { positionOf } from './drift.ts';
import { isWindowUnclear, windowFrom } from './grant.ts';
import { isSameQuestion } from './history.ts';
import { dueAt, isAskedForEver, openingOf, passedUp, rulingOf } from './question.ts';
import { follow, plan, tellFollowers, type Run } from './run.ts';
import type { Decider, OpenQuestion, Standing } from './standing.ts';
import { holdersOf, instantOf } from './world.ts';

/** Carries a verdict out on the simulated claim. */
export function act(run: Run, standing: Standing, at: EpochMs, by: Decider, verdict: Verdict): void {
  standing.rule = verdict.reasons[0]?.rule ?? '';
  standing.reasons = verdict.reasons;
  standing.wantedLines = verdict.lines;
  standing.waitingFor.clear();
  switch (verdict.outcome) {
    case 'approve':
      approve(run, standing, at, by);
      return;
    case 'deny':
      deny(run, standing, at, by, verdict.waitlist ? verdict.behind : null);
      return;
    case 'return':
      giveBack(run, standing, at);
      return;
    case 'wait':
      setAside(standing, 'in_review');
      for (const id of verdict.waitFor) standing.waitingFor.add(id);
      follow(run, standing, verdict.waitFor);
      return;
    case 'review':
    case 'needs_ruling':
      askAnew(run, standing, at, openingOf(verdict));
  }
}

/** The same question as before: whoever was asked keeps it, with the deadline that was promised. */
function askAnew(run: Run, standing: Standing, at: EpochMs, opening: OpenQuestion): void {
  if (standing.open === null || !isSameQuestion(standing.open.question, opening.question)) ask(run, standing, at, opening);
}

/** Asks the step that is open now. Where its answer was given before the question arose here, it is taken at once. */
export function ask(run: Run, standing: Standing, at: EpochMs, open: OpenQuestion): void {
  setAside(standing, 'in_review');
  standing.open = open;
  standing.asked = [...standing.asked, ...stepsOf(open.stage).map(({ role }) => role)];
  if (isAssumed(run, standing, open) || !isAskedForEver(standing.program, open)) {
    plan(run, standing, 'deadline', dueAt(standing, open, at), standing.turn);
  }
  const early = standing.past.answers.findIndex(
    (answer) => standing.answersLeft.has(answer) && Date.parse(answer.at) <= at && isSameQuestion(answer.question, open.question),
  );
  if (early !== -1) plan(run, standing, 'answer', at, early);
}

/** Whether the run says yes where nobody really answered: not to a question that somebody did answer. */
export function isAssumed({ scenario }: Run, { answersLeft }: Standing, { question }: OpenQuestion): boolean {
  return scenario.unanswered === 'yes' && ![...answersLeft].some((answer) => isSameQuestion(answer.question, question));
}

/** The stage that is open was answered with yes: the next one is asked, or the claim is approved. */
export function goOn(run: Run, standing: Standing, at: EpochMs, by: Decider): void {
  const [next, ...rest] = standing.open?.rest ?? [];
  if (standing.open === null || next === undefined) approve(run, standing, at, by);
  else ask(run, standing, at, { ...standing.open, role: leadingRole(next), stage: next, rest, passedOn: 0 });
}

/**
 * Protects the claim on what it wants. Where somebody else holds one of the lines, whatever the rules say, nobody is protected twice: the program's own approval
 * becomes a denial with a place on the waitlist, and a person's is refused, so that the question stays open. How long it would be protected is not the program's to
 * guess: where that is unclear, people rule, and one of them who approves grants the general time. Silence is a yes to neither: somebody else is asked.
 */
export function approve(run: Run, standing: Standing, at: EpochMs, by: Decider): void {
  const lines = standing.wantedLines;
  if (by === 'program' && isWindowUnclear(standing)) {
    askAnew(run, standing, at, rulingOf(standing.program));
    return;
  }
  const holders = holdersOf(run.world, run.scenario.matchesOf(standing.program), standing, lines);
  if (by === 'silence' && (holders.length > 0 || isWindowUnclear(standing))) {
    const further = standing.open === null ? null : passedUp(standing.program, standing.open);
    if (further?.kind === 'ask') ask(run, standing, at, further.open);
    return;
  }
  if (holders.length > 0) {
    if (by !== 'people')
      deny(
        run,
        standing,
        at,
        by,
        holders.map(({ past }) => past.registrationId),
      );
    return;
  }
  const { from, until } = windowFrom(standing, at);
  decide(standing, at, by, 'approved');
  standing.endedAt = null;
  standing.lines = lines;
  for (const line of lines) standing.givenLines.add(line);
  standing.protectedFrom ??= from;
  standing.protectedUntil = until;
  standing.approved = positionOf(standing, at, until);
  tellFollowers(run, standing, at);
  plan(run, standing, 'protection_end', until, standing.turn);
  // What was won or lost while people still deliberated closes the claim as soon as it is approved.
  const { end } = standing.past;
  if (end !== null && end.kind !== 'withdrawn' && Date.parse(end.at) <= at) plan(run, standing, 'end', at, 0);
}

export function deny(run: Run, standing: Standing, at: EpochMs, by: Decider, behind: readonly string[] | null): void {
  decide(standing, at, by, 'denied');
  standing.endedAt = at;
  if (behind !== null) {
    const until = Date.parse(addDuration(instantOf(at), standing.program.waitlist.keep, standing.calendar));
    standing.waitlist = { behind: new Set(behind), until };
    follow(run, standing, behind);
  }
  tellFollowers(run, standing, at);
}

/** Gives the claim back; without an amendment in time it lapses. */
export function giveBack(run: Run, standing: Standing, at: EpochMs): void {
  setAside(standing, 'returned');
  const lapsesAt = addDuration(instantOf(at), standing.program.returned.lapseAfter, standing.calendar);
  plan(run, standing, 'deadline', Date.parse(lapsesAt), standing.turn);
}

/** Nothing of the claim stands any more, and what it held is free. */
export function letGo(run: Run, standing: Standing, at: EpochMs, status: Standing['status']): void {
  setAside(standing, status);
  standing.lines = [];
  standing.waitlist = null;
  standing.waitingFor.clear();
  standing.endedAt = at;
  tellFollowers(run, standing, at);
}

function decide(standing: Standing, at: EpochMs, by: Decider, status: Standing['status']): void {
  setAside(standing, status);
  standing.waitlist = null;
  standing.waitingFor.clear();
  standing.decidedAt = at;
  standing.decidedBy = by;
}

/** Whatever was open or promised is void. */
function setAside(standing: Standing, status: Standing['status']): void {
  standing.status = status;
  standing.open = null;
  standing.turn += 1;
}
