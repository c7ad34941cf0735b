import type { RemoteFieldDefinition, RemoteObjectDefinition } from '../../crm/port.ts';
import { checkMapping, deniedObject, missingObject } from '../../mappings/check-mapping.ts';
import type { FieldMapping, ObjectMapping } from '../../mappings/field-mapping.ts';
import { hubspotProfile, REGISTRATION_OBJECTS } from '../../mappings/hubspot/registration-object.ts';
import { salesforceAccount } from '../../mappings/salesforce/account.ts';
import { salesforcePartner } from '../../mappings/salesforce/partner.ts';
import { salesforceTask } from '../../mappings/salesforce/task.ts';

/** A field of the org that is exactly as the mapping wants it. */
function fittingField(mapping: ObjectMapping, field: FieldMapping): RemoteFieldDefinition {
  const isId = field.theirs === mapping.externalId?.theirs;
  return {
    name: field.theirs,
    type: field.types[0] ?? 'other',
    maxLength: field.length,
    createable: mapping.externalId !== null,
    updateable: mapping.externalId !== null,
    required: false,
    unique: isId,
    externalId: isId,
    values: field.values,
    restricted: field.values !== null,
    referenceTo: field.leadsTo === undefined ? [] : ['Account', field.leadsTo],
  };
}

function orgWith(mapping: ObjectMapping, name: string, change: Partial<RemoteFieldDefinition>): RemoteObjectDefinition {
  const fields = mapping.fields.map((field) => fittingField(mapping, field));
  return { name: mapping.object, fields: fields.map((field) => (field.name === name ? { ...field, ...change } : field)) };
}

describe('checkMapping', () => {
  it.each([salesforcePartner, salesforceAccount, salesforceTask])('finds nothing in an org that fits', (mapping) => {
    expect(checkMapping(mapping, orgWith(mapping, '', {}))).toEqual([]);
  });

  it.each<[string, string, Partial<RemoteFieldDefinition>, RegExp, 'type' | 'field']>([
    ['a missing field', 'Partner_Tier__c', { name: 'Partner_Level__c' }, /no such field/, 'type'],
    ['another type', 'Partner_Id__c', { type: 'number' }, /of type number; expected text/, 'field'],
    ['one character too few', 'Name', { maxLength: 254 }, /holds 254 characters; expected 255/, 'field'],
    ['a field that cannot be filled', 'Partner_Track__c', { createable: false }, /cannot be written/, 'field'],
    ['a field that cannot be changed', 'Partner_Track__c', { updateable: false }, /cannot be changed/, 'field'],
    ['an external id that may repeat', 'Partner_Id__c', { unique: false }, /not a unique external id/, 'type'],
    ['a unique field that is no external id', 'Partner_Id__c', { externalId: false }, /not a unique external id/, 'type'],
    [
      'a value that is refused',
      'Partner_Status__c',
      { values: ['applicant', 'active', 'suspended'] },
      /refuses the values terminated/,
      'field',
    ],
  ])('tells of %s, with a remedy', (_what, name, change, problem, hinders) => {
    const problems = checkMapping(salesforcePartner, orgWith(salesforcePartner, name, change));
    expect(problems).toEqual([{ field: name, problem: expect.stringMatching(problem), remedy: expect.stringMatching(/\.$/), hinders }]);
  });

  it.each<[string, string, Partial<RemoteFieldDefinition>]>([
    ['a longer field', 'Partner_Id__c', { maxLength: 255 }],
    ['more values', 'Partner_Tier__c', { values: ['registered', 'certified', 'premier', 'silver', 'gold', 'platinum', 'diamond'] }],
    ['fewer values where any is taken', 'Partner_Tier__c', { values: [], restricted: false }],
  ])('accepts %s', (_what, name, change) => {
    expect(checkMapping(salesforcePartner, orgWith(salesforcePartner, name, change))).toEqual([]);
  });

  it.each<[string, string, Partial<RemoteFieldDefinition>, RegExp, RegExp]>([
    ['the field of our id, in an org from before there were tasks', 'Question_Id__c', { name: 'Another__c' }, /no such field/, /Deploy/],
    ['an id that may repeat', 'Question_Id__c', { externalId: false, unique: false }, /not a unique external id/, /Deploy/],
    ['activities on registrations', 'WhatId', { referenceTo: ['Account'] }, /does not lead to Deal_Registration__c/, /Allow activities/],
    [
      'a status by which tasks are closed',
      'Status',
      { values: ['Not Started', 'Done'], restricted: false },
      /does not list the values Completed/,
      /Add/,
    ],
    ['a priority', 'Priority', { values: ['High', 'Normal'], restricted: true }, /refuses the values Low/, /Add/],
  ])('tells that a task lacks %s', (_what, name, change, problem, remedy) => {
    expect(checkMapping(salesforceTask, orgWith(salesforceTask, name, change))).toEqual([
      { field: name, problem: expect.stringMatching(problem), remedy: expect.stringMatching(remedy), hinders: expect.any(String) },
    ]);
  });

  it.each([
    ['made', { createable: false }],
    ['changed', { updateable: false }],
  ] as const)('tells once that records cannot be %s, and not of each field', (right, lacking) => {
    const org = orgWith(salesforcePartner, '', {});
    const fields = org.fields.map((field) => ({ ...field, ...lacking }));
    expect(checkMapping(salesforcePartner, { ...org, ...lacking, fields })).toEqual([
      {
        field: 'Account',
        problem: `records cannot be ${right} by the user`,
        remedy: expect.stringMatching(/shipped permission set/),
        hinders: 'field',
        category: 'permission',
      },
    ]);
  });

  it('asks for no right to write what only comes in', () => {
    expect(
      checkMapping(salesforceAccount, orgWith(salesforceAccount, 'Phone', { createable: false, updateable: false, maxLength: 10 })),
    ).toEqual([]);
  });

  it('tells of a required field that nothing fills', () => {
    const org = orgWith(salesforcePartner, '', {});
    const extra: RemoteFieldDefinition = {
      ...fittingField(salesforcePartner, salesforcePartner.fields[1] as FieldMapping),
      name: 'Region__c',
      required: true,
    };
    expect(checkMapping(salesforcePartner, { ...org, fields: [...org.fields, extra] })).toEqual([
      { field: 'Region__c', problem: 'is required, and nothing is mapped to it', remedy: expect.any(String), hinders: 'field' },
    ]);
  });
});

