import type { SObjectDefinition } from '../../../../sandbox/salesforce/schema/definition.ts';
import { changeOfRecord, gapOf, limitChanges, mergeChanges, weightOf } from '../../../../sandbox/salesforce/stream/change.ts';
import type { Change } from '../../../../sandbox/salesforce/stream/change.ts';
import { buildSchema, findObject } from '../../../../sandbox/salesforce/schema/catalogue.ts';

const schema = buildSchema([]);
const objectOf = (name: string): SObjectDefinition => {
  const definition = findObject(schema, name);
  if (definition === null) throw new Error(`no object ${name}`);
  return definition;
};
const ACCOUNT = objectOf('Account');
const author = { userId: 'u', nowMs: 1_000, origin: '' };

function update(id: string, fields: Readonly<Record<string, string>>, definition = ACCOUNT): Change {
  const before = { Id: id, IsDeleted: 0, LastModifiedDate: 'early' };
  const change = changeOfRecord(definition, id, before, { ...before, ...fields, LastModifiedDate: 'late' }, author);
  if (change === null) throw new Error('no change');
  return change;
}
const deletion = (id: string, definition = ACCOUNT): Change => ({
  definition,
  recordIds: [id],
  changeType: 'DELETE',
  changedFields: [],
  body: {},
  author,
});

describe('changeOfRecord', () => {
  const alive = { Id: '1', Name: 'A', IsDeleted: 0 };
  const gone = { ...alive, IsDeleted: 1 };
  it.each([
    ['made', null, alive, 'CREATE'],
    ['changed', alive, { ...alive, Name: 'B' }, 'UPDATE'],
    ['saved as it was', alive, alive, 'UPDATE'],
    ['deleted', alive, gone, 'DELETE'],
    ['brought back', gone, alive, 'UNDELETE'],
    ['made and deleted', null, gone, undefined],
    ['brought back and deleted', gone, gone, undefined],
    ['destroyed', alive, null, undefined],
    ['made and destroyed', null, null, undefined],
  ] as const)('of a record that was %s', (_what, before, after, changeType) => {
    expect(changeOfRecord(ACCOUNT, '1', before, after, author)?.changeType).toBe(changeType);
  });
});

describe('weightOf', () => {
  it.each([
    ['an update by its fields, stamps left out', update('1', { Name: 'B', Website: 'b.example', Phone: '1' }), 3],
    ['an update of nothing', update('1', {}), 1],
    ['a deletion', deletion('1'), 1],
  ])('counts %s', (_what, change, weight) => {
    expect(weightOf(change)).toBe(weight);
  });
});

describe('limitChanges', () => {
  const changes = [update('1', { Name: 'B', Website: 'b' }), deletion('2'), deletion('3', objectOf('Contact'))];
  it.each([
    ['above the threshold', 3, ['UPDATE', 'DELETE', 'GAP_OVERFLOW Contact']],
    ['at the threshold', 4, ['UPDATE', 'DELETE', 'DELETE']],
    ['far above it', 1, ['GAP_OVERFLOW Account', 'GAP_OVERFLOW Contact']],
  ])('tells, %s, one by one what fits and once what does not', (_where, most, told) => {
    const given = limitChanges(changes, [], most).map(({ changeType, definition }) =>
      changeType === 'GAP_OVERFLOW' ? `${changeType} ${definition.name}` : changeType,
    );
    expect(given).toEqual(told);
  });

  it('names the objects of records that were too many to be looked at', () => {
    const [, overflow] = limitChanges([deletion('1')], [objectOf('Lead')], 10);
    expect(overflow).toMatchObject({ changeType: 'GAP_OVERFLOW', recordIds: ['000000000000000AAA'], changedFields: [], body: {} });
    expect(overflow?.definition.name).toBe('Lead');
  });
});

describe('mergeChanges', () => {
  it('puts together what is the same but for the record, in the place of the first', () => {
    const merged = mergeChanges([
      deletion('1'),
      update('2', { Name: 'B' }),
      deletion('3'),
      update('4', { Name: 'C' }),
      update('5', { Name: 'B' }),
    ]);
    expect(merged.map(({ recordIds }) => recordIds)).toEqual([['1', '3'], ['2', '5'], ['4']]);
  });

  it.each([
    ['another object', deletion('2', objectOf('Contact'))],
    ['another user', { ...deletion('2'), author: { ...author, userId: 'v' } }],
    ['another second', { ...deletion('2'), author: { ...author, nowMs: 2_000 } }],
  ])('leaves apart what is of %s', (_what, other) => {
    expect(mergeChanges([deletion('1'), other])).toHaveLength(2);
  });
});

describe('gapOf', () => {
  it('keeps the header and drops the fields', () => {
    expect(gapOf(update('1', { Name: 'B' }))).toMatchObject({ changeType: 'GAP_UPDATE', recordIds: ['1'], changedFields: [], body: {} });
  });
});
