/** `npm run pictures`: takes the pictures of `docs/rep-page.md` again, with the same records and the same clock each time. */

import { openOrg } from '../../sandbox/salesforce/opened-org.ts';
import { openBrowser } from '../../support/browser.ts';
import { findBrowser } from '../../support/find-browser.ts';
import { takePicture } from '../../support/picture.ts';
import { furnishDesk } from '../furnished-desk.ts';
import { PICTURES } from './scene.ts';

async function takeAll(browserPath: string): Promise<void> {
  const org = await openOrg({ sampleFile: 'programs/sample/crm.json' });
  const desk = await furnishDesk(org);
  const browser = await openBrowser(browserPath, org.url);
  try {
    for (const { name, hash, act, ...screen } of PICTURES) {
      const { page, open, close } = await browser.openPage(screen);
      await open(hash(desk));
      await act?.(page, { org, desk });
      const { path, bytes } = await takePicture(page, name);
      process.stdout.write(`${path} ${Math.round(bytes / 1024)} kB\n`);
      await close();
    }
  } finally {
    await browser.close();
    await org.close();
  }
}

const browser = findBrowser();
if (browser.kind === 'found') await takeAll(browser.path);
else {
  process.stderr.write(`No pictures: ${browser.reason}\n`);
  process.exitCode = 1;
}
