import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

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

/** The modules and style sheets that the file `name` asks for and the folder does not have. */
function missingFiles(name: string, text: string): string[] {
  const modules = [...text.matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) => join(dirname(name), path));
  const links = [...text.matchAll(/(?:href|src)="\/page\/([^"]+)"/g)].map(([, path = '']) => path);
  return [...modules, ...links].filter((path) => !existsSync(join(PAGE, path)));
}

/** What a strict content security policy would hold back, or what would turn a text into markup. */
function unsafeParts(text: string): string[] {
  const inline = text.match(/<script(?![^>]*\bsrc=)|<style|\bstyle="|\bon\w+="|javascript:/g) ?? [];
  return [...inline, ...(text.match(/\b(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval)\b/g) ?? [])];
}

describe('the page for reps', () => {
  it('is seen whole', () => {
    expect(files).toEqual(expect.arrayContaining(['index.html', 'main.js', 'record/record-page.js', 'style/base.css']));
  });

  it.each(files.filter((name) => name.endsWith('.js')))('%s names only custom fields and objects that are shipped', (name) => {
    expect(unknownCustomNames(read(name))).toEqual([]);
  });

  it.each(files)('%s asks for no file that is not there, for nothing outside, and holds nothing inline', (name) => {
    expect(missingFiles(name, read(name))).toEqual([]);
    expect(read(name)).not.toMatch(/(?:src|href|from|url\()\s*=?\s*["']?https?:\/\//);
    expect(unsafeParts(read(name))).toEqual([]);
  });

  it('would notice a field and a file that are not there, and what is not safe', () => {
    expect(unknownCustomNames("['Status__c', 'Nonsense__c']")).toEqual(['Nonsense__c']);
    expect(missingFiles('record/a.js', "import { x } from './nowhere.js'; import { y } from '../crm/call.js';")).toEqual([
      'record/nowhere.js',
    ]);
    expect(unsafeParts('<script src="/page/main.js"></script>')).toEqual([]);
    expect(unsafeParts('<p onclick="x()" style="color: red"><script>x()</script>; node.innerHTML = name')).toHaveLength(4);
  });
});
