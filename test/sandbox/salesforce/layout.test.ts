import { openOrg, type OpenedOrg } from './opened-org.ts';
import { connect, deployBy, metadataFile, zipOf } from './metadata/packaged.ts';

let org: OpenedOrg;
beforeAll(async () => void (org = await openOrg()));
beforeEach(() => org.reset());
afterAll(() => org.close());

interface Item {
  readonly label: string;
  readonly editableForUpdate: boolean;
  readonly layoutComponents: readonly { readonly value: string; readonly details: { readonly type: string } }[];
}
interface Section {
  readonly heading: string;
  readonly columns: number;
  readonly layoutRows: readonly { readonly layoutItems: readonly Item[] }[];
}
const MASTER = '012000000000000AAA';

describe('describe/layouts', () => {
  it('shows the shipped layout, section by section and row by row', async () => {
    const { status, body } = await org.call('GET', '/sobjects/Deal_Registration__c/describe/layouts');
    const [layout] = body.layouts as { id: string; detailLayoutSections: readonly Section[] }[];
    expect([status, body.layouts.length, layout?.id.slice(0, 3)]).toEqual([200, 1, '00h']);
    const [section] = layout?.detailLayoutSections ?? [];
    expect([section?.heading, section?.columns]).toEqual(['Registration', 2]);
    const [first] = section?.layoutRows ?? [];
    expect(first?.layoutItems.map(({ layoutComponents }) => layoutComponents[0]?.value)).toEqual(['Name', 'OwnerId']);
    const status_ = section?.layoutRows[1]?.layoutItems[0];
    expect(status_).toMatchObject({ label: 'Status', editableForUpdate: false, layoutComponents: [{ details: { type: 'picklist' } }] });
    expect(body.recordTypeMappings).toMatchObject([
      { developerName: 'Partner', layoutId: layout?.id, master: false },
      { recordTypeId: MASTER, layoutId: layout?.id, master: true, defaultRecordTypeMapping: true },
    ]);
  });

  it('gives the layout of a kind, with the values that its records may take', async () => {
    const kind = `<recordTypes><fullName>Fine</fullName><active>true</active><label>Fine</label>
      <picklistValues><picklist>Partner_Status__c</picklist><values><fullName>active</fullName><default>false</default></values></picklistValues></recordTypes>`;
    const zip = zipOf({ RecordType: ['Account.Fine'] }, { 'objects/Account.object': metadataFile('CustomObject', kind) });
    expect(await deployBy(connect(org.url), zip)).toMatchObject({ success: true });
    const { body } = await org.call('GET', '/sobjects/Account/describe/layouts');
    const values = (
      body.recordTypeMappings as {
        developerName: string;
        picklistsForRecordType: { picklistName: string; picklistValues: { value: string }[] }[];
      }[]
    ).map(({ developerName, picklistsForRecordType }) => [
      developerName,
      picklistsForRecordType.find(({ picklistName }) => picklistName === 'Partner_Status__c')?.picklistValues.length,
    ]);
    expect(values).toEqual([
      ['Fine', 1],
      ['Master', 4],
    ]);
    expect(body.recordTypeSelectorRequired).toEqual([true]);
    const { recordTypeInfos } = (await org.call('GET', '/sobjects/Account/describe')).body;
    const layout = await org.call('GET', recordTypeInfos[0].urls.layout);
    expect([layout.status, layout.body.id]).toEqual([200, body.layouts[0].id]);
    // Nothing is shipped for accounts: everything that can be seen stands in it.
    expect(layout.body.detailLayoutSections).toMatchObject([{ heading: 'Account Information', columns: 2 }]);
  });

  it.each([
    ['/sobjects/Nothing/describe/layouts', 404],
    ['/sobjects/Account/describe/layouts/012000000000009AAA', 404],
    ['/sobjects/Account/describe/compactLayouts', 501],
  ])('answers %s with %i', async (path, status) => {
    expect((await org.call('GET', path)).status).toBe(status);
  });

  it('is read by jsforce', async () => {
    const account = connect(org.url).sobject('Account');
    expect((await account.layouts()).recordTypeMappings).toHaveLength(1);
  });
});
