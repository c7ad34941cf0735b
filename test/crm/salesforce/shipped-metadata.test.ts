import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { salesforceConversion } from '../../../mappings/salesforce/conversion.ts';
import { salesforcePartner } from '../../../mappings/salesforce/partner.ts';
import { salesforceRegistration } from '../../../mappings/salesforce/registration.ts';
import { salesforceTask } from '../../../mappings/salesforce/task.ts';
import {
  PARTNER_STATUSES,
  PARTNER_TIERS,
  PARTNER_TRACKS,
  PARTNER_TYPES,
  REGISTRATION_STATUSES,
  REQUESTED_DECISIONS,
} from '../../../program/vocabulary.ts';

const PROJECT = join(process.cwd(), 'crm/salesforce');
const ROOT = join(PROJECT, 'force-app/main/default');
const REGISTRATION = 'Deal_Registration__c';

type Xml = Record<string, unknown>;
const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false });
const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.xml'));
const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const rootOf = (file: string): Xml => Object.entries(parser.parse(textOf(file)) as Xml).find(([name]) => !name.startsWith('?'))?.[1] as Xml;
const listOf = (value: unknown): Xml[] => (value === undefined ? [] : Array.isArray(value) ? (value as Xml[]) : [value as Xml]);
const fieldsOf = (object: string): Xml[] => files.filter((file) => file.startsWith(`objects/${object}/fields/`)).map(rootOf);
const fieldOf = (object: string, name: string): Xml => fieldsOf(object).find(({ fullName }) => fullName === name) ?? {};
const valuesOf = (field: Xml): unknown[] =>
  listOf(((field['valueSet'] as Xml)['valueSetDefinition'] as Xml)['value']).map(({ fullName }) => fullName);
const rightsOf = (name: string): Map<string, string> =>
  new Map(
    listOf(rootOf(`permissionsets/${name}.permissionset-meta.xml`)['fieldPermissions']).map(({ field, editable }) => [
      String(field),
      editable === 'true' ? 'edit' : 'read',
    ]),
  );

/** The table of the contract, in Metadata API's words. */
const SHIPPED: Readonly<Record<string, Xml>> = {
  Registration_Id__c: { type: 'Text', length: '36', externalId: 'true', unique: 'true', caseSensitive: 'true' },
  Status__c: { type: 'Picklist' },
  Partner__c: { type: 'Lookup', referenceTo: 'Account' },
  Customer__c: { type: 'Lookup', referenceTo: 'Account' },
  Customer_Name__c: { type: 'Text', length: '255' },
  Customer_Domain__c: { type: 'Text', length: '255' },
  Product_Lines__c: { type: 'Text', length: '255' },
  Estimated_Value__c: { type: 'Number', precision: '18', scale: '2' },
  Estimated_Currency__c: { type: 'Text', length: '3' },
  Expected_Close_Date__c: { type: 'Date' },
  Description__c: { type: 'LongTextArea', length: '32768' },
  Submitted_At__c: { type: 'DateTime' },
  Decided_At__c: { type: 'DateTime' },
  Protected_Until__c: { type: 'DateTime' },
  Review_Due__c: { type: 'DateTime' },
  Review_Step__c: { type: 'Text', length: '255' },
  Conflict_Summary__c: { type: 'Text', length: '255' },
  Decision_Reason__c: { type: 'Text', length: '255' },
  Sync_Note__c: { type: 'Text', length: '255' },
  Approver__c: { type: 'Lookup', referenceTo: 'User' },
  Opportunity__c: { type: 'Lookup', referenceTo: 'Opportunity' },
  Requested_Decision__c: { type: 'Picklist' },
  Decision_Comment__c: { type: 'Text', length: '255' },
};

