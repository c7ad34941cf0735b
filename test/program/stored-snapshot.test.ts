import fc from 'fast-check';
import { judgeClaim } from '../../program/judge-claim.ts';
import { completeClaim, completeEvidence, type StoredEvidence, type StoredRival } from '../../program/stored-snapshot.ts';
import { ACME, TAKEN_AT, claim, evidence, holder, opportunity } from './example.ts';
import { generatedClaim, generatedEvidence } from './generated.ts';

/** As the first version of the product stored them. */
const { facts: _facts, ...OLD_CLAIM } = claim();
const { regions: _regions, companyNumber: _number, ...OLD_PARTNER } = evidence().partner;
const OLD_MATCH = { band: 'exact', signals: ['same registrable domain northwind.example'] } as const;
const OLD_RIVAL: StoredRival = {
  registrationId: 'reg-50',
  sequence: 50,
  partnerId: 'partner-b',
  status: 'approved',
  productLines: ['platform'],
  protectedLines: ['platform'],
  match: OLD_MATCH,
};
const { relation: _relation, ...OLD_OPPORTUNITY } = { ...opportunity(), match: OLD_MATCH };
const OLD: StoredEvidence = { takenAt: TAKEN_AT, partner: OLD_PARTNER, rivals: [OLD_RIVAL], opportunities: [OLD_OPPORTUNITY], settled: [] };

describe('completeClaim and completeEvidence', () => {
  it('leave open what was not known then', () => {
    expect(completeClaim(OLD_CLAIM)).toEqual(claim());
    const complete = completeEvidence(OLD, claim());
    expect(complete).toEqual(evidence({ rivals: [holder({ submittedAt: TAKEN_AT })], opportunities: [opportunity()] }));
  });

  it('fill facts that came later than others', () => {
    expect(completeClaim({ ...OLD_CLAIM, facts: { quantity: 7 } }).facts).toEqual({ ...claim().facts, quantity: 7 });
  });

  it('let what is old be judged as it was', () => {
    const judged = judgeClaim(ACME, completeClaim(OLD_CLAIM), completeEvidence(OLD, OLD_CLAIM));
    expect(judged).toMatchObject({ outcome: 'deny', behind: ['reg-50'], reasons: [{ rule: 'C02_active_protection' }] });
  });

  it('change nothing that is whole, byte for byte, also after it was stored', () => {
    fc.assert(
      fc.property(generatedClaim, generatedEvidence, (whole, known) => {
        expect(completeClaim(whole)).toEqual(whole);
        expect(completeEvidence(known, whole)).toEqual(known);
        const [storedClaim, storedEvidence] = [
          JSON.parse(JSON.stringify(whole)) as typeof whole,
          JSON.parse(JSON.stringify(known)) as typeof known,
        ];
        const verdict = judgeClaim(ACME, completeClaim(storedClaim), completeEvidence(storedEvidence, storedClaim));
        expect(JSON.stringify(verdict)).toBe(JSON.stringify(judgeClaim(ACME, whole, known)));
      }),
    );
  });
});
