/** `npm run pictures [-- rep-page|case-story]`: takes the pictures of the documents again, or those of one of them. */

import { findBrowser } from '../../support/find-browser.ts';
import { takeCase } from './take-case.ts';
import { takeGuide } from './take-guide.ts';

const DOCUMENTS = { 'rep-page': takeGuide, 'case-story': takeCase } as const;

function say(path: string, bytes: number): void {
  process.stdout.write(`${path} ${Math.round(bytes / 1024)} kB\n`);
}

function fail(why: string): void {
  process.stderr.write(`No pictures: ${why}\n`);
  process.exitCode = 1;
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in DOCUMENTS));
const browser = findBrowser();
if (unknown.length > 0) fail(`unknown: ${unknown.join(', ')}; there are those of ${Object.keys(DOCUMENTS).join(', ')}`);
else if (browser.kind === 'missing') fail(browser.reason);
else {
  for (const [name, take] of Object.entries(DOCUMENTS)) if (wanted.length === 0 || wanted.includes(name)) await take(browser.path, say);
}
