import { NO_FACTS, type ClaimFacts } from '../../program/claim.ts';
import { changeFacts, factsOf, proofsOf } from '../../program/claim-facts.ts';

const BEFORE: ClaimFacts = {
  ...NO_FACTS,
  quantity: 5,
  site: 'Plant 2',
  proofs: [{ kind: 'meeting', date: null }],
  answers: { segment: 'public', seats: 10 },
};

describe('changeFacts', () => {
  it('leaves what is not named', () => {
    expect(changeFacts(BEFORE, undefined, undefined)).toEqual(BEFORE);
    expect(changeFacts(BEFORE, { marketplace: 'aws', quantity: undefined }, undefined)).toEqual({ ...BEFORE, marketplace: 'aws' });
  });

  it('takes back what is null', () => {
    expect(changeFacts(BEFORE, { site: null }, undefined)).toEqual({ ...BEFORE, site: null });
  });

  it('changes answers one by one', () => {
    const answers = { seats: null, renewal_due: false };
    expect(changeFacts(BEFORE, { answers }, undefined).answers).toEqual({ segment: 'public', renewal_due: false });
  });

  it('replaces the proofs where the evidence changed, also by none', () => {
    expect(changeFacts(BEFORE, {}, []).proofs).toEqual([]);
  });
});

describe('factsOf', () => {
  it('knows nothing of what was not said', () => {
    expect(factsOf(undefined, undefined)).toEqual(NO_FACTS);
    expect(factsOf({}, [])).toEqual(NO_FACTS);
  });
});

describe('proofsOf', () => {
  it.each([
    ['a bare text', 'Talked to them in June.', { kind: 'text', date: null }],
    ['a piece with kind and date', { kind: 'meeting', summary: 'x', date: '2026-06-01' }, { kind: 'meeting', date: '2026-06-01' }],
    ['a kind in other letters', { kind: ' Customer-Letter ', summary: 'x' }, { kind: 'customer_letter', date: null }],
    ['a kind in another script', { kind: 'Письмо клиента', summary: 'x' }, { kind: 'письмо_клиента', date: null }],
    ['a kind without a letter', { kind: '--', summary: 'x' }, { kind: 'text', date: null }],
    ['something that was stored in another form', 7, { kind: 'text', date: null }],
  ])('reads %s', (_what, piece, proof) => {
    expect(proofsOf([piece])).toEqual([proof]);
  });
});
