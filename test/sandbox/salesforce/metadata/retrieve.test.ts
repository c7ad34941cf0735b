import { strFromU8, unzipSync } from 'fflate';
import { XMLParser } from 'fast-xml-parser';
import { openOrg, type OpenedOrg } from '../opened-org.ts';
import { connect, deployBy } from './packaged.ts';

let org: OpenedOrg;
beforeAll(async () => {
  org = await openOrg();
});
afterAll(() => org.close());

const connection = () => connect(org.url);
const types = (named: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(named).map(([name, members]) => ({ name, members: [...members] }));

async function retrieve(named: Readonly<Record<string, readonly string[]>>, singlePackage = true) {
  const request = { apiVersion: '66.0', singlePackage, unpackaged: { types: types(named), version: '66.0' } };
  const result = await connection()
    .metadata.retrieve(request as never)
    .complete();
  const files = Object.entries(unzipSync(Buffer.from(result.zipFile, 'base64')));
  return { result, files: new Map(files.map(([name, content]) => [name, strFromU8(content)])) };
}

describe('retrieve', () => {
  it('gives back an object with everything that belongs to it, and a manifest', async () => {
    const { result, files } = await retrieve({ CustomObject: ['Deal_Registration__c'] });
    expect(result).toMatchObject({ done: true, success: true, status: 'Succeeded' });
    expect([...files.keys()].toSorted()).toEqual(['objects/Deal_Registration__c.object', 'package.xml']);
    const object = new XMLParser({ parseTagValue: false }).parse(files.get('objects/Deal_Registration__c.object') ?? '').CustomObject;
    expect(object).toMatchObject({ label: 'Deal Registration', nameField: { type: 'AutoNumber' } });
    expect(object.fields.map((field: { fullName: string }) => field.fullName)).toContain('Status__c');
    expect(object.validationRules.map((rule: { fullName: string }) => rule.fullName)).toContain('Decision_Needs_Reason');
    expect(files.get('package.xml')).toContain('<members>Deal_Registration__c.Status__c</members>');
    expect(result.fileProperties).toContainEqual(
      expect.objectContaining({ type: 'CustomField', fullName: 'Deal_Registration__c.Status__c', manageableState: 'unmanaged' }),
    );
  });

  it('gives what was asked for and nothing else, in the folder of an unpackaged retrieval', async () => {
    const { files } = await retrieve({ CustomField: ['Account.Partner_Id__c'], Layout: ['*'], Settings: ['PathAssistant'] }, false);
    expect([...files.keys()].toSorted()).toEqual([
      'unpackaged/layouts/Deal_Registration__c-Deal Registration Layout.layout',
      'unpackaged/layouts/Opportunity-Dealkeeper Opportunity Layout.layout',
      'unpackaged/objects/Account.object',
      'unpackaged/package.xml',
      'unpackaged/settings/PathAssistant.settings',
    ]);
    expect(files.get('unpackaged/objects/Account.object')).not.toContain('Partner_Type__c');
    expect(files.get('unpackaged/settings/PathAssistant.settings')).toContain('<PathAssistantSettings');
  });

  it('says what is not there', async () => {
    const { result } = await retrieve({ CustomObject: ['Gone__c'] });
    expect(result.messages).toMatchObject([{ problem: "Entity of type 'CustomObject' named 'Gone__c' cannot be found" }]);
  });

  it('gives a package that deploys into another org and is the same there', async () => {
    const everything = {
      CustomObject: ['*', 'Account', 'Activity', 'Opportunity'],
      ...Object.fromEntries(
        ['CompactLayout', 'CustomTab', 'FlexiPage', 'Layout', 'PathAssistant', 'PermissionSet', 'PlatformEventChannel'].map((name) => [
          name,
          ['*'],
        ]),
      ),
      ...Object.fromEntries(['PlatformEventChannelMember', 'Queue', 'QuickAction', 'ReportType', 'Settings'].map((name) => [name, ['*']])),
      Report: ['Dealkeeper', 'Dealkeeper/Conflicts', 'Dealkeeper/Ageing_by_Step', 'Dealkeeper/Win_Rate_by_Partner'],
    };
    const { result } = await retrieve(everything);
    const other = await openOrg({ metadataRoot: null });
    try {
      const deployed = await deployBy(connect(other.url), Buffer.from(result.zipFile, 'base64'));
      expect(deployed.details.componentFailures).toEqual([]);
      // Nobody sees what was deployed before it is given.
      await other.control('access', { newFields: 'profiles' });
      const fields = async (each: OpenedOrg) => (await each.call('GET', '/sobjects/Deal_Registration__c/describe')).body.fields;
      expect(await fields(other)).toEqual(await fields(org));
    } finally {
      await other.close();
    }
  });
});

describe('listMetadata and describeMetadata', () => {
  it('list what the org has of a kind, reports by folder', async () => {
    const names = async (type: string, folder?: string) =>
      (await connection().metadata.list([{ type, ...(folder === undefined ? {} : { folder }) }], '66.0'))
        .map(({ fullName }) => fullName)
        .toSorted();
    expect(await names('QuickAction')).toEqual(['Approve', 'Deny', 'Extend', 'Return'].map((name) => `Deal_Registration__c.${name}`));
    expect(await names('ReportFolder')).toEqual(['Dealkeeper']);
    expect(await names('Report', 'Dealkeeper')).toContain('Dealkeeper/Conflicts');
    expect(await names('Report', 'Elsewhere')).toEqual([]);
  });

  it('name the kinds that can be deployed', async () => {
    const { metadataObjects } = await connection().metadata.describe();
    expect(metadataObjects).toContainEqual(
      expect.objectContaining({
        xmlName: 'CustomObject',
        directoryName: 'objects',
        suffix: 'object',
        childXmlNames: expect.arrayContaining(['CustomField']),
      }),
    );
  });
});

describe('an older client', () => {
  const soap = async (path: string, body: string): Promise<string> => {
    const envelope = `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="http://soap.sforce.com/2006/04/metadata">
      <soapenv:Header><m:SessionHeader><m:sessionId>00D000000000001!integration</m:sessionId></m:SessionHeader></soapenv:Header>
      <soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;
    return String((await org.call('POST', path, envelope, { 'content-type': 'text/xml' })).body);
  };

  it('asks how any kind of job stands by one call, and may name it in the address too', async () => {
    const { id } = await connection().metadata.retrieve({
      apiVersion: '66.0',
      unpackaged: { types: { name: 'CustomTab', members: '*' }, version: '66.0' },
    } as never);
    const ask = (job: string) =>
      soap('/services/Soap/m/66.0', `<m:checkStatus><m:asyncProcessId>${job}</m:asyncProcessId></m:checkStatus>`);
    let answer = '';
    while (!answer.includes('<done>true</done>')) answer = await ask(id);
    expect(answer).toContain('<state>Completed</state>');
    expect(await ask('0Af000000000001AAA')).toContain('INVALID_CROSS_REFERENCE_KEY');
    const { id: deployment } = await connection().metadata.deploy(Buffer.from('no zip'), {});
    const named = `<m:checkDeployStatus><m:asyncProcessId>${deployment}</m:asyncProcessId></m:checkDeployStatus>`;
    expect(await soap(`/services/Soap/m/66.0/deployRequest/${deployment}`, named)).toContain(`<id>${deployment}</id>`);
  });
});

describe('a call that cannot be answered', () => {
  it('is a fault with a code', async () => {
    await expect(connect(org.url, 'nobody').metadata.describe()).rejects.toMatchObject({ errorCode: 'sf:INVALID_SESSION_ID' });
    await expect(connection().metadata.checkDeployStatus('0Af000000000001AAA')).rejects.toMatchObject({
      errorCode: 'sf:INVALID_CROSS_REFERENCE_KEY',
    });
    await expect(connection().metadata.list([{ type: 'CustomThing' }])).rejects.toMatchObject({ errorCode: 'sf:INVALID_TYPE' });
  });

  it('is 501 by name where it is not built', async () => {
    await expect(connection().metadata.read('CustomObject', 'Account')).rejects.toMatchObject({
      message: 'NOT_IMPLEMENTED: readMetadata of the Metadata API is not built in this sandbox',
    });
  });

  it.each([
    ['v200', '/services/Soap/m/200.0', 'UNSUPPORTED_API_VERSION'],
    ['what is no XML', '/services/Soap/m/66.0', 'not well-formed'],
  ])('is a fault, whatever is sent: %s', async (_what, path, words) => {
    const { status, body } = await org.call('POST', path, 'hello', { 'content-type': 'text/xml' });
    expect([status, body]).toEqual([500, expect.stringContaining(words)]);
    expect(body).toContain('<soapenv:Fault>');
  });

  it('counts against the daily allowance, and is refused beyond it', async () => {
    await org.control('limits', { dailyApiRequests: 1, used: 1 });
    await expect(connection().metadata.describe()).rejects.toMatchObject({ errorCode: 'sf:REQUEST_LIMIT_EXCEEDED' });
    await org.control('limits', { dailyApiRequests: 500_000 });
  });
});
