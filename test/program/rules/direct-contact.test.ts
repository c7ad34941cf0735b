import type { DirectContact } from '../../../program/claim.ts';
import { directContact } from '../../../program/rules/direct-contact.ts';
import { EXACT, PROBABLE, SUBMITTED_AT, WEAK, ruleInput } from '../example.ts';
import { situationOf } from './finding.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const before = (days: number, ms = 0): string => new Date(Date.parse(SUBMITTED_AT) - days * DAY_MS - ms).toISOString();

function contact(changes: Partial<DirectContact> = {}): DirectContact {
  return { connection: 'salesforce', accountRemoteId: '001-a', lastContactAt: before(10), match: EXACT, ...changes };
}

describe('C08_direct_contact', () => {
  it.each<[string, readonly DirectContact[], string | null]>([
    ['nothing', [], null],
    ['a contact ten days before', [contact()], 'exact'],
    ['the last millisecond inside the 60 days', [contact({ lastContactAt: before(60, -1) })], 'exact'],
    ['exactly 60 days before', [contact({ lastContactAt: before(60) })], 'exact'],
    ['a millisecond longer ago', [contact({ lastContactAt: before(60, 1) })], null],
    ['at the very receipt', [contact({ lastContactAt: SUBMITTED_AT })], 'exact'],
    ['a millisecond after the receipt', [contact({ lastContactAt: before(0, -1) })], 'after_receipt'],
    ['a probable match', [contact({ match: PROBABLE })], 'probable'],
    ['a probable match after the receipt', [contact({ match: PROBABLE, lastContactAt: before(0, -1) })], 'after_receipt'],
    ['a weak match', [contact({ match: WEAK })], null],
    ['one before and one after the receipt', [contact({ lastContactAt: before(0, -1) }), contact({ accountRemoteId: '001-b' })], 'exact'],
    ['a probable and a certain one', [contact({ match: PROBABLE }), contact({ accountRemoteId: '001-b' })], 'exact'],
  ])('looks at %s', (_what, contacts, expected) => {
    expect(situationOf(directContact, { evidence: { contacts } })).toBe(expected);
  });

  it('counts calendar months where the program says months', () => {
    const parameters = { lookback: '6 months' };
    const at = (lastContactAt: string): string | null =>
      situationOf(directContact, { with: parameters, evidence: { contacts: [contact({ lastContactAt })] } });
    expect(at('2026-05-23T14:00:00.000Z')).toBe('exact');
    expect(at('2026-05-23T13:59:59.999Z')).toBeNull();
  });

  it('says the same whatever the order of its evidence', () => {
    const contacts = [contact(), contact({ accountRemoteId: '001-b' }), contact({ accountRemoteId: '001-c', lastContactAt: before(1) })];
    const examine = (order: readonly DirectContact[]): unknown =>
      directContact.examine(ruleInput('C08_direct_contact', { evidence: { contacts: order } }));
    expect(examine([...contacts].reverse())).toEqual(examine(contacts));
  });
});
