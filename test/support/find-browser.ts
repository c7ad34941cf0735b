import { accessSync, constants, globSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { inheritedEnvironment } from '../../workers/config.ts';
import type { FoundServer } from './find-servers.ts';

/** As distributions and the vendor call it. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** Where `playwright install` keeps its browsers. https://playwright.dev/docs/browsers#managing-browser-binaries */
const PLAYWRIGHT_CACHES = ['.cache/ms-playwright', 'Library/Caches/ms-playwright'];
const IN_PLAYWRIGHT_CACHE = ['chromium-*/chrome-linux*/chrome', 'chromium-*/chrome-mac*/*.app/Contents/MacOS/*'];
const APPLICATIONS = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'];

/**
 * The Chromium of this machine: `CHROME_PATH` where it is set (and nothing else then), a program on the PATH, an application of macOS, or what Playwright has
 * downloaded; otherwise the reason why there is none.
 */
export function findBrowser(
  environment: Readonly<Record<string, string | undefined>> = inheritedEnvironment(),
  applications: readonly string[] = APPLICATIONS,
): FoundServer {
  const { CHROME_PATH: named, PATH = '', PLAYWRIGHT_BROWSERS_PATH: kept, HOME = '' } = environment;
  if (named !== undefined && named !== '') {
    return isProgram(named) ? { kind: 'found', path: named } : { kind: 'missing', reason: 'CHROME_PATH names no program' };
  }
  const onPath = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const caches = [...(kept === undefined ? [] : [kept]), ...PLAYWRIGHT_CACHES.map((folder) => join(HOME, folder))];
  const downloaded = caches.flatMap((cwd) =>
    IN_PLAYWRIGHT_CACHE.flatMap((pattern) => globSync(pattern, { cwd }).map((path) => join(cwd, path))),
  );
  const path = [...onPath, ...applications, ...downloaded].find(isProgram);
  return path === undefined
    ? { kind: 'missing', reason: 'there is no Chromium; install chromium or set CHROME_PATH' }
    : { kind: 'found', path };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
