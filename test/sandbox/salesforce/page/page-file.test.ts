import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGE = join(process.cwd(), 'sandbox/salesforce/page');
const OBJECTS = join(process.cwd(), 'crm/salesforce/force-app/main/default/objects');
const files = readdirSync(PAGE);
const read = (name: string): string => readFileSync(join(PAGE, name), 'utf8');

/** The custom fields and objects that a text names and the shipped metadata does not have. */
function unknownCustomNames(text: string): string[] {
  const shipped = new Set(
    readdirSync(OBJECTS, { recursive: true, encoding: 'utf8' }).flatMap(
      (path) => /(\w+__c)\.(?:field|object)-meta\.xml$/.exec(path)?.[1] ?? [],
    ),
  );
  return [...new Set(text.match(/\b\w+__c\b/g) ?? [])].filter((name) => !shipped.has(name));
}

/** The modules and style sheets that a text asks for and the folder does not have. */
function missingFiles(text: string): string[] {
  const asked = [...text.matchAll(/(?:from '\.\/|(?:href|src)="\/page\/)([\w.-]+)['"]/g)].map((match) => match[1] ?? '');
  return asked.filter((name) => !files.includes(name));
}

describe('the page for reps', () => {
  it.each(files.filter((name) => name.endsWith('.js')))('%s names only custom fields and objects that are shipped', (name) => {
    expect(unknownCustomNames(read(name))).toEqual([]);
  });

  it.each(files)('%s asks for no file that is not there, and for nothing outside', (name) => {
    expect(missingFiles(read(name))).toEqual([]);
    expect(read(name)).not.toMatch(/(?:src|href|from|url\()\s*=?\s*["']?https?:\/\//);
  });

  it('would notice a field and a file that are not there', () => {
    expect(unknownCustomNames("['Status__c', 'Nonsense__c']")).toEqual(['Nonsense__c']);
    expect(missingFiles("import { x } from './nowhere.js'; import { y } from './crm.js';")).toEqual(['nowhere.js']);
  });

  it('has the four decisions of the command field and no other', () => {
    const commands = [...read('decision-panel.js').matchAll(/value: '(\w+)'/g)].map((match) => match[1]);
    const field = readFileSync(join(OBJECTS, 'Deal_Registration__c/fields/Requested_Decision__c.field-meta.xml'), 'utf8');
    expect(commands).toEqual([...field.matchAll(/<fullName>([a-z]+)<\/fullName>/g)].map((match) => match[1]));
  });
});
