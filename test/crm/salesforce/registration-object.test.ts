import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CrmPort } from '../../../crm/port.ts';
import { packSourceProject } from '../../../crm/salesforce/metadata/source-package.ts';
import { checkMapping } from '../../../mappings/check-mapping.ts';
import { decodeRow } from '../../../mappings/field-mapping.ts';
import { salesforceProfile } from '../../../mappings/salesforce/registration-object.ts';
import { OBJECT_TYPES } from '../../../program/vocabulary.ts';
import { openSalesforceSandbox, type SalesforceSandbox } from '../../../sandbox/salesforce/open-sandbox.ts';
import { extensionProject, SHIPPED_PROJECT } from '../../../workers/compose/shipped-project.ts';
import { connectSalesforce } from '../../../crm/salesforce/connect.ts';

const OBJECTS = ['Lead', 'Opportunity'] as const;

describe.each(OBJECTS)('registrations on %s', (object) => {
  const extension = extensionProject(object) ?? '';
  const { mapping, conversion } = salesforceProfile(object);
  const folder = join(SHIPPED_PROJECT, extension, 'force-app/main/default');
  const textOf = (file: string): string => readFileSync(join(folder, file), 'utf8');
  const custom = mapping.registration.fields.map(({ theirs }) => theirs).filter((name) => name.endsWith('__c'));
  let sandbox: SalesforceSandbox;
  let crm: CrmPort;

  beforeAll(async () => {
    const metadataRoot = join(SHIPPED_PROJECT, 'force-app');
    const moreMetadata = [join(SHIPPED_PROJECT, extension)];
    sandbox = await openSalesforceSandbox({ port: 0, dataFile: ':memory:', metadataRoot, moreMetadata, sampleFile: null, seed: 1 });
    crm = await connectSalesforce({
      connection: 'salesforce',
      instanceUrl: sandbox.url,
      auth: { kind: 'token', accessToken: '00D000000000001!integration' },
      apiVersion: '66.0',
      requestTimeoutMs: 10_000,
    });
  });
  afterAll(() => sandbox.close());

  it.each(OBJECT_TYPES)('fit an org with both projects: %s', async (objectType) => {
    expect(checkMapping(mapping[objectType], await crm.describe(mapping[objectType].object))).toEqual([]);
  });

  it('write nothing on opportunities beside', () => {
    expect(conversion).toBeNull();
  });

  it('have a project with each field that is not in the shipped one, and no others', () => {
    const shipped = object === 'Opportunity' ? ['Registration_Id__c'] : [];
    const files = readdirSync(join(folder, 'objects', object, 'fields')).map((name) => name.split('.')[0] ?? '');
    const added = custom.filter((name) => !shipped.includes(name));
    expect(files.filter((name) => name.endsWith('__c')).toSorted()).toEqual(added.toSorted());
  });

  it('are seen by the integration user and by reps, field by field', () => {
    for (const name of [`Dealkeeper_Integration_${object}`, `Dealkeeper_${object}_Registration`]) {
      const text = textOf(`permissionsets/${name}.permissionset-meta.xml`);
      expect(custom.filter((field) => !text.includes(`<field>${object}.${field}</field>`))).toEqual([]);
    }
    const integration = textOf(`permissionsets/Dealkeeper_Integration_${object}.permissionset-meta.xml`);
    expect(integration).not.toContain('<editable>false</editable>');
  });

  it('are packed together with the shipped project, each component once', () => {
    const alone = packSourceProject(SHIPPED_PROJECT);
    const both = packSourceProject(SHIPPED_PROJECT, [extension]);
    expect(both.sources.size).toBeGreaterThan(alone.sources.size + custom.length);
    expect(both.sources.get(`CustomField/${object}.Sync_Note__c`)).toContain(extension);
  });
});

describe('a lead', () => {
  const { registration } = salesforceProfile('Lead').mapping;
  const decode = (fields: Readonly<Record<string, string | boolean | null>>) =>
    decodeRow(registration, { Customer__c: 'A1', ...fields }).values;

  it.each([
    [
      'says nothing of an opportunity before it is converted',
      { IsConverted: false, ConvertedOpportunityId: null, ConvertedAccountId: null },
      { customerAccount: 'A1', isConverted: 'false' },
    ],
    [
      'is what it was converted into, with the account of that',
      { IsConverted: true, ConvertedOpportunityId: 'O1', ConvertedAccountId: 'A2' },
      { customerAccount: 'A2', isConverted: 'true', opportunity: 'O1' },
    ],
    [
      'has no opportunity when it was converted without one',
      { IsConverted: true, ConvertedOpportunityId: null, ConvertedAccountId: 'A2' },
      { customerAccount: 'A2', isConverted: 'true', opportunity: null },
    ],
    ['says nothing of what was not read', {}, { customerAccount: 'A1' }],
  ] as const)('%s', (_what, fields, values) => {
    expect(decode(fields)).toEqual(values);
  });

  it.each([
    ['open', { isConverted: 'false' }, false],
    ['converted', { isConverted: 'true' }, true],
    ['unknown', {}, false],
  ])('%s: takes writes or not', (_what, values, isClosed) => {
    expect(registration.isClosedToUs?.(values)).toBe(isClosed);
  });
});
