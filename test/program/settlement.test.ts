import { remediationText } from '../../program/remediation.ts';
import { refusalOfTerms, settledTerms, type SharingParty } from '../../program/settlement.ts';
import type { CaseOutcome } from '../../program/vocabulary.ts';
import { parseOrThrow, ACME_YAML } from './example.ts';

const PROGRAM = parseOrThrow(`${ACME_YAML.replace(/^cases:[\s\S]*?(?=^\S)/m, '')}
cases:
  remediation:
    - { id: next_deal, text: Priority on your next registration for 60 days., on: [deny], byDefault: true }
    - { id: funds, text: Market development funds., on: [deny, revoke], amount: { amount: '500.00', currency: USD } }
    - { id: finder_fee, text: A finder fee on the deal., on: [revoke], percent: '5', byDefault: true }
`);
const party = (registrationId: string, changes: Partial<SharingParty>): SharingParty => ({
  registrationId,
  side: 'claimant',
  kind: 'resale',
  isUndecided: false,
  isProtected: false,
  ...changes,
});
const holder = party('holder', { side: 'rival', isProtected: true });
const first = party('first', { isUndecided: true });
const second = party('second', { isUndecided: true });
const withdrawn = party('withdrawn', {});
const PARTIES = [holder, first, second, withdrawn];

describe('settledTerms', () => {
  it('shares a split among those that stand, evenly where nothing else is declared or said', () => {
    expect(settledTerms(PROGRAM, PARTIES, { outcome: 'split', registrationId: null }).shares).toEqual([
      { registrationId: 'holder', percent: '33.34' },
      { registrationId: 'first', percent: '33.33' },
      { registrationId: 'second', percent: '33.33' },
    ]);
  });

  it('takes the shares that the arbiter gives', () => {
    const shares = [
      { registrationId: 'holder', percent: '60' },
      { registrationId: 'second', percent: '15.5' },
      { registrationId: 'first', percent: '24.5' },
    ];
    const terms = { outcome: 'split', registrationId: null, shares } as const;
    expect(refusalOfTerms(PROGRAM, PARTIES, terms)).toBeNull();
    expect(settledTerms(PROGRAM, PARTIES, terms).shares.map(({ percent }) => percent)).toEqual(['60.00', '24.50', '15.50']);
    // What was proposed among three is not what two get.
    expect(settledTerms(PROGRAM, [holder, first], terms).shares.map(({ percent }) => percent)).toEqual(['50.00', '50.00']);
  });

  it.each<[CaseOutcome, string | null, string | null | undefined, object]>([
    ['uphold', null, undefined, { first: 'next_deal', second: 'next_deal' }],
    ['uphold', null, 'funds', { first: 'funds', second: 'funds' }],
    ['uphold', null, null, {}],
    ['award', 'first', undefined, { holder: 'finder_fee', second: 'next_deal' }],
    ['award', 'first', 'finder_fee', { holder: 'finder_fee', second: 'next_deal' }],
    ['revoke', 'holder', 'funds', { holder: 'funds' }],
    ['split', null, undefined, {}],
  ])('%s of %s with remediation %s gives %j', (outcome, registrationId, remediation, expected) => {
    const terms = { outcome, registrationId, ...(remediation === undefined ? {} : { remediation }) };
    expect(refusalOfTerms(PROGRAM, PARTIES, terms)).toBeNull();
    const { remediations } = settledTerms(PROGRAM, PARTIES, terms);
    expect(Object.fromEntries(remediations.map((one) => [one.registrationId, one.remediation]))).toEqual(expected);
  });
});

describe('refusalOfTerms', () => {
  const shares = [{ registrationId: 'holder', percent: '100' }];
  it.each([
    [
      'shares of what is not split',
      { outcome: 'award', registrationId: 'first', shares },
      'Only a split has shares; the outcome is award.',
    ],
    ['shares that leave somebody out', { outcome: 'split', registrationId: null, shares }, 'Registration first is given no share'],
    [
      'a remediation that is not declared',
      { outcome: 'uphold', registrationId: null, remediation: 'flowers' },
      'expected one of: next_deal, funds.',
    ],
    ['one for another loss', { outcome: 'uphold', registrationId: null, remediation: 'finder_fee' }, 'expected one of: next_deal, funds.'],
    ['one where nobody loses', { outcome: 'co_sell', registrationId: null, remediation: 'funds' }, 'Nobody loses by this outcome'],
  ] as const)('says why %s cannot be', (_what, terms, message) => {
    expect(refusalOfTerms(PROGRAM, PARTIES, terms)).toMatchObject({
      code: 'OUTCOME_NOT_POSSIBLE',
      message: expect.stringContaining(message),
    });
  });
});

describe('remediationText', () => {
  it('has the figures behind the words', () => {
    expect(PROGRAM.cases.remediation.map(remediationText)).toEqual([
      'Priority on your next registration for 60 days.',
      'Market development funds. (USD 500.00)',
      'A finder fee on the deal. (5 %)',
    ]);
  });
});
