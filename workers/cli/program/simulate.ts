import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Program } from '../../../program/definition/program.ts';
import { runSimulation, type Side, type SimulationResult } from '../../../program/simulation/simulation.ts';
import { historyOf } from '../../../program/simulation/stream.ts';
import type { HistoricalClaim } from '../../../program/simulation/history.ts';
import type { Instant } from '../../../program/vocabulary.ts';
import { readHistory } from '../../../store/history.ts';
import { createCalendars, loadFreeMailDomains } from '../../compose/reference-data.ts';
import { CommandFailure } from '../command-failure.ts';
import { withStore } from '../installation.ts';
import { print, printJson } from '../print.ts';
import { knownPrograms, type KnownPrograms } from './known-program.ts';
import { renderSimulation } from './simulation-table.ts';
import { sinceDate } from './since.ts';
import { readStream } from './stream-folder.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

interface Options {
  readonly program: string;
  readonly against?: string;
  readonly since?: Instant;
  readonly stream?: string;
  readonly words?: string;
  readonly from: Instant;
  readonly days: number;
  readonly unanswered: 'waiting' | 'yes';
  readonly json?: true;
}

/** `program simulate`: the whole history under another program. */
export function addSimulateCommand(program: Command): void {
  program
    .command('simulate')
    .description('run the history under another program: who would have won, lost, waited or been asked elsewhere')
    .requiredOption('--program <file|version>', 'the program to try')
    .option('--against <file|version>', 'what to compare it with; where left out, the versions that really decided')
    .option('--since <date>', 'only registrations received from this day on (UTC)', sinceDate)
    .addOption(
      new Option('--unanswered <what>', 'a question that nobody really answered stays open, or everybody says yes when the time is up')
        .choices(['waiting', 'yes'])
        .default('waiting'),
    )
    .option('--stream <folder>', 'simulate over files like those of programs/sample, without a store; needs --against')
    .option('--words <file>', 'with --stream: how its words are said in these programs, such as programs/sample/as-gitlab.json')
    .option('--from <date>', 'with --stream: when it begins', sinceDate, '2026-01-01T00:00:00.000Z')
    .option('--days <number>', 'with --stream: over how many days it is received', wholeDays, 365)
    .option('--json', 'print JSON, with every claim that changes')
    .action(simulate);
}

async function simulate(options: Options): Promise<void> {
  const freeMailDomains = loadFreeMailDomains();
  const run = (given: Given, programs: KnownPrograms): SimulationResult & { readonly notes: readonly string[] } => {
    const { candidate, baseline } = sidesOf(options, programs);
    const history = given.historyOf(candidate);
    const result = runSimulation({
      history: history.claims,
      candidate,
      baseline,
      byVersion: (version) => programs.byVersion(version),
      // Holidays of the years in which it was played, whenever it is run again.
      calendarOf: createCalendars(() => new Date(history.claims[0]?.sightings[0].at ?? given.asOf)),
      freeMailDomains,
      asOf: given.asOf,
      unanswered: options.unanswered,
    });
    return { ...result, notes: history.notes };
  };
  const programs = options.stream === undefined ? null : await knownPrograms(null);
  const result =
    programs === null
      ? await withStore(async (db) => {
          const { claims, unjudged } = await readHistory(db, options.since ?? null);
          const notes = unjudged === 0 ? [] : [`${unjudged} registrations were never judged and are left out`];
          return run({ historyOf: () => ({ claims, notes }), asOf: new Date().toISOString() }, await knownPrograms(db));
        })
      : run(streamOf(options, freeMailDomains), programs);
  const { against, program, unanswered } = options;
  const named = { candidate: program, baseline: against ?? 'as it was decided', unanswered };
  if (options.json === true) printJson({ ...named, ...result });
  else print(renderSimulation(named, result));
}

interface Given {
  readonly historyOf: (candidate: Program) => { readonly claims: readonly HistoricalClaim[]; readonly notes: readonly string[] };
  readonly asOf: Instant;
}

function streamOf({ stream = '', words, from, days }: Options, freeMailDomains: ReadonlySet<string>): Given {
  const files = readStream(stream, words ?? null);
  return {
    asOf: new Date(Date.parse(from) + days * DAY_MS).toISOString(),
    historyOf: (candidate) => {
      const { history, unknown } = historyOf(files, { from: Date.parse(from), days }, freeMailDomains, candidate.matching);
      return {
        claims: history,
        notes: unknown.length === 0 ? [] : [`${unknown.length} of partners that the stream does not know: ${unknown.join(', ')}`],
      };
    },
  };
}

function sidesOf(
  { program, against, stream, since }: Options,
  programs: KnownPrograms,
): { readonly candidate: Program; readonly baseline: Side } {
  if (stream !== undefined && against === undefined)
    throw new CommandFailure(
      'A stream was never decided by anybody, so there is nothing to compare with.',
      'name a second program with --against.',
    );
  if (stream !== undefined && since !== undefined)
    throw new CommandFailure('--since is for the history of the store.', 'leave it out; --from and --days say when a stream is received.');
  const candidate = programs.named(program);
  return { candidate, baseline: against === undefined ? { kind: 'as_pinned' } : { kind: 'program', program: programs.named(against) } };
}

function wholeDays(text: string): number {
  const days = Number(text);
  if (!/^\d+$/.test(text) || days < 1 || days > 3660) throw new InvalidArgumentError('expected a whole number, 1–3660');
  return days;
}
