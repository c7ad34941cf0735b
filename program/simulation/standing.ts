import type { ApprovedPosition, ClaimSnapshot } from '../claim.ts';
import type { PlannedStage } from '../approval/planned-stage.ts';
import type { Program } from '../definition/program.ts';
import type { Reason } from '../verdict.ts';
import type { EpochMs, RegistrationStatus } from '../vocabulary.ts';
import type { WorkingCalendar } from '../working-time.ts';
import type { HistoricalClaim, PastAnswer, Question, Sighting } from './history.ts';

/** A question that people have open. `rest` are the stages that follow the one that is asked now. */
export interface OpenQuestion {
  readonly question: Question;
  /** The role that is asked now: one of the question's, or one above it where nobody answered. */
  readonly role: string;
  readonly stage: PlannedStage;
  readonly rest: readonly PlannedStage[];
  /** How many members of the role were asked in vain, where silence passes the question on. */
  readonly passedOn: number;
}

/** Who decided a claim in the simulated world: the program, a person's answer as it really was, or the declared answer to silence. */
export type Decider = 'program' | 'people' | 'silence';

/** Where one claim stands in the simulated world. It changes as the run goes on and is the run's own. */
export interface Standing {
  readonly past: HistoricalClaim;
  readonly program: Program;
  readonly calendar: WorkingCalendar;
  /** How many of the sightings were reached. */
  sighted: number;
  claim: ClaimSnapshot;
  status: RegistrationStatus;
  open: OpenQuestion | null;
  readonly waitingFor: Set<string>;
  /** The lines on which it is protected now. */
  lines: readonly string[];
  /** Those it would be protected on once people say yes. */
  wantedLines: readonly string[];
  protectedFrom: EpochMs | null;
  protectedUntil: EpochMs | null;
  /** What it is approved as; null as long as it is not. */
  approved: ApprovedPosition | null;
  extensionsUsed: number;
  waitlist: { readonly behind: ReadonlySet<string>; readonly until: EpochMs } | null;
  decidedAt: EpochMs | null;
  decidedBy: Decider | null;
  endedAt: EpochMs | null;
  /** The rule, or the routing, that the last verdict turned on. */
  rule: string;
  /** What that verdict gave as its reasons. */
  reasons: readonly Reason[];
  /** Every role that was asked, in order. */
  asked: readonly string[];
  readonly givenLines: Set<string>;
  /** Counts what it was asked or promised: deadlines of an earlier turn are void. */
  turn: number;
  readonly answersLeft: Set<PastAnswer>;
}

export function openStanding(past: HistoricalClaim, program: Program, calendar: WorkingCalendar): Standing {
  return {
    past,
    program,
    calendar,
    sighted: 0,
    claim: past.sightings[0].claim,
    status: 'submitted',
    open: null,
    waitingFor: new Set(),
    lines: [],
    wantedLines: [],
    protectedFrom: null,
    protectedUntil: null,
    approved: null,
    extensionsUsed: 0,
    waitlist: null,
    decidedAt: null,
    decidedBy: null,
    endedAt: null,
    rule: '',
    reasons: [],
    asked: [],
    givenLines: new Set(),
    turn: 0,
    answersLeft: new Set(past.answers),
  };
}

/** What was known of the claim last. */
export function latestSighting({ past, sighted }: Standing): Sighting {
  return past.sightings[Math.max(0, sighted - 1)] ?? past.sightings[0];
}
