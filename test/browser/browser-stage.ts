import type { Page } from 'playwright-core';
import { openOrg, type OpenedOrg, type OrgOptions } from '../sandbox/salesforce/opened-org.ts';
import { openBrowser, type PageOptions, type RepBrowser, type RepPage } from '../support/browser.ts';
import { findBrowser } from '../support/find-browser.ts';
import { describeWith } from '../support/find-servers.ts';
import { furnishDesk, type FurnishedDesk } from './furnished-desk.ts';

export interface BrowserStage {
  readonly org: OpenedOrg;
  readonly desk: FurnishedDesk;
  /** A page at `hash`; closed after the test, which fails where the page complained on its console. */
  readonly visit: (hash: string, options?: PageOptions) => Promise<Page>;
  /** As `visit`, with all that belongs to the page. */
  readonly openPage: (options?: PageOptions) => Promise<RepPage>;
}

/** `describe` with a furnished org and a browser, both of which all tests of the block share. Without a browser, the tests are skipped with the reason. */
export function describeInBrowser(name: string, body: (stage: () => BrowserStage) => void, options: OrgOptions = {}): void {
  describeWith(findBrowser(), name, (path) => {
    let org: OpenedOrg;
    let browser: RepBrowser;
    let stage: BrowserStage;
    const opened: RepPage[] = [];

    beforeAll(async () => {
      org = await openOrg({ sampleFile: 'programs/sample/crm.json', ...options });
      const desk = await furnishDesk(org);
      browser = await openBrowser(path, org.url);
      const openPage = async (options?: PageOptions): Promise<RepPage> => {
        const page = await browser.openPage(options);
        opened.push(page);
        return page;
      };
      const visit = async (hash: string, options?: PageOptions): Promise<Page> => {
        const repPage = await openPage(options);
        await repPage.open(hash);
        return repPage.page;
      };
      stage = { org, desk, visit, openPage };
    }, 60_000);

    afterEach(async () => {
      const complaints = opened.flatMap((page) => page.takeComplaints());
      for (const page of opened.splice(0)) await page.close();
      expect(complaints).toEqual([]);
    });

    afterAll(async () => {
      await browser?.close();
      await org?.close();
    });

    body(() => stage);
  });
}

/** The address of a registration of the furnished desk by its number. */
export function registrationAddress({ desk }: BrowserStage, number: string): string {
  return `#/Deal_Registration__c/${desk.registrations.get(number) ?? number}`;
}

/** The address of an account of the furnished desk by its name. */
export function accountAddress({ desk }: BrowserStage, name: string): string {
  return `#/Account/${desk.accounts.get(name) ?? name}`;
}
