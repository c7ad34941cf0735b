import { dirname } from 'node:path';
import { configurationOrExit, connectionNames } from '../config.ts';
import { renderClosingTable } from './closing-table.ts';
import type { Story } from './embedded-context.ts';
import { playSample } from './play-sample.ts';
import { EmbeddedFailure } from './embedded-failure.ts';
import { formatDuration, openProgress } from './progress.ts';
import { createSupervisor } from './supervisor.ts';

/** Sample partners and deals are nothing for a CRM in which people work. */
const NOT_PLAYED: Story = { done: ['the sample was not played, since a CRM of yours is connected'], tries: [] };

const startedAt = performance.now();
const configuration = configurationOrExit(['embedded', 'connections', 'notify', 'machine', 'log']);
// What is given from outside is checked as the children will read it, before anything starts.
if (configuration.embedded.temporalAddress !== null) configurationOrExit(['temporal']);
const isAmongSandboxes = connectionNames(configuration.connections).length === 0;
const progress = openProgress(process.stderr);
const supervisor = createSupervisor(configuration, dirname(dirname(import.meta.dirname)), progress);

let isStopping = false;
process.on('SIGINT', requestStop);
process.on('SIGTERM', requestStop);
// The launcher was killed: nobody is left who could stop this.
process.on('disconnect', requestStop);
// The terminal, or the program that read our lines, is gone: that is no reason to leave processes behind.
for (const output of [process.stdout, process.stderr]) output.on('error', () => void end(0));
process.on('uncaughtException', (error) => void end(1, error));
process.on('unhandledRejection', (error) => void end(1, error));
void supervisor.failed.then((failure) => end(1, failure));

try {
  const context = await supervisor.start();
  process.stdout.write(`ready after ${formatDuration(performance.now() - startedAt)}: ${context.apiUrl}\n`);
  const story = isAmongSandboxes ? await playSample(context) : NOT_PLAYED;
  if (!isStopping) process.stdout.write(`${renderClosingTable(context, story)}\n`);
} catch (error) {
  // A start that was interrupted fails in many ways, and none is news.
  if (!isStopping) await end(1, error);
}

function requestStop(): void {
  if (!isStopping) {
    progress.say('Stopping; a second Ctrl-C ends everything at once.');
    void end(0);
    return;
  }
  supervisor.kill();
  process.exit(130);
}

async function end(exitCode: number, failure?: unknown): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  if (failure instanceof EmbeddedFailure) progress.say(`${failure.message}\nRemedy: ${failure.remedy}`);
  else if (failure !== undefined)
    progress.say(failure instanceof Error ? (failure.stack ?? failure.message) : 'Something failed that is no error.');
  await supervisor.stop();
  progress.close();
  if (exitCode === 0) process.stderr.write('Stopped.\n');
  process.exit(exitCode);
}
