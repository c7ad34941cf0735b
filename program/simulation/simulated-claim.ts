import { stepsOf } from '../approval/planned-stage.ts';
import type { Reason } from '../verdict.ts';
import type { EpochMs, Instant, Money, RegistrationStatus } from '../vocabulary.ts';
import type { Decider, Standing } from './standing.ts';
import { instantOf } from './world.ts';

/** `won`: it was protected, whatever became of it later. `lost`: denied, or never completed. `waiting`: still open when the run ended. */
export type Ending = 'won' | 'lost' | 'waiting' | 'withdrawn';

/** How one claim went in a run. */
export interface SimulatedClaim {
  readonly registrationId: string;
  readonly sequence: number;
  readonly partnerId: string;
  readonly value: Money;
  readonly status: RegistrationStatus;
  readonly ending: Ending;
  /** The rule, or `routing`, on which the last verdict turned. */
  readonly rule: string;
  /** Of that verdict; what people decided afterwards gives none of its own. */
  readonly reasons: readonly Reason[];
  readonly decidedBy: Decider | null;
  /** Every role that was asked, in order; one that was asked again stands there again. */
  readonly asked: readonly string[];
  /** Roles that a claim which still waits will have to be asked, if everybody says yes. */
  readonly toAsk: readonly string[];
  readonly receivedAt: Instant;
  readonly decidedAt: Instant | null;
  /** From the receipt to the decision, or to the end of the run. */
  readonly waitedMs: number;
  /** Every line it was ever protected on. */
  readonly lines: readonly string[];
  readonly protectedFrom: Instant | null;
  readonly protectedUntil: Instant | null;
}

export function reportOn(standing: Standing, end: EpochMs): SimulatedClaim {
  const { past, claim, decidedAt, protectedFrom, protectedUntil } = standing;
  const receivedAt = past.sightings[0].claim.submittedAt;
  const isOpen = standing.status === 'submitted' || standing.status === 'in_review' || standing.status === 'returned';
  const settledAt = isOpen ? end : (decidedAt ?? standing.endedAt ?? end);
  return {
    registrationId: past.registrationId,
    sequence: past.sequence,
    partnerId: past.partnerId,
    value: claim.estimatedValue,
    status: standing.status,
    ending: endingOf(standing),
    rule: standing.rule,
    reasons: standing.reasons,
    decidedBy: isOpen ? null : standing.decidedBy,
    asked: standing.asked,
    toAsk: standing.open?.rest.flatMap((stage) => stepsOf(stage).map(({ role }) => role)) ?? [],
    receivedAt,
    decidedAt: isOpen || decidedAt === null ? null : instantOf(decidedAt),
    waitedMs: Math.max(0, settledAt - Date.parse(receivedAt)),
    lines: claim.productLines.filter((line) => standing.givenLines.has(line)),
    protectedFrom: protectedFrom === null ? null : instantOf(protectedFrom),
    protectedUntil: protectedUntil === null ? null : instantOf(protectedUntil),
  };
}

function endingOf({ status, givenLines }: Standing): Ending {
  if (givenLines.size > 0) return 'won';
  switch (status) {
    case 'submitted':
    case 'in_review':
    case 'returned':
      return 'waiting';
    case 'withdrawn':
      return 'withdrawn';
    case 'approved':
    case 'expired':
    case 'won':
    case 'lost':
    case 'revoked':
    case 'denied':
    case 'lapsed':
      return 'lost';
  }
}
