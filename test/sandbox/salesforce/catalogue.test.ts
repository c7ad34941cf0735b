import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema, findField, findObject, objectOfId } from '../../../sandbox/salesforce/schema/catalogue.ts';
import type { Schema } from '../../../sandbox/salesforce/schema/catalogue.ts';
import { readShippedObjects } from '../../../sandbox/salesforce/schema/metadata-file.ts';
import { METADATA_ROOT } from './opened-org.ts';

describe('the org of the shipped metadata', () => {
  const schema = buildSchema(readShippedObjects(METADATA_ROOT));
  const registration = findObject(schema, 'DEAL_REGISTRATION__C');

  it('has the custom object with a key prefix of its own, found by the ids of its records', () => {
    expect(registration).toMatchObject({ name: 'Deal_Registration__c', keyPrefix: 'a00', custom: true, createable: true });
    expect(objectOfId(schema, 'a00010000000001AAA')).toBe(registration);
  });

  it('has a history object for each object that tracks fields, pointing back at it', () => {
    const parents = ['AccountHistory', 'OpportunityFieldHistory', 'Deal_Registration__History'].map(
      (name) => findObject(schema, name)?.fields.find((field) => field.type === 'reference')?.name,
    );
    expect(parents).toEqual(['AccountId', 'OpportunityId', 'ParentId']);
    expect(findObject(schema, 'UserHistory')).toBeNull();
  });

  it('tracks the columns of a tracked address, and no others', () => {
    const account = findObject(schema, 'Account');
    const tracked = account?.fields.filter((field) => field.trackHistory).map((field) => field.name) ?? [];
    expect(tracked).toEqual(expect.arrayContaining(['Name', 'Website', 'BillingCountry', 'Partner_Status__c']));
    expect(tracked).not.toContain('ShippingCountry');
  });

  it('lets tasks belong to objects with activities', () => {
    const task = findObject(schema, 'Task');
    expect(task === null ? null : findField(task, 'whatid')?.referenceTo).toEqual(['Account', 'Opportunity', 'Deal_Registration__c']);
  });
});

describe('metadata that cannot be used', () => {
  const root = mkdtempSync(join(tmpdir(), 'catalogue-'));
  const fields = join(root, 'objects/Thing__c/fields');
  beforeAll(() => mkdirSync(fields, { recursive: true }));
  afterAll(() => rmSync(root, { recursive: true }));

  const build = (xml: string): Schema => {
    writeFileSync(join(fields, 'X__c.field-meta.xml'), xml);
    return buildSchema(readShippedObjects(root));
  };

  it('is accepted where it is sound', () => {
    const schema = build('<CustomField><fullName>X__c</fullName><type>Number</type><precision>4</precision><scale>1</scale></CustomField>');
    expect(findObject(schema, 'Thing__c')?.fields.find((field) => field.name === 'X__c')).toMatchObject({
      type: 'double',
      precision: 4,
      scale: 1,
    });
  });

  it.each([
    [
      'a field type that is not built',
      '<CustomField><fullName>X__c</fullName><type>Location</type></CustomField>',
      /X__c: field type Location is not built/,
    ],
    ['another root', '<CustomObject/>', /X__c\.field-meta\.xml is not a CustomField/],
    [
      'a length that is no number',
      '<CustomField><fullName>X__c</fullName><length>long</length></CustomField>',
      /Thing__c\.X__c is not a CustomField: length/,
    ],
  ])('is refused by file and place: %s', (_what, xml, words) => {
    expect(() => build(xml)).toThrow(words);
  });

  it('is missed by the folder', () => {
    expect(() => readShippedObjects(join(root, 'nowhere'))).toThrow(/No object definitions under .*nowhere/);
  });
});
