import type { effectOn } from '../../program/case-life.ts';
import type { Program } from '../../program/definition/program.ts';
import { registrationWorkflowId } from '../../program/messages.ts';
import { closed, type RecordedDecision, type RegistrationState } from '../../program/registration-life.ts';
import { allowedKinds } from '../../program/rules/partner-not-eligible.ts';
import type { Instant, RegistrationKind } from '../../program/vocabulary.ts';
import { recordAudit } from '../../store/audit.ts';
import type { ConflictCase } from '../../store/conflict-case.ts';
import type { Transaction } from '../../store/database.ts';
import { readPartners } from '../../store/partner.ts';
import { endProtection } from '../../store/protection.ts';
import { saveKind, type Registration } from '../../store/registration.ts';
import { acceptChange } from './accept-change.ts';
import { appealEnd, deniedState } from './decided-state.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { judgeInTransaction } from './judge.ts';
import { pinnedProgram } from './pinned-program.ts';
import { recordTransition } from './transition.ts';

interface Settling {
  readonly actor: string;
  /** In whose name: what that role may approve needs no further step. */
  readonly role: string;
  readonly at: Instant;
  readonly byOwner: boolean;
  /** With whom the conflict is settled: the other registrations and the opportunity. */
  readonly otherSides: readonly string[];
  /** What the audit names beside what becomes of a claim. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** A co-sell, where the program lets the partner register one; otherwise the arbiter's word stands with the kind that the claim has. */
async function kindBeside(trx: Transaction, program: Program, registration: Registration): Promise<RegistrationKind> {
  const [partner] = await readPartners(trx, [registration.partnerId]);
  return partner !== undefined && allowedKinds(program, partner).includes('co_sell') ? 'co_sell' : registration.kind;
}

/** What people heard about an opportunity is not asked again; what drifts, drifts anew. */
function heard({ rule, opportunity }: ConflictCase, { settled }: RegistrationState): RegistrationState['settled'] {
  return opportunity === null ? settled : [...settled, { rule, with: [opportunity.remoteId] }];
}

/** Why a claim that a case was about is approved. The partner reads it too: it names nobody. */
const GRANTED = {
  grant: 'The conflict on this customer was decided in favour of this registration.',
  share: 'The conflict on this customer was settled: this registration goes on, and the deal is shared.',
  co_sell: 'The conflict on this customer was settled: this registration goes on as a co-sell.',
} as const;

function ofCase({ id }: ConflictCase, decision: RecordedDecision | null): RecordedDecision | null {
  return decision === null ? null : { ...decision, caseId: id };
}

/** Carries an outcome of the case to one of its registrations. */
export async function applyEffect(
  trx: Transaction,
  deps: ActivityDependencies,
  conflict: ConflictCase,
  registration: Registration,
  effect: ReturnType<typeof effectOn>,
  settling: Settling,
): Promise<void> {
  const program = pinnedProgram(deps, registration);
  const { actor, at, byOwner, otherSides, details } = settling;
  const cleared: RegistrationState = { ...registration.state, approval: null, caseId: null, waitingFor: [], needsAttention: false };
  const isSuperseded = conflict.rule === 'C22_customer_choice';
  const reason = (message: string) => [{ rule: conflict.rule, message }];
  switch (effect) {
    case 'keep':
      // An approved claim that had changed is what it is now, in people's eyes too.
      if (registration.state.status === 'approved' && registration.state.caseId === conflict.id) {
        await acceptChange(trx, registration, at);
        const kept = { ...cleared, settled: heard(conflict, cleared) };
        await recordTransition(trx, deps, registration, kept, { kind: 'kept', actor, at, byOwner, details });
      }
      return;
    case 'deny': {
      const state = deniedState(
        program,
        deps.calendarOf(program),
        cleared,
        reason('The conflict on this customer was decided in favour of another claim.'),
        at,
        actor,
        null,
      );
      const denied = { ...state, decision: ofCase(conflict, state.decision) };
      await recordTransition(trx, deps, registration, denied, { kind: 'denied', actor, at, byOwner, details });
      return;
    }
    case 'revoke': {
      await endProtection(trx, registration.registrationId, at);
      const decision = {
        outcome: 'deny',
        by: actor,
        at,
        reasons: isSuperseded
          ? [{ rule: 'superseded', message: 'The customer chose another partner, and the choice was accepted.' }]
          : reason('The protection was revoked when the conflict on this customer was settled.'),
      } as const;
      await recordTransition(
        trx,
        deps,
        registration,
        {
          ...closed(registration.state),
          status: 'revoked',
          decision: ofCase(conflict, decision),
          appealUntil: appealEnd(program, deps.calendarOf(program), registration.state, at),
        },
        { kind: 'revoked', actor, at, byOwner, details, keepsWaitlist: true },
      );
      return;
    }
    case 'grant':
    case 'share':
    case 'co_sell': {
      const kind = effect === 'co_sell' ? await kindBeside(trx, program, registration) : registration.kind;
      if (kind !== registration.kind) {
        await saveKind(trx, registration.registrationId, kind, at);
        const change = { from: registration.kind, to: kind, ...details };
        await recordAudit(trx, {
          subject: registrationWorkflowId(registration.registrationId),
          kind: 'kind changed',
          actor,
          details: change,
          at,
        });
      }
      const settled = [...cleared.settled, { rule: conflict.rule, with: otherSides }];
      const granted = {
        ...registration,
        kind,
        state: { ...cleared, status: 'in_review' as const, settled },
      };
      await judgeInTransaction(trx, deps, granted, {
        occasion: `case settled: ${conflict.id}`,
        at,
        byOwner,
        authority: {
          role: settling.role,
          by: actor,
          because: { rule: conflict.rule, message: GRANTED[effect] },
          mayShare: effect !== 'grant',
        },
      });
      return;
    }
  }
}
