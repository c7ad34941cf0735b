import { NO_FACTS, type ClaimFacts } from '../../../program/claim.ts';
import { distributorMismatch } from '../../../program/rules/distributor-mismatch.ts';
import { marketplace } from '../../../program/rules/marketplace.ts';
import { publicTender } from '../../../program/rules/public-tender.ts';
import { ruleInput } from '../example.ts';
import { situationOf } from './finding.ts';

const facts = (changes: Partial<ClaimFacts>): ClaimFacts => ({ ...NO_FACTS, ...changes });
const tender = (publishedOn: string): ClaimFacts => facts({ tender: { reference: 'N-77', publishedOn } });

describe('C17_public_tender', () => {
  // The receipt is on 23 November, 10:00 in New York.
  it.each([
    ['no tender', NO_FACTS, null],
    ['published long before', tender('2026-01-01'), 'after_publication'],
    ['published the day before', tender('2026-11-22'), 'after_publication'],
    ['published on the same day', tender('2026-11-23'), 'same_day'],
    ['published the day after', tender('2026-11-24'), null],
  ])('looks at a tender %s', (_what, given, expected) => {
    expect(situationOf(publicTender, { claim: { facts: given } })).toBe(expected);
  });

  it.each([
    ['published the day before', tender('2026-11-22'), 'after_publication'],
    ['published on the same day', tender('2026-11-23'), 'same_day'],
    ['published the day after', tender('2026-11-24'), 'before_publication'],
    ['no tender', NO_FACTS, null],
  ])('tells a claim before the notice apart where the program asks for it: %s', (_what, given, expected) => {
    expect(situationOf(publicTender, { with: { beforePublication: true }, claim: { facts: given } })).toBe(expected);
  });

  it.each([
    ['2026-11-24T04:59:59.999Z', 'same_day'],
    ['2026-11-24T05:00:00.000Z', 'after_publication'],
    ['2026-11-23T05:00:00.000Z', 'same_day'],
    ['2026-11-23T04:59:59.999Z', null],
  ])('takes the date of the receipt, %s, where the default office is', (submittedAt, expected) => {
    expect(situationOf(publicTender, { claim: { submittedAt, facts: tender('2026-11-23') } })).toBe(expected);
  });
});

describe('C24_distributor_mismatch', () => {
  it.each<[string, Partial<ClaimFacts>, string | null]>([
    ['nobody quoted, no distributor', {}, 'no_distributor'],
    ['a blank distributor', { distributor: '  ' }, 'no_distributor'],
    ['a distributor', { distributor: 'Disti' }, null],
    ['the partner quoted by its own id', { distributor: 'Disti', quotedPartner: ' ASTER ' }, null],
    ['the partner quoted by our id', { distributor: 'Disti', quotedPartner: 'partner-a' }, null],
    ['somebody else quoted', { distributor: 'Disti', quotedPartner: 'birch' }, 'other_reseller'],
    ['somebody else quoted, and no distributor', { quotedPartner: 'birch' }, 'other_reseller'],
    ['a blank quote', { distributor: 'Disti', quotedPartner: '' }, null],
  ])('looks at %s', (_what, given, expected) => {
    expect(situationOf(distributorMismatch, { claim: { facts: facts(given) } })).toBe(expected);
  });
});

describe('C25_marketplace', () => {
  it.each([
    [null, null],
    ['', null],
    [' ', null],
    ['aws', 'marketplace'],
  ])('looks at the marketplace %p', (name, expected) => {
    expect(situationOf(marketplace, { claim: { facts: facts({ marketplace: name }) } })).toBe(expected);
  });

  it('names it', () => {
    const finding = marketplace.examine(ruleInput('C25_marketplace', { claim: { facts: facts({ marketplace: 'aws' }) } }));
    expect(finding.exhibits).toEqual([{ kind: 'claim', summary: 'marketplace aws' }]);
  });
});
