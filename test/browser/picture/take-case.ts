import { openCasePlace, playCase } from '../../story/case-story.ts';
import { openBrowser } from '../../support/browser.ts';
import { takePicture } from '../../support/picture.ts';
import { CASE_PICTURES } from './case-scene.ts';

/** Plays the story of `docs/case-story.md` on the whole system and takes its pictures on the way. */
export async function takeCase(browserPath: string, say: (path: string, bytes: number) => void): Promise<void> {
  const place = await openCasePlace();
  const browser = await openBrowser(browserPath, place.system.salesforceUrl);
  try {
    await playCase(place, async (scene, cast) => {
      for (const { name, shows, ...screen } of CASE_PICTURES.filter((picture) => picture.scene === scene)) {
        const { page, open, close } = await browser.openPage(screen);
        const shown = shows(cast);
        if ('hash' in shown) await open(shown.hash);
        else {
          await page.goto(`${place.system.temporalUiUrl}/namespaces/default/workflows/${encodeURIComponent(shown.workflow)}`);
          await page.getByText(shown.oldest, { exact: true }).first().waitFor();
        }
        const { path, bytes } = await takePicture(page, name);
        say(path, bytes);
        await close();
      }
    });
  } finally {
    await browser.close();
    await place.close();
  }
}