describe('the remedies for a portal', () => {
  const remedies = (mapping: ObjectMapping): readonly string[] =>
    [
      ...checkMapping(mapping, { name: mapping.object, fields: [], createable: false, updateable: false }),
      ...mapping.fields.flatMap((field) =>
        checkMapping(mapping, orgWith(mapping, field.theirs, { type: 'other', createable: false, values: [] })),
      ),
      missingObject(mapping),
      deniedObject(mapping, 'MISSING_SCOPES'),
    ].map(({ remedy }) => remedy);

  it.each(REGISTRATION_OBJECTS)('are in HubSpot’s words, with registrations in %s', (object) => {
    const { mapping, conversion } = hubspotProfile(object);
    for (const each of [...Object.values(mapping), conversion.mapping, ...(mapping.task.notes === undefined ? [] : [mapping.task.notes])]) {
      const said = remedies(each);
      expect(said.length).toBeGreaterThan(2);
      for (const remedy of said) expect(remedy).not.toMatch(/permission set|deploy|picklist|integration user/i);
    }
  });

  it('name the other model where custom objects are missing, and nowhere else', () => {
    const { mapping } = hubspotProfile('deal_registration');
    for (const told of [missingObject, (each: ObjectMapping) => deniedObject(each, 'MISSING_SCOPES')]) {
      expect(told(mapping.registration).remedy).toContain('HUBSPOT_REGISTRATION_OBJECT=deals');
      expect(told(mapping.partner).remedy).not.toContain('HUBSPOT_REGISTRATION_OBJECT');
    }
    expect(missingObject(salesforceTask).remedy).toContain('permission set');
  });
});
