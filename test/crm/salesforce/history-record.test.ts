import { historyObjectOf, readEdits } from '../../../crm/salesforce/history.ts';
import { readDefinition } from '../../../crm/salesforce/object-definition.ts';

const DEFINITION = readDefinition({
  name: 'Deal_Registration__c',
  fields: [
    { name: 'Customer__c', type: 'reference', referenceTo: ['Account'], relationshipName: 'Customer__r' },
    { name: 'OwnerId', type: 'reference', referenceTo: ['User'] },
    { name: 'Estimated_Value__c', type: 'double' },
    { name: 'Description__c', type: 'textarea', length: 32_768 },
  ],
});
const ID = 'a00000000000001AAA';
const ACCOUNT = '001000000000001AAA';

const record = (Field: string, NewValue: unknown, second = 0): Record<string, unknown> => ({
  ParentId: ID,
  Field,
  NewValue,
  CreatedById: '005000000000001AAA',
  CreatedDate: `2026-11-23T10:00:0${second}.000+0000`,
});
const edits = (fields: readonly string[], ...records: Record<string, unknown>[]): unknown =>
  readEdits(records, 'ParentId', fields, DEFINITION).map(({ field, at, to }) => [field, at, to]);

describe('historyObjectOf', () => {
  it.each([
    ['Account', 'AccountHistory', 'AccountId'],
    ['Opportunity', 'OpportunityFieldHistory', 'OpportunityId'],
    ['Deal_Registration__c', 'Deal_Registration__History', 'ParentId'],
  ])('%s', (object, historyObject, parent) => {
    expect(historyObjectOf(object)).toEqual({ object: historyObject, parent });
  });
});

describe('readEdits', () => {
  const at = '2026-11-23T10:00:00.000Z';

  it.each([
    ['by name first', [record('Customer__c', 'Contoso'), record('Customer__c', ACCOUNT)]],
    ['by id first', [record('Customer__c', ACCOUNT), record('Customer__c', 'Contoso')]],
  ])('makes one edit of the two records of a lookup, %s', (_order, records) => {
    expect(edits(['Customer__c'], ...records)).toEqual([['Customer__c', at, ACCOUNT]]);
  });

  it('keeps two edits of a lookup within one second, also when one emptied it and both are of one user', () => {
    const moved = [record('Customer__c', 'Contoso'), record('Customer__c', ACCOUNT)];
    const emptied = [
      { ...record('Customer__c', null), OldValue: 'Contoso' },
      { ...record('Customer__c', null), OldValue: ACCOUNT },
    ];
    expect(edits(['Customer__c'], ...emptied, ...moved)).toEqual([
      ['Customer__c', at, null],
      ['Customer__c', at, ACCOUNT],
    ]);
  });

  it('makes one edit of a lookup that was emptied', () => {
    expect(edits(['Customer__c'], record('Customer__c', null), record('Customer__c', null))).toEqual([['Customer__c', at, null]]);
  });

  it('keeps two edits of a value within one second', () => {
    expect(edits(['Estimated_Value__c'], record('Estimated_Value__c', 2), record('Estimated_Value__c', 1))).toHaveLength(2);
  });

  it('knows no value of a long text', () => {
    expect(edits(['Description__c'], record('Description__c', null))).toEqual([['Description__c', at, undefined]]);
  });

  it('finds a standard lookup under its name in the history', () => {
    expect(edits(['OwnerId'], record('Owner', '005000000000002AAA'))).toEqual([['OwnerId', at, '005000000000002AAA']]);
  });

  it('leaves out what was not asked for', () => {
    expect(edits(['Estimated_Value__c'], record('created', null), record('Customer__c', ACCOUNT))).toEqual([]);
  });
});
