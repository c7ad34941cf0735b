import type { EvidenceSnapshot } from '../../program/claim.ts';
import type { Program } from '../../program/definition/program.ts';
import { judgeClaim } from '../../program/judge-claim.ts';
import { ROUTING, type RuleId } from '../../program/rules/catalogue.ts';
import type { Verdict } from '../../program/verdict.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { Transaction } from '../../store/database.ts';
import type { Registration } from '../../store/registration.ts';
import { insertVerdict } from '../../store/verdict.ts';
import { claimOf } from './claim-of.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { gatherEvidence } from './gather-evidence.ts';
import { pinnedProgram } from './pinned-program.ts';

export interface Rejudged {
  readonly evidence: EvidenceSnapshot;
  /** What the rules say without those that a person overruled when this claim was approved before. */
  readonly verdict: Verdict;
  /** The rules that found something, notes included: what a person who approves now overrules. */
  readonly found: readonly string[];
}

/**
 * Asks the rules again at `at`: before an approval by a person, a deemed approval, an extension. Nothing changes by it but the record of verdicts, where the whole
 * program's answer is kept, so that it can be replayed.
 */
export async function judgeAgain(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  occasion: string,
  at: Instant,
): Promise<Rejudged> {
  const program = pinnedProgram(deps, registration);
  const evidence = await gatherEvidence(trx, deps, program, registration, at);
  const claim = claimOf(registration);
  const verdict = judgeClaim(program, claim, evidence);
  const { registrationId, programVersion } = registration;
  await insertVerdict(trx, { registrationId, programVersion, occasion, claim, evidence, verdict, decidedAt: at });
  const { overruled } = registration.state;
  return {
    evidence,
    verdict:
      overruled.length === 0
        ? verdict
        : judgeClaim(
            programOf(program, (rule) => !overruled.includes(rule)),
            claim,
            evidence,
          ),
    found: verdict.trace.filter(({ fired, rule }) => fired && rule !== ROUTING).map(({ rule }) => rule),
  };
}

/** The program with some of its rules alone. */
export function programOf(program: Program, isKept: (rule: RuleId) => boolean): Program {
  return { ...program, rules: { ...program.rules, order: program.rules.order.filter(({ id }) => isKept(id)) } };
}

/** What speaks against going on without people who look into it, in words for partners; null when nothing does. */
export function objectionOf(verdict: Verdict): string | null {
  switch (verdict.outcome) {
    case 'approve':
    case 'needs_ruling':
      return null;
    case 'review':
      return verdict.conflict === null ? null : verdict.conflict.partnerSummary;
    case 'deny':
    case 'return':
    case 'wait':
      return verdict.reasons.map(({ message }) => message).join(' ');
  }
}

/** By the rules' own measure: two records of one customer need not share a key, so the index on protections does not see everything. */
export function isHeldByAnother({ rivals, settled }: EvidenceSnapshot, lines: readonly string[]): boolean {
  const settledWith = new Set(settled.flatMap((conflict) => conflict.with));
  return rivals.some(
    ({ registrationId, match, protectedLines }) =>
      match.band === 'exact' && !settledWith.has(registrationId) && protectedLines.some((line) => lines.includes(line)),
  );
}
