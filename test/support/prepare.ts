import { readConfiguration } from '../../workers/config.ts';
import { EmbeddedFailure } from '../../workers/embedded/embedded-failure.ts';
import { openProgress } from '../../workers/embedded/progress.ts';
import { findTemporal } from '../../workers/embedded/temporal-binary.ts';
import { findTestServer } from '../../workers/embedded/test-server-binary.ts';

/** Gets what the tests need beside the packages before any test has a time limit. What cannot be had is said; the tests that need it decide what that means. */
const reading = readConfiguration(['machine']);
if (reading.kind === 'configuration') {
  const progress = openProgress(process.stderr);
  const search = { machine: reading.configuration.machine, projectRoot: process.cwd(), progress };
  try {
    progress.say(`Temporal server: ${await findTemporal(search)}`);
  } catch (error) {
    if (!(error instanceof EmbeddedFailure)) throw error;
    progress.say(`${error.message}\nRemedy: ${error.remedy}`);
  }
  const testServer = await findTestServer(search);
  progress.say(
    testServer.kind === 'found' ? `Time-skipping test server: ${testServer.path}` : `No time-skipping test server: ${testServer.reason}`,
  );
  progress.close();
}
