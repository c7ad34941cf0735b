import type { SettledOutcome } from '../../program/case-life.ts';
import { leadingStep } from '../../program/approval/approval.ts';
import { readCaseRegistrations, type CaseRegistration } from '../../store/case-member.ts';
import { listStatements } from '../../store/case-statement.ts';
import { readMembers, type ConflictCase } from '../../store/conflict-case.ts';
import { findLikePrecedents } from '../../store/precedent.ts';
import { readRegistrations } from '../../store/registration.ts';
import { regionOfCountry } from '../../program/region.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Database } from '../../store/database.ts';
import type { CaseAnswer, CaseDetail } from '../schemas/case.ts';
import { presentApproval } from './approval.ts';
import { presentPrecedent } from './precedent.ts';
import { presentStatement } from './statement.ts';

/** Shows cases in the order given, with the registrations in them: one look-up, however many they are. */
export async function presentCases(db: Database, cases: readonly ConflictCase[]): Promise<readonly CaseAnswer[]> {
  const members = Map.groupBy(
    await readCaseRegistrations(
      db,
      cases.map(({ id }) => id),
    ),
    ({ caseId }) => caseId,
  );
  return cases.map((conflict) => presentOne(conflict, members.get(conflict.id) ?? []));
}

/** More are found by `GET /v1/precedents`. */
const MOST_PRECEDENTS = 5;

/** A case for insiders, with what all sides said and how like cases ended. */
export async function presentCaseDetail({ db, programs }: ApiDependencies, conflict: ConflictCase): Promise<CaseDetail> {
  const { id, rule } = conflict;
  const [answer, members, statements] = await Promise.all([presentCase(db, conflict), readMembers(db, id), listStatements(db, id)]);
  const sides = new Map(members.map(({ registrationId, side }) => [registrationId, side]));
  const registrations = await readRegistrations(db, [...sides.keys()]);
  const claims = registrations.filter(({ registrationId }) => sides.get(registrationId) === 'claimant');
  const program = programs.byVersion(registrations[0]?.programVersion ?? '') ?? programs.current();
  const productLines = claims.flatMap((claim) => claim.productLines);
  const regions = registrations.flatMap(({ customer }) => regionOfCountry(program, customer.country) ?? []);
  const precedents = await findLikePrecedents(db, { caseId: id, rule, productLines, regions }, MOST_PRECEDENTS);
  return {
    ...answer,
    statements: statements.map((statement) => ({
      ...presentStatement(statement),
      side: sides.get(statement.registrationId) ?? 'claimant',
      partnerId: statement.partnerId,
    })),
    precedents: precedents.map(presentPrecedent),
  };
}

export async function presentCase(db: Database, conflict: ConflictCase): Promise<CaseAnswer> {
  const [presented] = await presentCases(db, [conflict]);
  return presented as CaseAnswer;
}

function presentOutcome(outcome: SettledOutcome | null): CaseAnswer['resolution'] {
  if (outcome === null) return null;
  const { registrationId, by, at, shares, remediations } = outcome;
  return { registrationId, by, at, shares: [...shares], remediations: [...remediations] };
}

/** The arbiter is whoever is asked, or, once the case is settled, whoever settled it. */
function presentOne(conflict: ConflictCase, registrations: readonly CaseRegistration[]): CaseAnswer {
  const { state } = conflict;
  const step = state.approval === null ? null : leadingStep(state.approval);
  return {
    id: conflict.id,
    rule: conflict.rule,
    status: state.status,
    arbiter: step === null ? (state.outcome?.by ?? null) : step.approver,
    dueAt: step?.dueAt ?? null,
    approval: state.approval === null ? null : presentApproval(state.approval),
    registrations: registrations.map(({ registrationId, partnerId, status }) => ({ id: registrationId, partnerId, status })),
    opportunity: conflict.opportunity,
    evidence: conflict.evidence.map(({ kind, summary }) => ({ kind, summary })),
    outcome: state.outcome?.kind ?? null,
    resolution: presentOutcome(state.outcome),
    hearing: state.hearing === null ? null : { until: state.hearing.until, required: state.hearing.isRequired },
    openedAt: conflict.openedAt,
    resolvedAt: conflict.resolvedAt,
  };
}
