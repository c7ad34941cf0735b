import { metadataFile, connect, deployBy, zipOf } from './metadata/packaged.ts';
import { openOrg } from './opened-org.ts';
import type { OpenedOrg } from './opened-org.ts';

const MONTH_MS = 31 * 24 * 60 * 60 * 1000;

let org: OpenedOrg;
beforeAll(async () => void (org = await openOrg()));
beforeEach(() => org.reset());
afterAll(() => org.close());

describe('field history', () => {
  it('is shown for 18 months, found by queryAll for 24, and then gone', async () => {
    await org.call('POST', '/sobjects/Account', { Name: 'Globex' });
    const counts = async () =>
      Promise.all(
        ['query', 'queryAll'].map(
          async (resource) => (await org.call('GET', `/${resource}?q=SELECT+COUNT()+FROM+AccountHistory`)).body.totalSize,
        ),
      );
    await org.control('clock', { advanceMs: 17 * MONTH_MS });
    expect(await counts()).toEqual([1, 1]);
    await org.control('clock', { advanceMs: 2 * MONTH_MS });
    expect(await counts()).toEqual([0, 1]);
    await org.control('clock', { advanceMs: 6 * MONTH_MS });
    expect(await counts()).toEqual([0, 0]);
  });

  it.each([
    [20, []],
    [21, Array.from({ length: 21 }, () => 'The object Gadget__c tracks the history of more than 20 fields')],
  ])('of %i fields of an object', async (count, problems) => {
    const fields = Array.from(
      { length: count },
      (_each, index) =>
        `<fields><fullName>F${index}__c</fullName><label>F${index}</label><length>9</length><type>Text</type><trackHistory>true</trackHistory></fields>`,
    );
    const file = metadataFile(
      'CustomObject',
      `<label>Gadget</label><pluralLabel>Gadgets</pluralLabel><nameField><label>Name</label><type>Text</type></nameField><enableHistory>true</enableHistory><sharingModel>ReadWrite</sharingModel>${fields.join('')}`,
    );
    const result = await deployBy(connect(org.url), zipOf({ CustomObject: ['Gadget__c'] }, { 'objects/Gadget__c.object': file }));
    expect(result.details.componentFailures.map(({ problem }) => problem)).toEqual(problems);
    expect((await org.call('GET', '/sobjects/Gadget__History/describe')).status).toBe(problems.length === 0 ? 200 : 404);
  });
});
