import type { ClaimFacts, ClaimSnapshot } from '../../../program/claim.ts';
import { BUILT_IN_FACTS } from '../../../program/definition/condition.ts';
import type { Program } from '../../../program/definition/program.ts';
import { incomplete } from '../../../program/rules/incomplete.ts';
import { ACME, claim, customer, ruleInput } from '../example.ts';

type IntakeFact = Program['intake'][number];
const asks = (changes: Partial<IntakeFact>): Program => ({
  ...ACME,
  intake: [{ id: 'use_case', label: 'the use case', type: 'text', choices: [], required: true, ...changes }],
});
const withFacts = (facts: Partial<ClaimFacts>): Partial<ClaimSnapshot> => ({ facts: { ...claim().facts, ...facts } });
const examine = (program: Program, changes: Partial<ClaimSnapshot> = {}) =>
  incomplete.examine(ruleInput('R01_incomplete', { program, claim: changes }));

const COMPLETE: Partial<ClaimSnapshot> = {
  customer: customer({ companyNumber: '123', postalCode: '10001' }),
  ...withFacts({
    quantity: 0,
    currentContract: { value: { amount: '1.00', currency: 'USD' }, endsOn: null },
    tender: { reference: 'T-1', publishedOn: '2026-01-01' },
    distributor: 'Widgets',
    quotedPartner: 'p-1',
    marketplace: 'aws',
    site: 'north',
    proofs: [{ kind: 'meeting', date: null }],
  }),
};

describe('R01_incomplete: facts of every claim', () => {
  it('asks for nothing where the program requires nothing', () => {
    expect(examine(ACME).kind).toBe('quiet');
  });

  it.each(BUILT_IN_FACTS.map((fact) => [fact] as const))('notices that %s is missing, and that it is not', (fact) => {
    const program = { ...ACME, requiredFacts: [fact] };
    const bare = { customer: customer({ domain: null }) };
    expect(examine(program, bare)).toMatchObject({ kind: 'found', situation: 'missing' });
    expect(examine(program, COMPLETE).kind).toBe('quiet');
  });

  it.each([
    ['an empty text', '', 'found'],
    ['blanks', '  \t', 'found'],
    ['a text', 'x', 'quiet'],
  ])('takes %s for what it is', (_what, site, kind) => {
    expect(examine({ ...ACME, requiredFacts: ['site'] }, withFacts({ site })).kind).toBe(kind);
  });

  it('lists everything that is missing, by its label, in the order of the program', () => {
    const program = { ...asks({}), requiredFacts: ['postal_code', 'proof'] };
    const finding = examine(program);
    expect(finding.partnerMessage).toBe(
      "The registration is not complete. Missing: the customer's postal code; a proof of work; the use case.",
    );
    expect(finding.exhibits).toHaveLength(3);
  });

  it('takes the id of an own question for a fact of every claim', () => {
    const program = { ...asks({ required: false }), requiredFacts: ['use_case'] };
    expect(examine(program).message).toBe('Missing: the use case.');
    expect(examine(program, withFacts({ answers: { use_case: 'backup' } })).kind).toBe('quiet');
  });
});

describe('R01_incomplete: what the program asks itself', () => {
  it.each<[string, Partial<IntakeFact>, ClaimFacts['answers'], 'quiet' | 'found']>([
    ['no answer', {}, {}, 'found'],
    ['a text', {}, { use_case: 'backup' }, 'quiet'],
    ['an empty text', {}, { use_case: ' ' }, 'found'],
    ['a number where a text is asked', {}, { use_case: 7 }, 'found'],
    ['a number', { type: 'number' }, { use_case: 0 }, 'quiet'],
    ['a text where a number is asked', { type: 'number' }, { use_case: '7' }, 'found'],
    ['a no', { type: 'flag' }, { use_case: false }, 'quiet'],
    ['one of the choices', { type: 'choice', choices: ['new', 'renewal'] }, { use_case: 'new' }, 'quiet'],
    ['none of the choices', { type: 'choice', choices: ['new', 'renewal'] }, { use_case: 'other' }, 'found'],
    ['nothing where it is not required', { required: false }, {}, 'quiet'],
    ['nothing where its condition does not hold', { when: { kinds: ['referral'] } }, {}, 'quiet'],
    ['nothing where its condition holds', { when: { kinds: ['resale'] } }, {}, 'found'],
    ['nothing where it cannot be told whether its condition holds', { when: { quantity: { from: 10 } } }, {}, 'found'],
    ['the name of something that every object has', { id: 'constructor' }, {}, 'found'],
  ])('judges %s', (_what, fact, answers, kind) => {
    expect(examine(asks(fact), withFacts({ answers })).kind).toBe(kind);
  });

  it('names the choices', () => {
    expect(examine(asks({ type: 'choice', choices: ['new', 'renewal'] })).partnerMessage).toContain('the use case (one of new, renewal)');
  });
});
