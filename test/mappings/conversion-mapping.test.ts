import type { RemoteFieldDefinition, RemoteObjectDefinition } from '../../crm/port.ts';
import { checkConversion, isConvertible } from '../../mappings/conversion-mapping.ts';
import { remoteFieldsOf } from '../../mappings/field-mapping.ts';
import { salesforceConversion } from '../../mappings/salesforce/conversion.ts';

const { mapping } = salesforceConversion;

function orgWith(change: (field: RemoteFieldDefinition) => RemoteFieldDefinition | null): RemoteObjectDefinition {
  const fields = mapping.fields.map((field): RemoteFieldDefinition => {
    const isId = field.theirs === mapping.externalId?.theirs;
    return {
      name: field.theirs,
      type: field.types[0] ?? 'other',
      maxLength: field.length,
      createable: true,
      updateable: true,
      required: false,
      unique: isId,
      externalId: isId,
      values: field.values,
      restricted: false,
      referenceTo: [],
    };
  });
  return { name: mapping.object, fields: fields.flatMap((field) => change(field) ?? []) };
}
const without = (name: string) => orgWith((field) => (field.name === name ? null : field));
const changed = (name: string, change: Partial<RemoteFieldDefinition>) =>
  orgWith((field) => (field.name === name ? { ...field, ...change } : field));

describe('checkConversion', () => {
  it('finds nothing in an org that has the shipped fields', () => {
    const org = orgWith((field) => field);
    expect([checkConversion(salesforceConversion, org), isConvertible(salesforceConversion, org)]).toEqual([[], true]);
  });

  it.each(['Registration_Id__c', 'Primary_Registration__c'])('says that nothing can be written without %s', (name) => {
    for (const org of [without(name), changed(name, { updateable: false, createable: false })]) {
      expect(checkConversion(salesforceConversion, org)).toMatchObject([{ field: name, remedy: expect.stringMatching(/\.$/) }]);
      expect(isConvertible(salesforceConversion, org)).toBe(false);
    }
  });

  it('says so too where the id would not keep a second opportunity from being made', () => {
    const org = changed('Registration_Id__c', { unique: false });
    expect([checkConversion(salesforceConversion, org).length, isConvertible(salesforceConversion, org)]).toEqual([1, false]);
  });

  it.each(['Amount', 'OwnerId', 'LeadSource'])('does without %s', (name) => {
    for (const org of [without(name), changed(name, { createable: false, updateable: false })])
      expect(checkConversion(salesforceConversion, org)).toEqual([]);
  });

  it('names a field that an org requires and we do not fill, with which primaries can be written all the same', () => {
    const org = orgWith((field) => field);
    const extra: RemoteObjectDefinition = {
      ...org,
      fields: [
        ...org.fields,
        { ...(org.fields[0] as RemoteFieldDefinition), name: 'Segment__c', required: true, unique: false, externalId: false },
      ],
    };
    expect(checkConversion(salesforceConversion, extra)).toMatchObject([{ field: 'Segment__c' }]);
    expect(isConvertible(salesforceConversion, extra)).toBe(true);
  });

  it('names an optional field that the org requires, since what may be left out may not be relied on', () => {
    expect(checkConversion(salesforceConversion, changed('LeadSource', { required: true }))).toMatchObject([{ field: 'LeadSource' }]);
  });
});

describe('the fields of opportunities that we write', () => {
  it('are read back only as far as they are ours for good', () => {
    expect(remoteFieldsOf(mapping)).toEqual(['Registration_Id__c', 'Primary_Registration__c']);
  });

  it('are for good two: everything else is said once, when an opportunity is made', () => {
    expect(mapping.fields.filter(({ createOnly }) => createOnly !== true).map(({ theirs }) => theirs)).toEqual(
      salesforceConversion.shipped,
    );
  });
});
