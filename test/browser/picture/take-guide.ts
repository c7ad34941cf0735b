import { openOrg } from '../../sandbox/salesforce/opened-org.ts';
import { openBrowser } from '../../support/browser.ts';
import { takePicture } from '../../support/picture.ts';
import { furnishDesk } from '../furnished-desk.ts';
import { PICTURES } from './scene.ts';

/** Takes the pictures of `docs/rep-page.md`, with the same records and the same clock each time. */
export async function takeGuide(browserPath: string, say: (path: string, bytes: number) => void): Promise<void> {
  const org = await openOrg({ sampleFile: 'programs/sample/crm.json' });
  const desk = await furnishDesk(org);
  const browser = await openBrowser(browserPath, org.url);
  try {
    for (const { name, hash, act, ...screen } of PICTURES) {
      const { page, open, close } = await browser.openPage(screen);
      await open(hash(desk));
      await act?.(page, { org, desk });
      const { path, bytes } = await takePicture(page, name);
      say(path, bytes);
      await close();
    }
  } finally {
    await browser.close();
    await org.close();
  }
}
