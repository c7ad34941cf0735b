import type { PartnerRecord } from '../../../program/claim.ts';
import { speculative } from '../../../program/rules/speculative.ts';
import { claim, ruleInput } from '../example.ts';

const NONE: PartnerRecord = { undecided: 0, active: 0, receivedLast30Days: 0, decidedLastYear: 0, wonLastYear: 0 };
const MEETING = { kind: 'meeting', date: '2026-11-02' };

function situationOf(parameters: Readonly<Record<string, unknown>>, record: Partial<PartnerRecord> = {}, proofs = claim().facts.proofs) {
  const finding = speculative.examine(
    ruleInput('C20_speculative', {
      claim: { facts: { ...claim().facts, proofs } },
      evidence: { record: { ...NONE, ...record } },
      with: parameters,
    }),
  );
  return finding.kind === 'quiet' ? null : finding.situation;
}

describe('C20_speculative', () => {
  it('looks at nothing that the program does not declare', () => {
    expect(situationOf({}, { undecided: 900, active: 900, receivedLast30Days: 900, decidedLastYear: 900 })).toBeNull();
  });

  it.each([
    ['one too few', 2, [MEETING], 'no_proof'],
    ['just enough', 1, [MEETING], null],
    ['the same one twice', 2, [MEETING, MEETING], 'no_proof'],
    ['the same kind on two dates', 2, [MEETING, { ...MEETING, date: '2026-11-03' }], null],
    ['none', 1, [], 'no_proof'],
  ])('counts different proofs: %s', (_what, leastProofs, proofs, expected) => {
    expect(situationOf({ leastProofs }, {}, proofs)).toBe(expected);
  });

  it.each([
    ['the last that fits', { undecided: 10, active: 14 }, null],
    ['one too many', { undecided: 10, active: 15 }, 'capacity'],
    ['undecided ones alone', { undecided: 25 }, 'capacity'],
  ])('caps what stands, this claim included, at 25: %s', (_what, record, expected) => {
    expect(situationOf({ mostStanding: 25 }, record)).toBe(expected);
  });

  it.each([
    ['the last that fits', 9, null],
    ['one too many', 10, 'mass_filing'],
  ])('caps what is filed in 30 days, this claim included, at 10: %s', (_what, receivedLast30Days, expected) => {
    expect(situationOf({ mostIn30Days: 10 }, { receivedLast30Days })).toBe(expected);
  });

  it.each([
    ['exactly the share', 12, 3, null],
    ['just below it', 13, 3, 'low_conversion'],
    ['none of enough', 10, 0, 'low_conversion'],
    ['none of too few to judge', 9, 0, null],
    ['nothing decided', 0, 0, null],
  ])('expects 25 % to be won, from 10 decided on: %s', (_what, decidedLastYear, wonLastYear, expected) => {
    expect(situationOf({ leastWonPercent: '25' }, { decidedLastYear, wonLastYear })).toBe(expected);
  });

  it.each([
    ['a third of three is enough for 33.3333 %', '33.3333', 3, 1, null],
    ['and not for 33.3334 %', '33.3334', 3, 1, 'low_conversion'],
  ])('does not round: %s', (_what, leastWonPercent, decidedLastYear, wonLastYear, expected) => {
    expect(situationOf({ leastWonPercent, leastDecided: 1 }, { decidedLastYear, wonLastYear })).toBe(expected);
  });

  it('says everything that it found, to the partner too', () => {
    const finding = speculative.examine(
      ruleInput('C20_speculative', { evidence: { record: { ...NONE, active: 5 } }, with: { leastProofs: 1, mostStanding: 5 } }),
    );
    expect(finding).toMatchObject({ situation: 'no_proof' });
    expect(finding.partnerMessage).toMatch(/needs 1 different proofs.* with this one it would be 6\.$/);
    expect(finding.exhibits).toMatchObject([{ kind: 'record' }]);
  });
});
