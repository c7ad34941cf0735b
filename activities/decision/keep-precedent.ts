import type { CaseParty } from '../../program/case-life.ts';
import type { Program } from '../../program/definition/program.ts';
import { valueBandOf } from '../../program/precedent.ts';
import { regionOfCountry } from '../../program/region.ts';
import type { CaseOutcome, Instant } from '../../program/vocabulary.ts';
import { findCaseComment } from '../../store/case-command.ts';
import { findCommand } from '../../store/command.ts';
import type { ConflictCase } from '../../store/conflict-case.ts';
import type { Transaction } from '../../store/database.ts';
import { savePrecedent } from '../../store/precedent.ts';
import type { Registration } from '../../store/registration.ts';

export interface Deciding {
  readonly outcome: CaseOutcome;
  readonly commandId?: string;
  /** The claim on which it was decided; null: in the case itself. */
  readonly onClaim: string | null;
  readonly at: Instant;
}

/** Keeps what a person decided as a precedent. What silence decides, and what is given up, is none. */
export async function keepPrecedent(
  trx: Transaction,
  program: Program,
  conflict: ConflictCase,
  members: readonly { readonly registration: Registration; readonly side: CaseParty['side'] }[],
  { outcome, commandId, onClaim, at }: Deciding,
): Promise<void> {
  const kindsOf = (side: CaseParty['side']): readonly string[] =>
    distinct(members.filter((member) => member.side === side).map(({ registration }) => registration.kind));
  const claims = members.filter(({ side }) => side === 'claimant').map(({ registration }) => registration);
  const reasons =
    commandId === undefined
      ? null
      : onClaim === null
        ? await findCaseComment(trx, conflict.id, commandId)
        : ((await findCommand(trx, onClaim, commandId))?.comment ?? null);
  await savePrecedent(trx, {
    caseId: conflict.id,
    rule: conflict.rule,
    outcome,
    claimantKinds: kindsOf('claimant'),
    rivalKinds: kindsOf('rival'),
    isAgainstDirectTeam: conflict.opportunity !== null,
    regions: regionsOf(
      program,
      members.map(({ registration }) => registration),
    ),
    productLines: distinct(claims.flatMap(({ productLines }) => productLines)),
    valueBand: valueBandOf(
      program,
      claims.map(({ estimatedValue }) => estimatedValue),
    ),
    reasons: reasons ?? '',
    decidedAt: at,
  });
}

function regionsOf(program: Program, registrations: readonly Registration[]): readonly string[] {
  return distinct(registrations.flatMap(({ customer }) => regionOfCountry(program, customer.country) ?? []));
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
