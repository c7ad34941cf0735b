import fc from 'fast-check';
import type { EvidenceSnapshot } from '../../program/claim.ts';
import { explainVerdict, type Explanation } from '../../program/explanation.ts';
import { judgeClaim } from '../../program/judge-claim.ts';
import type { Verdict } from '../../program/verdict.ts';
import { generatedClaim, generatedEvidence, generatedProgram } from './generated.ts';

const SUBJECT = { registrationId: 'reg-100', programVersion: '1', decidedAt: null };
const toPartner = (verdict: Verdict): Explanation => explainVerdict(verdict, 'partner', SUBJECT);

function reversed(given: EvidenceSnapshot): EvidenceSnapshot {
  return {
    ...given,
    rivals: given.rivals.toReversed(),
    relatives: given.relatives.toReversed(),
    opportunities: given.opportunities.toReversed(),
    contacts: given.contacts.toReversed(),
    purchases: given.purchases.toReversed(),
  };
}

/** The same evidence in any order. */
function shuffled(given: EvidenceSnapshot): fc.Arbitrary<EvidenceSnapshot> {
  const shuffle = <T>(all: readonly T[]): fc.Arbitrary<readonly T[]> => fc.shuffledSubarray([...all], { minLength: all.length });
  return fc
    .record({
      rivals: shuffle(given.rivals),
      relatives: shuffle(given.relatives),
      opportunities: shuffle(given.opportunities),
      contacts: shuffle(given.contacts),
      purchases: shuffle(given.purchases),
    })
    .map((parts) => ({ ...given, ...parts }));
}

/** Every claim of another partner a second time, by a further partner. */
function doubled(given: EvidenceSnapshot): EvidenceSnapshot {
  const others = given.rivals.filter(({ partnerId }) => partnerId !== given.partner.partnerId);
  const twins = others.map((one) => ({
    ...one,
    registrationId: `${one.registrationId}-twin`,
    partnerId: `${one.partnerId}-twin`,
    sequence: one.sequence + 0.5,
  }));
  return { ...given, rivals: [...given.rivals, ...twins] };
}

describe('judgeClaim, whatever the program and whatever is known', () => {
  it('gives the same verdict, byte for byte, in whatever order the evidence was found', () => {
    fc.assert(
      fc.property(
        generatedProgram,
        generatedClaim,
        generatedEvidence.chain((given) => fc.tuple(fc.constant(given), shuffled(given))),
        (program, claim, [given, other]) => {
          const expected = JSON.stringify(judgeClaim(program, claim, given));
          expect(JSON.stringify(judgeClaim(program, claim, other))).toBe(expected);
          expect(JSON.stringify(judgeClaim(program, claim, reversed(given)))).toBe(expected);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('protects lines of the claim alone, and denies where none is left', () => {
    fc.assert(
      fc.property(generatedProgram, generatedClaim, generatedEvidence, (program, claim, given) => {
        const { lines, reasons } = judgeClaim(program, claim, given);
        expect(lines.length).toBeGreaterThan(0);
        expect(claim.productLines).toEqual(expect.arrayContaining([...lines]));
        expect(reasons.length).toBeGreaterThan(0);
      }),
      { numRuns: 150 },
    );
  });

  it('waits only for those who are undecided', () => {
    fc.assert(
      fc.property(generatedProgram, generatedClaim, generatedEvidence, (program, claim, given) => {
        const verdict = judgeClaim(program, claim, given);
        if (verdict.outcome !== 'wait') return;
        const all = [...given.rivals, ...given.relatives];
        expect(verdict.waitFor.length).toBeGreaterThan(0);
        for (const id of verdict.waitFor) {
          expect(['submitted', 'in_review', 'returned']).toContain(all.find(({ registrationId }) => registrationId === id)?.status);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('explainVerdict for partners, whatever the program and whatever is known', () => {
  it('names nobody else and none of the direct records', () => {
    fc.assert(
      fc.property(generatedProgram, generatedClaim, generatedEvidence, (program, claim, given) => {
        const verdict = judgeClaim(program, claim, given);
        const told = JSON.stringify([toPartner(verdict), verdict.reasons]);
        expect(told).not.toMatch(/secret|sequence|number \d|\bmatch\b|another partner|other partner/i);
      }),
      { numRuns: 250 },
    );
  });

  it('counts nobody: with every other claim twice it reads the same', () => {
    fc.assert(
      fc.property(generatedProgram, generatedClaim, generatedEvidence, (program, claim, given) => {
        expect(toPartner(judgeClaim(program, claim, doubled(given)))).toEqual(toPartner(judgeClaim(program, claim, given)));
      }),
      { numRuns: 150 },
    );
  });

  it('hints at nobody: where the reasons are the same, it reads the same with and without the others', () => {
    let compared = 0;
    fc.assert(
      fc.property(generatedProgram, generatedClaim, generatedEvidence, (program, claim, given) => {
        const own = ({ partnerId }: { readonly partnerId: string }): boolean => partnerId === given.partner.partnerId;
        const alone: EvidenceSnapshot = {
          ...given,
          rivals: given.rivals.filter(own),
          relatives: [],
          opportunities: [],
          contacts: [],
          purchases: [],
        };
        const [crowded, quiet] = [judgeClaim(program, claim, given), judgeClaim(program, claim, alone)];
        if (JSON.stringify(crowded.reasons) !== JSON.stringify(quiet.reasons)) return;
        compared += 1;
        expect(toPartner(crowded)).toEqual(toPartner(quiet));
      }),
      { numRuns: 250 },
    );
    expect(compared).toBeGreaterThan(20);
  });

  it('tells insiders what it keeps from partners', () => {
    let named = 0;
    fc.assert(
      fc.property(generatedProgram, generatedClaim, generatedEvidence, (program, claim, given) => {
        const told = JSON.stringify(explainVerdict(judgeClaim(program, claim, given), 'internal', SUBJECT));
        if (told.includes('secret')) named += 1;
      }),
      { numRuns: 200 },
    );
    expect(named).toBeGreaterThan(100);
  });
});
