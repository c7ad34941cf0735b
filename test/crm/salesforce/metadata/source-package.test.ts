import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { XMLParser } from 'fast-xml-parser';
import { componentKey, packSourceProject } from '../../../../crm/salesforce/metadata/source-package.ts';
import { makeTemporaryFolder } from '../../../support/temporary-folder.ts';

const PROJECT = 'crm/salesforce';
const parser = new XMLParser({ parseTagValue: false, isArray: (name) => ['types', 'members', 'fields'].includes(name) });

function filesOf(zip: Uint8Array): ReadonlyMap<string, string> {
  return new Map(Object.entries(unzipSync(zip)).map(([name, content]) => [name, strFromU8(content)]));
}

describe('packSourceProject', () => {
  const { zip, sources, apiVersion } = packSourceProject(PROJECT);
  const files = filesOf(zip);

  it('puts an object together of its own file and those of its parts, as they were written', () => {
    const object = parser.parse(files.get('objects/Deal_Registration__c.object') ?? '').CustomObject;
    expect(object.label).toBe('Deal Registration');
    const status = object.fields.find((field: { fullName: string }) => field.fullName === 'Status__c');
    const source = readFileSync(`${PROJECT}/force-app/main/default/objects/Deal_Registration__c/fields/Status__c.field-meta.xml`, 'utf8');
    expect(status).toEqual({ ...parser.parse(source).CustomField, '?xml': undefined });
    expect(files.get('objects/Deal_Registration__c.object')).toContain('Estimated_Value__c &lt; 0');
  });

  it('takes every other file as it is, without the ending of source format', () => {
    expect(files.get('settings/PathAssistant.settings')).toBe(
      readFileSync(`${PROJECT}/force-app/main/default/settings/PathAssistant.settings-meta.xml`, 'utf8'),
    );
    expect([...files.keys()]).toEqual(
      expect.arrayContaining(['reports/Dealkeeper-meta.xml', 'reports/Dealkeeper/Conflicts.report', 'objects/Activity.object']),
    );
  });

  it('names everything in the manifest, and where each came from', () => {
    const manifest = parser.parse(files.get('package.xml') ?? '').Package;
    const named = manifest.types.flatMap(({ name, members }: { name: string; members: string[] }) =>
      members.map((member) => componentKey(name, member)),
    );
    expect(named.toSorted()).toEqual([...sources.keys()].toSorted());
    expect([manifest.version, apiVersion]).toEqual(['66.0', '66.0']);
    expect(named).toEqual(
      expect.arrayContaining([
        'Report/Dealkeeper',
        'Report/Dealkeeper/Conflicts',
        'CustomField/Activity.Question_Id__c',
        'Settings/PathAssistant',
      ]),
    );
    expect(sources.get('CustomField/Deal_Registration__c.Status__c')).toBe(
      'force-app/main/default/objects/Deal_Registration__c/fields/Status__c.field-meta.xml',
    );
  });

  it('is the same each time', () => {
    expect(Buffer.from(packSourceProject(PROJECT).zip).equals(Buffer.from(zip))).toBe(true);
  });
});

describe('a project that cannot be packed', () => {
  const folder = makeTemporaryFolder('project');
  afterAll(folder.remove);
  beforeEach(() => {
    rmSync(folder.path, { recursive: true, force: true });
    cpSync(PROJECT, folder.path, { recursive: true });
  });
  const write = (path: string, text: string): void => {
    const file = join(folder.path, 'force-app/main/default', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };

  it.each([
    ['is not well-formed', 'tabs/X__c.tab-meta.xml', '<CustomTab>\n<motif></CustomTab>', /X__c\.tab-meta\.xml:2 is not well-formed/],
    [
      'is of a kind that is not known',
      'classes/X.cls-meta.xml',
      '<ApexClass/>',
      /classes\/X\.cls-meta\.xml is of a kind that is not known here: \.cls/,
    ],
  ])('is named by the file that %s', (_why, path, text, words) => {
    write(path, text);
    expect(() => packSourceProject(folder.path)).toThrow(words);
  });
});
