import { effectOn, type CaseParty, type PartyEffect, type SettledOutcome, type Terms } from './case-life.ts';
import type { Program } from './definition/program.ts';
import { refuse, type Refusal } from './failures.ts';
import { refusalOfRemediation, remediationFor } from './remediation.ts';
import { declaredShares, givenShares, refusalOfShares } from './share.ts';

/** A party with what its share may depend on. Parties are given in the order of receipt. */
export interface SharingParty extends CaseParty {
  readonly kind: string;
}

type SettlingProgram = Pick<Program, 'cases' | 'splits' | 'version'>;

/** Whether a case can be settled on these terms, as far as shares and remediation go: null when it can. */
export function refusalOfTerms(program: SettlingProgram, parties: readonly SharingParty[], terms: Terms): Refusal | null {
  const { outcome, shares } = terms;
  if (shares !== undefined && outcome !== 'split') {
    return refuse('OUTCOME_NOT_POSSIBLE', `Only a split has shares; the outcome is ${outcome}. Leave the shares out, or split.`);
  }
  const refusal = shares === undefined ? null : refusalOfShares(parties.filter(isStanding), shares);
  return refusal ?? refusalOfRemediation(program, effectsOf(parties, terms), terms.remediation);
}

/**
 * What each party gets where a case is settled on these terms. Shares that somebody proposed when other parties stood are given up for those that the program declares.
 */
export function settledTerms(
  program: SettlingProgram,
  parties: readonly SharingParty[],
  terms: Terms,
): Pick<SettledOutcome, 'shares' | 'remediations'> {
  const standing = parties.filter(isStanding);
  const isGiven = terms.shares !== undefined && refusalOfShares(standing, terms.shares) === null;
  const shares = isGiven ? givenShares(standing, terms.shares ?? []) : declaredShares(program.splits, standing);
  const effects = effectsOf(parties, terms);
  const remediations = parties.flatMap(({ registrationId }, at) => {
    const remediation = remediationFor(program, effects[at] ?? 'keep', terms.remediation);
    return remediation === null ? [] : [{ registrationId, remediation: remediation.id }];
  });
  return { shares: terms.outcome === 'split' ? shares : [], remediations };
}

/** What was withdrawn, lost or denied before has no part in the deal. */
function isStanding({ isUndecided, isProtected }: CaseParty): boolean {
  return isUndecided || isProtected;
}

function effectsOf(parties: readonly CaseParty[], { outcome, registrationId }: Terms): readonly PartyEffect[] {
  return parties.map((party) => effectOn(party, outcome, registrationId));
}
