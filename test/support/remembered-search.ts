import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FoundServers } from './find-servers.ts';

/** A search that brought nothing takes a download's and a build's time. It is believed for as long as one run of the tests may take. */
const BELIEVED_FOR_MS = 30 * 60_000;

/**
 * Keeps in `folder` what a search missed, so that each test file of a run need not miss it again; a search that found everything is quick and leaves nothing.
 */
export function rememberSearch(folder: string, found: FoundServers, nowMs: number): void {
  const isComplete = found.temporal.kind === 'found' && found.timeSkipping.kind === 'found';
  if (isComplete) rmSync(fileIn(folder), { force: true });
  else {
    mkdirSync(folder, { recursive: true });
    writeFileSync(fileIn(folder), JSON.stringify({ atMs: nowMs, found }));
  }
}

/** What the last search found, where it missed something not long ago; null when it is time to search, or nothing readable is kept. */
export function recallSearch(folder: string, nowMs: number): FoundServers | null {
  try {
    const { atMs, found } = JSON.parse(readFileSync(fileIn(folder), 'utf8')) as { readonly atMs: number; readonly found: FoundServers };
    return nowMs >= atMs && nowMs - atMs < BELIEVED_FOR_MS ? found : null;
  } catch {
    return null;
  }
}

function fileIn(folder: string): string {
  return join(folder, 'test-servers-missed.json');
}
