import { readConfiguration } from '../../workers/config.ts';
import { EmbeddedFailure } from '../../workers/embedded/embedded-failure.ts';
import { openProgress } from '../../workers/embedded/progress.ts';
import { findTemporal, type TemporalSearch } from '../../workers/embedded/temporal-binary.ts';
import { findTestServer, type TestServerSearch } from '../../workers/embedded/test-server-binary.ts';

/** What this machine has, as the embedded run would find it. Found once by `npm test` before the tests begin, so that here it is only looked up. */
function searchOnThisMachine(): TemporalSearch {
  const reading = readConfiguration(['machine']);
  if (reading.kind === 'invalid') throw new Error(reading.problems.join('\n'));
  const progress = openProgress(process.stderr);
  progress.close();
  return { machine: reading.configuration.machine, projectRoot: process.cwd(), progress };
}

/** The `temporal` program, or why the machine can have none. */
export async function findTemporalForTests(): Promise<TestServerSearch> {
  try {
    return { kind: 'found', path: await findTemporal(searchOnThisMachine()) };
  } catch (error) {
    if (error instanceof EmbeddedFailure) return { kind: 'missing', reason: error.message };
    throw error;
  }
}

/** The server whose time can be skipped, or why the machine can have none. For `createTimeSkipping({ server: { executable: { type: 'existing-path', path } } })`. */
export function findTimeSkippingServer(): Promise<TestServerSearch> {
  return findTestServer(searchOnThisMachine());
}