describe('the shipped metadata', () => {
  it.each(files)('%s is well formed and of the metadata namespace', (file) => {
    expect(XMLValidator.validate(textOf(file))).toBe(true);
    expect(rootOf(file)['@_xmlns']).toBe('http://soap.sforce.com/2006/04/metadata');
  });

  it('is a Salesforce DX project', () => {
    expect(JSON.parse(readFileSync(join(PROJECT, 'sfdx-project.json'), 'utf8'))).toEqual({
      packageDirectories: [{ path: 'force-app', default: true }],
      namespace: '',
      sourceApiVersion: '66.0',
    });
  });

  it('has the fields of the contract and no others', () => {
    expect(
      fieldsOf(REGISTRATION)
        .map(({ fullName }) => String(fullName))
        .toSorted(),
    ).toEqual(Object.keys(SHIPPED).toSorted());
  });

  it.each(Object.entries(SHIPPED))('defines %s as the contract says', (name, shape) => {
    expect(fieldOf(REGISTRATION, name)).toMatchObject(shape);
  });

  it('gives every lookup a relationship of its own', () => {
    const names = fieldsOf(REGISTRATION).flatMap(({ type, relationshipName }) => (type === 'Lookup' ? [relationshipName] : []));
    expect(names).not.toContain(undefined);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each([
    [REGISTRATION, 'Status__c', REGISTRATION_STATUSES],
    [REGISTRATION, 'Requested_Decision__c', REQUESTED_DECISIONS],
    ['Account', 'Partner_Type__c', PARTNER_TYPES],
    ['Account', 'Partner_Track__c', PARTNER_TRACKS],
    ['Account', 'Partner_Tier__c', PARTNER_TIERS],
    ['Account', 'Partner_Status__c', PARTNER_STATUSES],
  ])('restricts %s.%s to the values of the program', (object, name, values) => {
    const field = fieldOf(object, name);
    expect((field['valueSet'] as Xml)['restricted']).toBe('true');
    expect(valuesOf(field)).toEqual(values);
  });

  it('makes the id of a question a unique external id of activities, of which tasks are', () => {
    expect(fieldsOf('Activity').map(({ fullName }) => fullName)).toEqual(['Question_Id__c']);
    expect(fieldOf('Activity', 'Question_Id__c')).toMatchObject({
      type: 'Text',
      length: '36',
      externalId: 'true',
      unique: 'true',
      caseSensitive: 'true',
      required: 'false',
    });
  });

  it('lets tasks hang on a registration, and none of them count as work on an account or opportunity', () => {
    expect(rootOf(`objects/${REGISTRATION}/${REGISTRATION}.object-meta.xml`)['enableActivities']).toBe('true');
    // An activity rolls up from a custom object that is a detail of an account, and not along lookups.
    expect(fieldsOf(REGISTRATION).filter(({ type }) => type === 'MasterDetail')).toEqual([]);
  });

  it('makes the partner id a unique external id', () => {
    expect(fieldOf('Account', 'Partner_Id__c')).toMatchObject({ type: 'Text', length: '36', externalId: 'true', unique: 'true' });
  });

  it('ships what conversion writes on opportunities: an external id that makes none twice, and the primary', () => {
    expect(salesforceConversion.shipped.toSorted()).toEqual(
      fieldsOf('Opportunity')
        .map(({ fullName }) => String(fullName))
        .toSorted(),
    );
    expect(fieldOf('Opportunity', 'Registration_Id__c')).toMatchObject({ type: 'Text', length: '36', externalId: 'true', unique: 'true' });
    expect(fieldOf('Opportunity', 'Primary_Registration__c')).toMatchObject({ type: 'Lookup', referenceTo: REGISTRATION });
  });

  it('leaves the layouts of standard objects as they are, and offers one of its own for opportunities', () => {
    const layouts = files.filter((file) => file.startsWith('layouts/')).toSorted();
    expect(layouts).toEqual([
      'layouts/Deal_Registration__c-Deal Registration Layout.layout-meta.xml',
      'layouts/Opportunity-Dealkeeper Opportunity Layout.layout-meta.xml',
    ]);
    // Salesforce's own, which a deployment would replace: https://help.salesforce.com/s/articleView?id=platform.customize_layout.htm
    expect(layouts).not.toContain('layouts/Opportunity-Opportunity Layout.layout-meta.xml');
    for (const field of salesforceConversion.shipped) expect(textOf(layouts[1] ?? '')).toContain(`<field>${field}</field>`);
  });

  it.each([
    [REGISTRATION, salesforceRegistration],
    ['Account', salesforcePartner],
  ])('tracks the history of every field of %s that we write and people may edit, as far as it keeps values', (object, mapping) => {
    // The history of an address is switched on for its columns together.
    const shippedName = (name: string): string => (name === 'BillingCountry' ? 'BillingAddress' : name);
    const editable = new Set([...rightsOf('Dealkeeper_Rep')].flatMap(([field, right]) => (right === 'edit' ? [field] : [])));
    const wanted = mapping.fields
      .filter(
        ({ policy, theirs, isCommandable }) =>
          policy === 'newest' ||
          policy === 'command' ||
          isCommandable === true ||
          (policy === 'ours' && editable.has(`${object}.${theirs}`)),
      )
      .filter(({ theirs }) => fieldOf(object, theirs)['type'] !== 'LongTextArea')
      .map(({ theirs }) => shippedName(theirs));
    const tracked = fieldsOf(object).flatMap(({ fullName, trackHistory }) => (trackHistory === 'true' ? [fullName as string] : []));
    expect(tracked.filter((name) => name !== 'Status__c').toSorted()).toEqual(wanted.toSorted());
    // Salesforce tracks no more than 20 fields of an object.
    expect(tracked.length).toBeLessThanOrEqual(20);
    expect(rootOf(`objects/${object}/${object}.object-meta.xml`)['enableHistory']).toBe('true');
  });

  it('names no field anywhere that it does not ship', () => {
    const known = new Set([
      'Deal_Registration__c',
      // Reports name a report type so.
      'Deal_Registrations__c',
      ...['Account', 'Activity', REGISTRATION, 'Opportunity'].flatMap((object) =>
        fieldsOf(object).map(({ fullName }) => fullName as string),
      ),
    ]);
    const named = files.flatMap((file) => [...textOf(file).matchAll(/\b[A-Z][A-Za-z_]*__c\b/g)].map(([name]) => name));
    expect([...new Set(named)].filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('the permission sets', () => {
  it('let the integration user write everything that is mapped', () => {
    const rights = rightsOf('Dealkeeper_Integration');
    const custom = [salesforcePartner, salesforceRegistration, salesforceTask, salesforceConversion.mapping]
      .flatMap(({ object, fields }) => fields.map(({ theirs }) => `${object}.${theirs}`))
      .filter((name) => name.endsWith('__c'));
    expect(custom.filter((name) => rights.get(name) !== 'edit')).toEqual([]);
  });

  it('name the id of a question for tasks and events alike, which share their security, and let no rep change it', () => {
    for (const object of ['Task', 'Event']) {
      expect(rightsOf('Dealkeeper_Integration').get(`${object}.Question_Id__c`)).toBe('edit');
      expect(rightsOf('Dealkeeper_Rep').get(`${object}.Question_Id__c`)).toBe('read');
    }
    const granted = listOf(rootOf('permissionsets/Dealkeeper_Integration.permissionset-meta.xml')['userPermissions']);
    expect(granted.map(({ name }) => name)).toEqual(['ActivitiesAccess', 'ApiEnabled', 'EditTask']);
  });

  it('let reps see all of a registration and change what they enter or ask for', () => {
    const rights = rightsOf('Dealkeeper_Rep');
    expect(Object.keys(SHIPPED).filter((name) => !rights.has(`${REGISTRATION}.${name}`))).toEqual([]);
    expect(rights.get(`${REGISTRATION}.Requested_Decision__c`)).toBe('edit');
    expect(rights.get(`${REGISTRATION}.Status__c`)).toBe('read');
    for (const field of salesforceConversion.shipped) expect(rights.get(`Opportunity.${field}`)).toBe('read');
  });
});

describe('the rights on opportunities', () => {
  const rightsOn = (name: string): Xml | undefined =>
    listOf(rootOf(`permissionsets/${name}.permissionset-meta.xml`)['objectPermissions']).find(({ object }) => object === 'Opportunity');

  it('let the integration user make and mark them, delete none, and see past no sharing on write', () => {
    expect(rightsOn('Dealkeeper_Integration')).toMatchObject({
      allowCreate: 'true',
      allowEdit: 'true',
      allowDelete: 'false',
      modifyAllRecords: 'false',
    });
  });
});

describe('the quick actions', () => {
  it.each(REQUESTED_DECISIONS)('%s sets the command field', (decision) => {
    const label = decision.charAt(0).toUpperCase() + decision.slice(1);
    const action = rootOf(`quickActions/${REGISTRATION}.${label}.quickAction-meta.xml`);
    expect(action).toMatchObject({ type: 'Update', fieldOverrides: { field: 'Requested_Decision__c', literalValue: decision } });
  });
});

describe('what people in the org find', () => {
  it('is a record page with the path, the highlights and the banner, which the object opens with', () => {
    const object = rootOf(`objects/${REGISTRATION}/${REGISTRATION}.object-meta.xml`);
    expect(object).toMatchObject({
      compactLayoutAssignment: 'Deal_Registration_Highlights',
      actionOverrides: { actionName: 'View', content: 'Deal_Registration_Record_Page', type: 'Flexipage' },
    });
    const page = textOf('flexipages/Deal_Registration_Record_Page.flexipage-meta.xml');
    for (const component of [
      'force:highlightsPanel',
      'runtime_sales_pathassistant:pathAssistant',
      'force:detailPanel',
      'flexipage:richText',
    ])
      expect(page).toContain(`<componentName>${component}</componentName>`);
    expect(rootOf('settings/PathAssistant.settings-meta.xml')['pathAssistantEnabled']).toBe('true');
  });

  it('is a path along statuses that exist', () => {
    const path = rootOf('pathAssistants/Deal_Registration.pathAssistant-meta.xml');
    const steps = listOf(path['pathAssistantSteps']).map(({ picklistValueName }) => picklistValueName);
    expect(path).toMatchObject({ active: 'true', entityName: REGISTRATION, fieldName: 'Status__c', recordTypeName: '__MASTER__' });
    expect(valuesOf(fieldOf(REGISTRATION, 'Status__c'))).toEqual(expect.arrayContaining(steps));
    expect(steps.slice(0, 2)).toEqual(['submitted', 'in_review']);
  });

  it('is a record type with every value of the picklists, a path of its own, and everybody may use it', () => {
    const kind = rootOf(`objects/${REGISTRATION}/recordTypes/Partner.recordType-meta.xml`);
    expect(kind).toMatchObject({ active: 'true', label: 'Partner registration' });
    const offered = listOf(kind['picklistValues']).map(({ picklist, values }) => [
      picklist,
      listOf(values).map(({ fullName }) => fullName),
    ]);
    expect(offered).toEqual(
      ['Requested_Decision__c', 'Status__c'].map((name) => [name, valuesOf(fieldOf(REGISTRATION, name)).map(String).toSorted()]),
    );
    const [path, own] = ['Deal_Registration', 'Deal_Registration_Partner'].map((name) =>
      rootOf(`pathAssistants/${name}.pathAssistant-meta.xml`),
    );
    expect(own).toEqual({ ...path, masterLabel: 'Partner Registration', recordTypeName: 'Partner' });
    for (const name of ['Dealkeeper_Rep', 'Dealkeeper_Approver', 'Dealkeeper_Integration'])
      expect(rootOf(`permissionsets/${name}.permissionset-meta.xml`)['recordTypeVisibilities']).toEqual({
        recordType: `${REGISTRATION}.Partner`,
        visible: 'true',
      });
  });

  it('is a queue for registrations', () => {
    expect(rootOf('queues/Deal_Desk.queue-meta.xml')).toMatchObject({ queueSobject: { sobjectType: REGISTRATION } });
  });

  it.each(['Ageing_by_Step', 'Conflicts', 'Win_Rate_by_Partner'])('is the report %s on columns that its report type has', (name) => {
    const type = rootOf('reportTypes/Deal_Registrations.reportType-meta.xml');
    const offered = listOf(type['sections']).flatMap(({ columns }) =>
      listOf(columns).map(({ field }) => `${REGISTRATION}$${String(field)}`),
    );
    const report = rootOf(`reports/Dealkeeper/${name}.report-meta.xml`);
    expect(report['reportType']).toBe('Deal_Registrations__c');
    // Salesforce takes names of up to 40 characters.
    expect(String(report['name']).length).toBeLessThanOrEqual(40);
    const used = textOf(`reports/Dealkeeper/${name}.report-meta.xml`).match(/Deal_Registration__c\$\w+/g) ?? [];
    expect(used.length).toBeGreaterThan(5);
    expect(used.filter((column) => !offered.includes(column))).toEqual([]);
  });
});

describe('the change events', () => {
  it.each([
    ['Deal_Registration_ChangeEvent', 'Deal_Registration__ChangeEvent', 'Registration_Id__c'],
    ['AccountChangeEvent', 'AccountChangeEvent', 'Partner_Id__c'],
    ['OpportunityChangeEvent', 'OpportunityChangeEvent', 'Registration_Id__c'],
  ])('of %s come on a channel of our own, with our id', (name, selectedEntity, field) => {
    expect(rootOf('platformEventChannels/Dealkeeper__chn.platformEventChannel-meta.xml')).toMatchObject({ channelType: 'data' });
    expect(rootOf(`platformEventChannelMembers/Dealkeeper_chn_${name}.platformEventChannelMember-meta.xml`)).toMatchObject({
      eventChannel: 'Dealkeeper__chn',
      selectedEntity,
      enrichedFields: { name: field },
    });
  });
});

describe('the permission set of approvers', () => {
  it('lets them see all of a registration and ask for a decision, and change nothing else', () => {
    const rights = rightsOf('Dealkeeper_Approver');
    expect(Object.keys(SHIPPED).filter((name) => !rights.has(`${REGISTRATION}.${name}`))).toEqual([]);
    expect([...rights].flatMap(([field, right]) => (right === 'edit' ? [field] : [])).toSorted()).toEqual([
      `${REGISTRATION}.Decision_Comment__c`,
      `${REGISTRATION}.Requested_Decision__c`,
    ]);
  });
});
