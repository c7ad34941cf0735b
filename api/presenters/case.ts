import type { ConflictCase } from '../../store/conflict-case.ts';
import type { Registration } from '../../store/registration.ts';
import type { CaseAnswer } from '../schemas/case.ts';

/** Shows a case with the registrations in it. The arbiter is whoever is asked, or, once it is settled, whoever settled it. */
export function presentCase(conflict: ConflictCase, registrations: readonly Registration[]): CaseAnswer {
  const { state } = conflict;
  return {
    id: conflict.id,
    rule: conflict.rule,
    status: state.status,
    arbiter: state.step === null ? (state.outcome?.by ?? null) : state.step.approver,
    dueAt: state.step?.dueAt ?? null,
    registrations: registrations.map(({ registrationId, partnerId, state: { status } }) => ({ id: registrationId, partnerId, status })),
    opportunity: conflict.opportunity,
    evidence: conflict.evidence.map(({ kind, summary }) => ({ kind, summary })),
    outcome: state.outcome?.kind ?? null,
    openedAt: conflict.openedAt,
    resolvedAt: conflict.resolvedAt,
  };
}
