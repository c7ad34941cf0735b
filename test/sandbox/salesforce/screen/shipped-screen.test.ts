import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readSourceProject } from '../../../../sandbox/salesforce/metadata/source-project.ts';
import { shippedScreensOf, type ShippedScreen } from '../../../../sandbox/salesforce/screen/shipped-screen.ts';
import { buildSchema } from '../../../../sandbox/salesforce/schema/catalogue.ts';
import { readShippedObjects, shippedObjectsOf } from '../../../../sandbox/salesforce/schema/metadata-file.ts';
import { makeTemporaryFolder } from '../../../support/temporary-folder.ts';
import { METADATA_ROOT } from '../opened-org.ts';

function screensOf(root: string): Readonly<Record<string, ShippedScreen>> {
  const components = readSourceProject(root);
  const shipped = shippedObjectsOf(components);
  return shippedScreensOf(components, shipped, buildSchema(shipped));
}

describe('the screens of the shipped project', () => {
  const screens = screensOf(METADATA_ROOT);
  const registration = screens['Deal_Registration__c'];

  it('have every list view, with the columns and filters as the API names them', () => {
    expect(registration?.listViews.map((view) => view.label)).toEqual([
      'All Registrations',
      'Awaiting Approval',
      'In Conflict',
      'My Registrations',
      'Protected',
    ]);
    expect(registration?.listViews.find((view) => view.name === 'In_Conflict')).toEqual({
      name: 'In_Conflict',
      label: 'In Conflict',
      columns: ['Name', 'Status__c', 'Partner__c', 'Customer_Name__c', 'Conflict_Summary__c', 'Approver__c', 'Review_Due__c'],
      scope: 'Everything',
      queue: null,
      filters: [{ field: 'Conflict_Summary__c', operation: 'notEqual', value: '' }],
      logic: null,
    });
  });

  it('have the layout with the behavior of each field, section by section', () => {
    expect(registration?.layout?.sections.map((section) => [section.label, section.columns.length])).toEqual([
      ['Registration', 2],
      ['Customer and deal', 2],
      ['Description', 1],
      ['Decision', 2],
    ]);
    expect(registration?.layout?.sections[0]?.columns[0]?.slice(1, 3)).toEqual([
      { field: 'Status__c', behavior: 'Readonly' },
      { field: 'Partner__c', behavior: 'Edit' },
    ]);
  });

  it('have the buttons in the order of the layout, with what they set and ask for', () => {
    expect(registration?.actions.map((action) => action.label)).toEqual(['Approve', 'Deny', 'Return', 'Extend']);
    expect(registration?.actions[1]).toEqual({
      name: 'Deal_Registration__c.Deny',
      label: 'Deny',
      kind: 'Update',
      target: 'Deal_Registration__c',
      parentField: null,
      sets: [{ field: 'Requested_Decision__c', value: 'deny' }],
      asks: [
        { field: 'Decision_Comment__c', behavior: 'Required' },
        { field: 'Review_Due__c', behavior: 'Readonly' },
      ],
      successMessage: 'Asked. The answer appears in Sync Note within seconds.',
    });
  });

  it('have a related list at the other end of every shipped lookup', () => {
    expect(screens['Account']?.relatedLists.map((list) => [list.label, list.field])).toEqual([
      ['Registrations as Customer', 'Customer__c'],
      ['Registrations as Partner', 'Partner__c'],
    ]);
    expect(Object.keys(screens)).not.toContain('OpportunityStage');
  });
});

