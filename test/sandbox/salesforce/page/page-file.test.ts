import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingFiles, unsafeParts } from '../../kit/page-part.ts';

const PAGE = join(process.cwd(), 'sandbox/salesforce/page');
const OBJECTS = join(process.cwd(), 'crm/salesforce/force-app/main/default/objects');
const files = globSync('**/*.{js,css,html,svg}', { cwd: PAGE }).sort();
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

describe('the page for reps', () => {
  it('is seen whole', () => {
    expect(files).toEqual(expect.arrayContaining(['index.html', 'main.js', 'record/record-page.js']));
  });

  it.each(files.filter((name) => name.endsWith('.js')))('%s names only custom fields and objects that are shipped', (name) => {
    expect(unknownCustomNames(read(name))).toEqual([]);
  });

  it.each(files)('%s asks for no file that is not there, for nothing outside, and holds nothing inline', (name) => {
    expect(missingFiles(PAGE, name, read(name))).toEqual([]);
    expect(read(name)).not.toMatch(/(?:src|href|from|url\()\s*=?\s*["']?https?:\/\//);
    expect(unsafeParts(read(name))).toEqual([]);
  });

  it('would notice a field and a file that are not there, and what is not safe', () => {
    expect(unknownCustomNames("['Status__c', 'Nonsense__c']")).toEqual(['Nonsense__c']);
    expect(missingFiles(PAGE, 'record/a.js', "import { x } from './nowhere.js'; import { y } from '../crm/call.js';")).toEqual([
      'record/nowhere.js',
    ]);
    expect(unsafeParts('<script src="/page/main.js"></script>')).toEqual([]);
    expect(unsafeParts('<p onclick="x()" style="color: red"><script>x()</script>; node.innerHTML = name')).toHaveLength(4);
  });
});
