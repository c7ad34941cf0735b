import { bareStep, type PlannedStage } from '../../program/approval/planned-stage.ts';
import type { RuleId } from '../../program/rules/catalogue.ts';
import type { ConflictFinding, Verdict } from '../../program/verdict.ts';
import { judgeClaim } from '../../program/judge-claim.ts';
import { closed } from '../../program/registration-life.ts';
import type { Transaction } from '../../store/database.ts';
import { saveSyncNote, type Registration } from '../../store/registration.ts';
import { findLatestVerdict } from '../../store/verdict.ts';
import { claimOf } from './claim-of.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { judgeAgain, objectionOf, programOf } from './judge-again.ts';
import { openCase } from './open-case.ts';
import { pinnedProgram } from './pinned-program.ts';
import type { Judging } from './state-after.ts';
import { recordTransition } from './transition.ts';

/** What may become of an approved claim: that it is not what it was, and that the direct team goes past it. */
const RULES_ABOUT_APPROVED: ReadonlySet<RuleId> = new Set(['C26_drift', 'C27_bypass']);

/**
 * Asks the rules again about an approved claim whose value, date or opportunity changed.
 *
 * What its own rules find has the outcome that the program declares: a note changes nothing, a review opens a case in which the claim stays protected until people say
 * otherwise, a denial revokes. What the other rules would say today is no reason to take back a yes: it is written on the record, and somebody should look after it.
 */
export async function reviewApproved(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  { occasion, at, byOwner }: Judging,
): Promise<Registration> {
  const { state } = registration;
  if (state.status !== 'approved') return registration;
  const latest = await findLatestVerdict(trx, registration.registrationId);
  // The answer of an activity was lost, and it is asked again: this was done.
  if (latest !== null && latest.occasion === occasion && latest.decidedAt === at) return registration;
  const program = pinnedProgram(deps, registration);
  const { evidence, verdict } = await judgeAgain(trx, deps, registration, occasion, at);
  const own = programOf(program, (rule) => RULES_ABOUT_APPROVED.has(rule));
  const change = own.rules.order.length === 0 ? null : decisiveOf(judgeClaim(own, claimOf(registration), evidence));
  const by = { actor: 'program', at, byOwner };
  switch (change?.kind) {
    case 'revoke': {
      const decision = { outcome: 'deny', by: 'program', at, reasons: change.verdict.reasons } as const;
      return recordTransition(trx, deps, registration, { ...closed(state), status: 'revoked', decision }, { kind: 'revoked', ...by });
    }
    case 'contest': {
      const { conflict, steps } = change;
      const { id } = await openCase(trx, deps, program, registration, [], conflict, steps, at);
      if (state.caseId === id) return registration;
      return recordTransition(trx, deps, registration, { ...state, caseId: id }, { kind: 'contested', ...by });
    }
    case 'remark':
      return remark(trx, deps, registration, change.message, by);
    case undefined: {
      const objection = objectionOf(verdict);
      if (objection !== null) return remark(trx, deps, registration, objection, by);
      // What was remarked on before is no more.
      const { remarked, ...inOrder } = state;
      return remarked === undefined ? registration : recordTransition(trx, deps, registration, inOrder, { kind: 'found in order', ...by });
    }
  }
}

type Change =
  | { readonly kind: 'revoke'; readonly verdict: Verdict }
  | { readonly kind: 'contest'; readonly conflict: ConflictFinding; readonly steps: readonly PlannedStage[] }
  | { readonly kind: 'remark'; readonly message: string };

/** Null where the rules about approved claims found nothing that decides: then the routing spoke, which an approved claim is past. */
function decisiveOf(verdict: Verdict): Change | null {
  switch (verdict.outcome) {
    case 'deny':
      return { kind: 'revoke', verdict };
    case 'review':
      return verdict.conflict === null ? null : { kind: 'contest', conflict: verdict.conflict, steps: verdict.steps };
    case 'needs_ruling': {
      const fired = verdict.trace.find(({ rule, fired: found }) => found && RULES_ABOUT_APPROVED.has(rule as RuleId));
      if (fired === undefined) return null;
      const { rule, message, partnerMessage, evidence } = fired;
      const conflict = { rule, summary: message, partnerSummary: partnerMessage, rivalIds: [], opportunity: null, evidence };
      return { kind: 'contest', conflict, steps: [bareStep(verdict.role)] };
    }
    case 'return':
      return { kind: 'remark', message: verdict.reasons.map(({ message }) => message).join(' ') };
    case 'approve':
    case 'wait':
      return null;
  }
}

async function remark(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  message: string,
  by: { readonly actor: string; readonly at: string; readonly byOwner: boolean },
): Promise<Registration> {
  await saveSyncNote(trx, registration.registrationId, `The registration stays approved. To be looked at: ${message}`, by.at);
  return recordTransition(trx, deps, registration, { ...registration.state, remarked: true }, { kind: 'remarked', ...by });
}
