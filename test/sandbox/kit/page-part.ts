/** What the files of a page are made of, as far as a strict policy and a missing file would break it. */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The modules and style sheets that the file `name` of the page in `folder` asks for and that are not there. */
export function missingFiles(folder: string, name: string, text: string): string[] {
  const modules = [...text.matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) => join(dirname(name), path));
  const links = [...text.matchAll(/(?:href|src)="\/page\/([^"]+)"/g)].map(([, path = '']) => path);
  const shared = [...text.matchAll(/(?:href|src)="\/(kit\/page\/[^"]+)"/g)].map(([, path = '']) => join('../..', path));
  return [...modules, ...links, ...shared].filter((path) => !existsSync(join(folder, path)));
}

/** What a strict content security policy would hold back, or what would turn a text into markup. */
export function unsafeParts(text: string): string[] {
  const inline = text.match(/<script(?![^>]*\bsrc=)|<style|\bstyle="|\bon\w+="|javascript:/g) ?? [];
  return [...inline, ...(text.match(/\b(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval)\b/g) ?? [])];
}
