import type { Page } from 'playwright-core';
import { openPortal } from '../sandbox/hubspot/opened-portal.ts';
import type { OpenedPortal } from '../sandbox/hubspot/opened-portal.ts';
import { openBrowser } from '../support/browser.ts';
import type { PageOptions, RepBrowser, RepPage } from '../support/browser.ts';
import { findBrowser } from '../support/find-browser.ts';
import { describeWith } from '../support/find-servers.ts';

export interface PortalStage {
  readonly portal: OpenedPortal;
  /** A page at `hash` as `rep`, unless the options say otherwise; closed after the test, which fails where the page complained on its console. */
  readonly visit: (hash: string, options?: PageOptions) => Promise<Page>;
}

/** `describe` with an empty portal and a browser, both of which all tests of the block share. Without a browser, the tests are skipped with the reason. */
export function describeOnPortal(name: string, body: (stage: () => PortalStage) => void): void {
  describeWith(findBrowser(), name, (path) => {
    let browser: RepBrowser;
    let stage: PortalStage;
    const opened: RepPage[] = [];

    beforeAll(async () => {
      const portal = await openPortal();
      browser = await openBrowser(path, portal.url);
      const visit = async (hash: string, options: PageOptions = { as: 'rep' }): Promise<Page> => {
        const repPage = await browser.openPage(options);
        opened.push(repPage);
        await repPage.open(hash);
        return repPage.page;
      };
      stage = { portal, visit };
    }, 60_000);

    beforeEach(() => stage.portal.reset());

    afterEach(async () => {
      const complaints = opened.flatMap((page) => page.takeComplaints());
      for (const page of opened.splice(0)) await page.close();
      expect(complaints).toEqual([]);
    });

    afterAll(async () => {
      await browser?.close();
      await stage?.portal.close();
    });

    body(() => stage);
  });
}
