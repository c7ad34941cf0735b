import { Decimal } from 'decimal.js';
import type { PartnerRecord } from '../claim.ts';
import type { RuleParameters } from '../definition/rule-parameter.ts';
import type { Situation } from './catalogue.ts';
import { countProofs, exhibitProofs } from './proof.ts';
import { quiet, type Rule } from './rule.ts';

/**
 * C20: the partner registers to reserve, not to sell: fewer different proofs than the program asks for, more standing claims or more claims
 * in 30 days than it allows, or too few of the decided ones won. What is not declared is not looked at. Numbers that a partner may have are
 * inside; this claim counts as one of them.
 *
 * Conversion is won of decided in the last 365 days; it is judged from `leastDecided` decided claims on, and at exactly the declared
 * percentage it is enough. Of several findings the first in the order above gives the situation, and all are said; a program that answers
 * them differently names the rule in several rows.
 * Source: HubSpot caps at 25; Sophos revokes where no progress is shown; CRN reports partners that register everything everywhere.
 */
export const speculative: Rule<'C20_speculative'> = {
  id: 'C20_speculative',
  examine: ({ parameters, claim, evidence: { record } }) => {
    const proofs = countProofs(claim.facts.proofs);
    const findings = [
      ...proofProblems(proofs, parameters.leastProofs),
      ...countProblems(record, parameters),
      ...conversionProblems(record, parameters),
    ];
    const exhibits = [{ kind: 'record', summary: describe(record) }, ...exhibitProofs(claim.facts.proofs)];
    const [first] = findings;
    if (first === undefined) {
      return quiet('The partner registers within what the program allows.', 'You register within what the program allows.', exhibits);
    }
    const message = findings.map(({ said }) => said).join(' ');
    return {
      kind: 'found',
      situation: first.situation,
      message: `${message} Record of the partner: ${describe(record)}.`,
      partnerMessage: message,
      exhibits,
      rivalIds: [],
      opportunity: null,
    };
  },
};

interface Problem {
  readonly situation: Situation<'C20_speculative'>;
  readonly said: string;
}

function proofProblems(proofs: number, least: number): readonly Problem[] {
  if (proofs >= least) return [];
  return [{ situation: 'no_proof', said: `A registration needs ${least} different proofs of work at least; this one brings ${proofs}.` }];
}

function countProblems(record: PartnerRecord, parameters: RuleParameters<'C20_speculative'>): readonly Problem[] {
  const { mostStanding, mostIn30Days } = parameters;
  const standing = record.undecided + record.active + 1;
  const received = record.receivedLast30Days + 1;
  return [
    ...(mostStanding === null || standing <= mostStanding
      ? []
      : [
          {
            situation: 'capacity' as const,
            said: `A partner may have ${mostStanding} standing registrations; with this one it would be ${standing}.`,
          },
        ]),
    ...(mostIn30Days === null || received <= mostIn30Days
      ? []
      : [
          {
            situation: 'mass_filing' as const,
            said: `A partner may file ${mostIn30Days} registrations in 30 days; with this one it would be ${received}.`,
          },
        ]),
  ];
}

function conversionProblems(record: PartnerRecord, parameters: RuleParameters<'C20_speculative'>): readonly Problem[] {
  const { leastWonPercent, leastDecided } = parameters;
  const { decidedLastYear, wonLastYear } = record;
  if (leastWonPercent === null || decidedLastYear === 0 || decidedLastYear < leastDecided) return [];
  if (new Decimal(wonLastYear).mul(100).gte(new Decimal(leastWonPercent).mul(decidedLastYear))) return [];
  const said = `Of the ${decidedLastYear} registrations that were decided in the last year ${wonLastYear} were won; the program expects ${leastWonPercent} % at least.`;
  return [{ situation: 'low_conversion', said }];
}

function describe({ undecided, active, receivedLast30Days, decidedLastYear, wonLastYear }: PartnerRecord): string {
  return `${undecided} undecided, ${active} active, ${receivedLast30Days} received in 30 days, ${wonLastYear} won of ${decidedLastYear} decided in a year`;
}
