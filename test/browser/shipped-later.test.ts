import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { METADATA_ROOT } from '../sandbox/salesforce/opened-org.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { describeInBrowser } from './browser-stage.ts';

jest.setTimeout(60_000);

const folder = makeTemporaryFolder('shipped-later');
afterAll(folder.remove);

function ship(path: string, root: string, content: string): void {
  const file = join(folder.path, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `<${root} xmlns="http://soap.sforce.com/2006/04/metadata">${content}</${root}>`);
}

const field = (object: string, name: string, type: string, more = '') =>
  ship(
    `objects/${object}/fields/${name}.field-meta.xml`,
    'CustomField',
    `<fullName>${name}</fullName><label>${name.replace(/__c$/, '').replaceAll('_', ' ')}</label><type>${type}</type>${more}`,
  );

cpSync(METADATA_ROOT, folder.path, { recursive: true });
field('Opportunity', 'Co_Sold__c', 'Checkbox', '<defaultValue>false</defaultValue>');
field('Opportunity', 'Agreed_At__c', 'DateTime');
field(
  'Opportunity',
  'Brought_By__c',
  'Lookup',
  '<referenceTo>Account</referenceTo><relationshipName>Brought</relationshipName><relationshipLabel>Deals it brought</relationshipLabel>',
);
field('Activity', 'Asked_By__c', 'Text', '<length>40</length>');
ship(
  'quickActions/Opportunity.Register.quickAction-meta.xml',
  'QuickAction',
  '<label>Register for a partner</label><type>Create</type><targetObject>Deal_Registration__c</targetObject><targetParentField>Opportunity__c</targetParentField><fieldOverrides><field>Estimated_Currency__c</field><literalValue>USD</literalValue></fieldOverrides>',
);
ship(
  'objects/Opportunity/listViews/Co_Sold.listView-meta.xml',
  'ListView',
  '<fullName>Co_Sold</fullName><label>Co-sold</label><columns>OPPORTUNITY.NAME</columns><columns>Brought_By__c</columns><filterScope>Everything</filterScope><filters><field>Co_Sold__c</field><operation>equals</operation><value>1</value></filters>',
);

describeInBrowser(
  'what the project ships later',
  (stage) => {
    const opportunity = () => stage().desk.opportunities.get('Bexford Marine: automation pilot') ?? '';

    it('is on the page without code: fields of every type, a list view and a list at the other end', async () => {
      const page = await stage().visit(`#/Opportunity/${opportunity()}`, { as: 'rep' });
      await page.getByRole('heading', { level: 2, name: 'Custom fields' }).waitFor();
      await page.getByRole('button', { name: 'Edit Co Sold' }).click();
      await page.getByLabel('Co Sold').check();
      await page.getByLabel('Agreed At').fill('2026-03-01T14:30');
      await page.getByRole('combobox', { name: 'Brought By' }).fill('north');
      await page.getByRole('option', { name: /^Northwind Integration LLC/ }).click();
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' });
      const row = async () => (await stage().org.call('GET', `/sobjects/Opportunity/${opportunity()}`)).body;
      expect(await row()).toMatchObject({
        Co_Sold__c: true,
        Agreed_At__c: '2026-03-01T14:30:00.000+0000',
        Brought_By__c: stage().desk.accounts.get('Northwind Integration LLC'),
      });

      // A date-time that nobody touches stays as it is, to the second.
      await stage().org.call('PATCH', `/sobjects/Opportunity/${opportunity()}`, { Agreed_At__c: '2026-03-01T14:30:17Z' });
      await page.reload();
      await page.getByRole('button', { name: 'Edit Co Sold' }).click();
      await page.getByLabel('Co Sold').uncheck();
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' });
      expect(await row()).toMatchObject({ Co_Sold__c: false, Agreed_At__c: '2026-03-01T14:30:17.000+0000' });

      await page.getByRole('definition').getByRole('link', { name: 'Northwind Integration LLC' }).click();
      await page
        .getByRole('region', { name: 'Deals it brought' })
        .getByRole('link', { name: 'Bexford Marine: automation pilot' })
        .waitFor();
      await page.getByRole('link', { name: 'Opportunities' }).click();
      await page.getByLabel('List view').selectOption('Co-sold');
      await page.getByText('There are no records in “Co-sold”.').waitFor();
    });

    it('brings its buttons: one that creates a record opens the form with what it knows', async () => {
      const page = await stage().visit(`#/Opportunity/${opportunity()}`, { as: 'rep' });
      await page.getByRole('button', { name: 'Register for a partner' }).click();
      await page.getByRole('heading', { level: 1, name: 'New Deal Registration' }).waitFor();
      expect(await page.getByRole('combobox', { name: 'Opportunity' }).inputValue()).toBe('Bexford Marine: automation pilot');
      expect(await page.getByLabel('Estimated Currency').inputValue()).toBe('USD');
    });

    it('shows the fields of activities on tasks', async () => {
      const page = await stage().visit('#/Task/new', { as: 'rep' });
      await page.getByLabel('Subject').fill('Call back');
      await page.getByLabel('Asked By').fill('The partner');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('heading', { level: 1, name: 'Call back' }).waitFor();
      expect(await page.getByRole('definition').getByText('The partner').isVisible()).toBe(true);
    });
  },
  { metadataRoot: folder.path },
);
