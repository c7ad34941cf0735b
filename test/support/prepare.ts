import { configurationOrExit } from '../../workers/config.ts';
import { cacheFolder } from '../../workers/embedded/cache-folder.ts';
import { EmbeddedFailure } from '../../workers/embedded/embedded-failure.ts';
import { openProgress } from '../../workers/embedded/progress.ts';
import { findTemporal, type TemporalSearch } from '../../workers/embedded/temporal-binary.ts';
import { findTestServer } from '../../workers/embedded/test-server-binary.ts';
import type { FoundServer, FoundServers } from './find-servers.ts';
import { recallSearch, rememberSearch } from './remembered-search.ts';

/**
 * Gets the servers that tests need beside the packages, before any test has a time limit, and says where they are; with `--json` on standard output, for
 * `find-servers.ts`, which is not kept waiting for what was missed a little before. What cannot be had is said with the reason and is no failure here: the tests
 * that need it are skipped with it.
 */
const { machine } = configurationOrExit(['machine']);
const progress = openProgress(process.stderr);
const search: TemporalSearch = { machine, projectRoot: process.cwd(), progress };
const isForTestFile = process.argv.includes('--json');
const found = (isForTestFile ? recallSearch(cacheFolder(machine), Date.now()) : null) ?? (await searchServers());
progress.close();
if (isForTestFile) process.stdout.write(JSON.stringify(found));
else {
  process.stdout.write(
    `Temporal server: ${describeServer(found.temporal)}\nTime-skipping test server: ${describeServer(found.timeSkipping)}\n`,
  );
}

async function searchServers(): Promise<FoundServers> {
  const servers: FoundServers = { temporal: await developmentServer(), timeSkipping: await findTestServer(search) };
  rememberSearch(cacheFolder(machine), servers, Date.now());
  return servers;
}

async function developmentServer(): Promise<FoundServer> {
  try {
    return { kind: 'found', path: await findTemporal(search) };
  } catch (error) {
    if (error instanceof EmbeddedFailure) return { kind: 'missing', reason: error.message };
    throw error;
  }
}

function describeServer(server: FoundServer): string {
  return server.kind === 'found' ? server.path : `none: ${server.reason}`;
}
