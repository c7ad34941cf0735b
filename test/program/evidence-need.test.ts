import { EVER, evidenceNeed } from '../../program/evidence-need.ts';
import { ACME, SUBMITTED_AT, acmeRules, ruleRow } from './example.ts';

const deny = { outcome: 'deny', waitlist: false } as const;
const refiled = (parameters: Readonly<Record<string, unknown>>) =>
  acmeRules([ruleRow('C21_expired_then_refiled', { rival_in_gap: deny, too_soon: deny }, { with: parameters })]);
const daysBack = (since: string | null): number => (Date.parse(SUBMITTED_AT) - Date.parse(since ?? SUBMITTED_AT)) / (24 * 60 * 60 * 1000);

describe('evidenceNeed', () => {
  it('asks for nothing that no rule looks at', () => {
    expect(evidenceNeed(acmeRules([]), SUBMITTED_AT)).toEqual({
      endedSince: null,
      boughtSince: null,
      contacts: false,
      relatives: false,
      record: false,
      approved: false,
      conversion: false,
    });
  });

  it('looks back for ended claims as far as the longer of look back and cooling-off', () => {
    expect(daysBack(evidenceNeed(refiled({}), SUBMITTED_AT).endedSince)).toBe(180);
    expect(daysBack(evidenceNeed(refiled({ coolingOff: '200 days' }), SUBMITTED_AT).endedSince)).toBe(200);
    expect(daysBack(evidenceNeed(refiled({ coolingOff: '10 days' }), SUBMITTED_AT).endedSince)).toBe(180);
  });

  it('looks back far enough for a cooling-off in business days', () => {
    expect(daysBack(evidenceNeed(refiled({ coolingOff: '200 business days' }), SUBMITTED_AT).endedSince)).toBeGreaterThan(200 * 7);
  });

  it('asks for every purchase where incumbency precedes', () => {
    expect(evidenceNeed({ ...ACME, precedence: ['incumbency'] }, SUBMITTED_AT).boughtSince).toBe(EVER);
    expect(evidenceNeed({ ...ACME, precedence: ['first_valid_claim'] }, SUBMITTED_AT).boughtSince).toBeNull();
  });
});