describe('a project that ships more', () => {
  const folder = makeTemporaryFolder('screens');
  afterAll(folder.remove);

  const ship = (path: string, root: string, content: string): void => {
    const file = join(folder.path, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `<${root} xmlns="http://soap.sforce.com/2006/04/metadata">${content}</${root}>`);
  };
  const item = (field: string) => `<layoutItems><behavior>Edit</behavior><field>${field}</field></layoutItems>`;
  beforeAll(() => {
    ship(
      'objects/Activity/fields/Kind__c.field-meta.xml',
      'CustomField',
      '<fullName>Kind__c</fullName><label>Kind</label><type>Text</type><length>20</length><inlineHelpText>What it is for.</inlineHelpText>',
    );
    ship(
      'objects/Opportunity/listViews/Late.listView-meta.xml',
      'ListView',
      `<fullName>Late</fullName><label>Late</label><columns>OPPORTUNITY.NAME</columns><columns>ACCOUNT.NAME</columns><columns>OPPORTUNITY.CLOSE_DATE</columns>
       <columns>CORE.USERS.ALIAS</columns><columns>OPPORTUNITY.NO_SUCH_FIELD</columns><filterScope>Queue</filterScope><queue>Desk</queue>
       <filters><field>OPPORTUNITY.CLOSE_DATE</field><operation>lessThan</operation><value>TODAY</value></filters>
       <filters><field>OPPORTUNITY.AMOUNT</field><operation>greaterThan</operation><value>100</value></filters><booleanFilter>1 OR 2</booleanFilter>`,
    );
    ship(
      'layouts/Account-Account Layout.layout-meta.xml',
      'Layout',
      `<layoutSections><label>Only</label><layoutColumns>${item('Name')}${item('BillingAddress')}${item('Gone__c')}</layoutColumns><layoutColumns/></layoutSections>
       <layoutSections><label>Links</label><layoutColumns><layoutItems><customLink>X</customLink></layoutItems></layoutColumns></layoutSections>
       <relatedLists><fields>NAME</fields><fields>CREATED_DATE</fields><relatedList>Visit__c.Host__c</relatedList></relatedLists>
       <relatedLists><relatedList>RelatedEntityHistoryList</relatedList></relatedLists>`,
    );
    ship(
      'quickActions/Account.New_Opportunity.quickAction-meta.xml',
      'QuickAction',
      '<label>New Opportunity</label><type>Create</type><targetObject>Opportunity</targetObject><targetParentField>AccountId</targetParentField>',
    );
    ship('objects/Visit__c/Visit__c.object-meta.xml', 'CustomObject', '<label>Visit</label>');
    ship(
      'objects/Visit__c/fields/Host__c.field-meta.xml',
      'CustomField',
      '<fullName>Host__c</fullName><label>Host</label><type>Lookup</type><referenceTo>Account</referenceTo><relationshipLabel>Visits</relationshipLabel>',
    );
    ship('quickActions/Account.Open_Page.quickAction-meta.xml', 'QuickAction', '<label>Open</label><type>VisualforcePage</type>');
  });

  it('gives the fields of Activity to tasks, help text included', () => {
    const task = buildSchema(readShippedObjects(folder.path)).get('task');
    expect(task?.fields.find((field) => field.name === 'Kind__c')).toMatchObject({ label: 'Kind', helpText: 'What it is for.' });
  });

  it('names standard fields as the API does, and leaves out what the org does not have', () => {
    expect(screensOf(folder.path)['Opportunity']?.listViews[0]).toMatchObject({
      columns: ['Name', 'AccountId', 'CloseDate', 'OwnerId'],
      scope: 'Queue',
      queue: 'Desk',
      filters: [
        { field: 'CloseDate', operation: 'lessThan', value: 'TODAY' },
        { field: 'Amount', operation: 'greaterThan', value: '100' },
      ],
      logic: '1 OR 2',
    });
  });

  it('spreads an address over its columns and drops sections without fields', () => {
    const sections = screensOf(folder.path)['Account']?.layout?.sections;
    expect(sections?.map((section) => section.label)).toEqual(['Only']);
    expect(sections?.[0]?.columns.map((column) => column.map(({ field }) => field))).toEqual([
      ['Name', 'BillingStreet', 'BillingCity', 'BillingState', 'BillingPostalCode', 'BillingCountry'],
      [],
    ]);
  });

  it('has the columns of a related list from the layout, where it says so', () => {
    expect(screensOf(folder.path)['Account']?.relatedLists).toEqual([
      { label: 'Visits', object: 'Visit__c', field: 'Host__c', columns: ['Name', 'CreatedDate'] },
    ]);
  });

  it('has the buttons that create or change records, and no others', () => {
    expect(screensOf(folder.path)['Account']?.actions).toEqual([
      expect.objectContaining({ label: 'New Opportunity', kind: 'Create', target: 'Opportunity', parentField: 'AccountId' }),
    ]);
  });

  it('is refused by name and place where a component is not of the format', () => {
    ship('objects/Account/listViews/Bad.listView-meta.xml', 'ListView', '<fullName>Bad</fullName><filterScope>Sometimes</filterScope>');
    expect(() => screensOf(folder.path)).toThrow(/Account\.Bad is not a ListView: .*filterScope/);
  });
});
