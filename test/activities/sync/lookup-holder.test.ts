import { besidesOf, haveSameBesides, meantFields, withoutBesides } from '../../../activities/sync/lookup-holder.ts';
import { line, reference } from '../../../mappings/codec.ts';
import type { ObjectMapping } from '../../../mappings/field-mapping.ts';
import type { CanonicalRecord } from '../../../program/merge-plan.ts';

const mapping: ObjectMapping = {
  objectType: 'registration',
  object: 'deal_registration',
  externalId: null,
  whereNotNull: null,
  fields: [
    { ours: 'customer', theirs: 'c', policy: 'newest', reference: 'account', ...reference() },
    { ours: 'name', theirs: 'n', policy: 'ours', ...line(255) },
  ],
};
const row = (...holders: readonly string[]) => ({
  fields: { c: holders[0] ?? null, n: 'N' },
  ...(holders.length > 1 ? { holders: { c: holders } } : {}),
});

describe('of several holders of a lookup, the one that is meant', () => {
  it.each<[string, readonly string[], CanonicalRecord, string | null]>([
    ['is the only one', ['1'], { customer: '2' }, '1'],
    ['is the first where nothing was agreed on yet', ['1', '2'], {}, '1'],
    ['is the one that was added behind the agreed one', ['1', '2'], { customer: '1' }, '2'],
    ['is the one that was added before the agreed one', ['1', '2'], { customer: '2' }, '1'],
    ['is the agreed one where the others were there then', ['1', '2'], { customer: '2', 'customer beside': '1' }, '2'],
    ['is what was added to those', ['1', '2', '3'], { customer: '2', 'customer beside': '1' }, '3'],
    ['is one that is left where the agreed one is gone', ['1', '3'], { customer: '2', 'customer beside': '1 3' }, '1'],
    ['is none where none was agreed on beside the others', ['1'], { customer: null, 'customer beside': '1' }, null],
    ['is none where all are gone', [], { customer: '2', 'customer beside': '1' }, null],
  ])('%s', (_case, holders, base, meant) => {
    expect(meantFields(mapping, row(...holders), base)).toEqual({ c: meant, n: 'N' });
  });

  it('is not known of a row that does not say', () => {
    expect(meantFields(mapping, { fields: { n: 'N' } }, { customer: '1', 'customer beside': '2' })).toEqual({ n: 'N' });
  });

  it('leaves the others to be remembered beside it, until they are gone', () => {
    const base = { customer: '2', name: 'N', ...besidesOf(mapping, row('1', '2', '3'), { customer: '2' }) };
    expect(base).toEqual({ customer: '2', name: 'N', 'customer beside': '1 3' });
    expect(withoutBesides(mapping, base)).toEqual({ customer: '2', name: 'N' });
    expect(besidesOf(mapping, row('2'), { customer: '2' })).toEqual({});
    expect([haveSameBesides(mapping, base, { ...base }), haveSameBesides(mapping, base, {})]).toEqual([true, false]);
  });
});
