import { readDefinition } from '../../../crm/salesforce/object-definition.ts';

describe('readDefinition', () => {
  it('reads fields as the port knows them', () => {
    const { remote } = readDefinition({
      name: 'Thing__c',
      fields: [
        { name: 'Key__c', type: 'string', length: 36, unique: true, externalId: true, createable: true, updateable: true, nillable: true },
        { name: 'Note__c', type: 'textarea', length: 255 },
        { name: 'Story__c', type: 'textarea', length: 32_768 },
        {
          name: 'Kind__c',
          type: 'picklist',
          length: 255,
          restrictedPicklist: true,
          picklistValues: [{ value: 'b' }, { value: 'gone', active: false }, { value: 'a', active: true }],
        },
        {
          name: 'OwnerId',
          type: 'reference',
          length: 18,
          createable: true,
          nillable: false,
          defaultedOnCreate: true,
          referenceTo: ['User', 'Group'],
        },
        { name: 'Name', type: 'string', length: 80, createable: true, nillable: false },
        { name: 'Value__c', type: 'double', length: 0 },
        { name: 'Place__c', type: 'location' },
      ],
    });
    const facts = remote.fields.map(({ name, type, maxLength, required, unique, externalId, values, restricted, referenceTo }) => [
      name,
      type,
      maxLength,
      [required && 'required', unique && 'unique', externalId && 'external', restricted && 'restricted'].filter(Boolean).join(' '),
      values,
      referenceTo,
    ]);
    expect(facts).toEqual([
      ['Key__c', 'text', 36, 'unique external', null, []],
      ['Note__c', 'text', 255, '', null, []],
      ['Story__c', 'long_text', 32_768, '', null, []],
      ['Kind__c', 'picklist', 255, 'restricted', ['b', 'a'], []],
      ['OwnerId', 'reference', null, '', null, ['User', 'Group']],
      ['Name', 'text', 80, 'required', null, []],
      ['Value__c', 'number', null, '', null, []],
      ['Place__c', 'other', null, '', null, []],
    ]);
  });
});
