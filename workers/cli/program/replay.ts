import type { Command } from 'commander';
import type { Instant } from '../../../program/vocabulary.ts';
import { CommandFailure } from '../command-failure.ts';
import { withStore } from '../installation.ts';
import { print, printJson } from '../print.ts';
import { renderTable } from '../table.ts';
import { knownPrograms } from './known-program.ts';
import { replayAll, type ReplayReport } from './replay-decisions.ts';
import { sinceDate } from './since.ts';

/** `program replay`: whether every decision that was ever kept comes out the same, bit for bit, from what was kept with it. */
export function addReplayCommand(program: Command): void {
  program
    .command('replay')
    .description('judge every stored decision again and list those that come out differently')
    .option('--since <date>', 'only registrations received from this day on (UTC)', sinceDate)
    .option('--json', 'print JSON')
    .action(replay);
}

async function replay(options: { readonly since?: Instant; readonly json?: true }): Promise<void> {
  const report = await withStore(async (db) => replayAll(db, await knownPrograms(db), options.since ?? null));
  if (options.json === true) printJson(report);
  else print(renderReplay(report));
  const wrong = report.different + report.unknownVersion;
  if (wrong === 0) return;
  throw new CommandFailure(
    `${wrong} of ${report.decisions} decisions did not come out as they were stored.`,
    'restore the definition of a version that is not known; a difference under a version that is known is a fault of this release: report it with the lines above.',
  );
}

function renderReplay({ decisions, equal, different, unknownVersion, differences }: ReplayReport): string {
  const summary = `${decisions} decisions: ${equal} equal bit for bit, ${different} different, ${unknownVersion} of a version that is not known`;
  if (differences.length === 0) return summary;
  const rows = differences.map(({ registrationId, programVersion, path, kept, now }) => [
    registrationId,
    programVersion,
    path === null ? 'nobody knows this version' : `${path}: ${kept ?? 'nothing'} → ${now ?? 'nothing'}`,
  ]);
  const more = different + unknownVersion - differences.length;
  const table = renderTable(['REGISTRATION', 'VERSION', 'FIRST DIFFERENCE'], rows);
  return [summary, '', table, ...(more > 0 ? ['', `and ${more} more`] : [])].join('\n');
}
