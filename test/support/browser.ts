import { chromium, type Browser, type Page } from 'playwright-core';

/** Nothing of the browser's own goes out, and a machine without a display or a sandbox of its own will do. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--font-render-hinting=none',
  // Letters in shades of one colour: pictures of them are small, and alike on every screen.
  '--disable-lcd-text',
];
/** As long as anything of the page may take on a busy machine. */
const PATIENCE_MS = 20_000;

export interface PageOptions {
  /** Who works here, by alias. */
  readonly as?: string;
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
}

export interface RepPage {
  readonly page: Page;
  /** What the page said on the console as an error or warning since it was last asked: what it threw, what its security policy held back. */
  readonly takeComplaints: () => readonly string[];
  /** Opens an address behind the `#` and answers when it is shown, such as `#/Account`. */
  readonly open: (hash: string) => Promise<void>;
  /** Answers when the page shows what its address names. */
  readonly settled: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface RepBrowser {
  /** A page with storage of its own, as another person would have it. */
  readonly openPage: (options?: PageOptions) => Promise<RepPage>;
  readonly close: () => Promise<void>;
}

/** A headless browser for the reps' page of the sandbox at `url`. Texts are English, times are UTC. */
export async function openBrowser(path: string, url: string): Promise<RepBrowser> {
  const browser = await chromium.launch({ executablePath: path, args: ARGUMENTS });
  return { openPage: (options = {}) => openPage(browser, url, options), close: () => browser.close() };
}

async function openPage(browser: Browser, url: string, options: PageOptions): Promise<RepPage> {
  const { as, width = 1280, height = 900, colorScheme = 'light' } = options;
  const chosen = as === undefined ? [] : [{ origin: url, localStorage: [{ name: 'sandbox-user', value: as }] }];
  const context = await browser.newContext({
    viewport: { width, height },
    locale: 'en-GB',
    timezoneId: 'UTC',
    colorScheme,
    reducedMotion: 'reduce',
    storageState: { cookies: [], origins: chosen },
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    const { url: source } = message.location();
    // The browser reports every refusal of the CRM, which the page shows in its own way.
    const isRefusal = message.text().startsWith('Failed to load resource') && /\/(services\/data|crm)\//.test(source);
    if (['error', 'warning'].includes(message.type()) && !isRefusal) complaints.push(`${message.text()} (${source})`);
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  const settled = async (): Promise<void> => {
    await page.locator('main[aria-busy="false"]').waitFor();
  };
  return {
    page,
    takeComplaints: () => complaints.splice(0),
    open: async (hash) => {
      // From elsewhere, so that the page is loaded and does not merely follow its address.
      await page.goto('about:blank');
      await page.goto(`${url}/${hash}`);
      await settled();
    },
    settled,
    close: () => context.close(),
  };
}
