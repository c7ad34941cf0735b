import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Program } from '../../../program/definition/program.ts';
import { runAlone, runSimulation, type Side, type SimulationResult, type SingleResult } from '../../../program/simulation/simulation.ts';
import { strangeWords } from '../../../program/simulation/stream-words.ts';
import { historyOf } from '../../../program/simulation/stream.ts';
import type { HistoricalClaim } from '../../../program/simulation/history.ts';
import type { Instant } from '../../../program/vocabulary.ts';
import { readHistory } from '../../../store/history.ts';
import { createCalendars, loadFreeMailDomains } from '../../compose/reference-data.ts';
import { CommandFailure } from '../command-failure.ts';
import { withStore } from '../installation.ts';
import { print, printJson } from '../print.ts';
import { knownPrograms, type KnownPrograms } from './known-program.ts';
import { renderClaims, renderSimulation, renderSingle } from './simulation-table.ts';
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
  readonly all?: true;
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
    .option(
      '--stream <folder>',
      'simulate over files like those of programs/sample, without a store; where --against is left out, under --program alone',
    )
    .option('--words <file>', 'with --stream: how its words are said in these programs, such as programs/sample/as-gitlab.json')
    .option('--from <date>', 'with --stream: when it begins', sinceDate, '2026-01-01T00:00:00.000Z')
    .option('--days <number>', 'with --stream: over how many days it is received', wholeDays, 365)
    .option('--all', 'list every registration too: how it ends under --program, by which rule, who is asked and why')
    .option('--json', 'print JSON, with every claim that changes')
    .action(simulate);
}

async function simulate(options: Options): Promise<void> {
  const { stream, since, against, program, unanswered } = options;
  if (stream !== undefined && since !== undefined)
    throw new CommandFailure('--since is for the history of the store.', 'leave it out; --from and --days say when a stream is received.');
  const simulated =
    stream === undefined
      ? await withStore(async (db) => {
          const { claims, unjudged } = await readHistory(db, options.since ?? null);
          const notes = unjudged === 0 ? [] : [`${unjudged} registrations were never judged and are left out`];
          return run(options, () => ({ claims, notes }), new Date().toISOString(), await knownPrograms(db));
        })
      : run(options, streamOf(options, stream), asOfStream(options), await knownPrograms(null));
  const named = { candidate: program, baseline: against ?? 'as it was decided', unanswered };
  if (options.json === true) {
    const { claims, ...rest } = simulated;
    const { baseline: _nothing, ...alone } = named;
    printJson({ ...('comparison' in simulated ? named : alone), ...rest, ...(options.all === true ? { claims } : {}) });
    return;
  }
  print('comparison' in simulated ? renderSimulation(named, simulated) : renderSingle(named, simulated));
  if (options.all === true) print(`\n${renderClaims(simulated.claims)}`);
}

/** A history as the programs that it is run under are able to read it. */
type GivenHistory = (
  candidate: Program,
  baseline: Program | null,
) => { readonly claims: readonly HistoricalClaim[]; readonly notes: readonly string[] };

function run(options: Options, historyFor: GivenHistory, asOf: Instant, programs: KnownPrograms): Simulated {
  const candidate = programs.named(options.program);
  const baseline = options.against === undefined ? null : programs.named(options.against);
  const { claims, notes } = historyFor(candidate, baseline);
  const order = {
    history: claims,
    candidate,
    // Holidays of the years in which it was played, whenever it is run again.
    calendarOf: createCalendars(() => new Date(claims[0]?.sightings[0].at ?? asOf)),
    freeMailDomains: loadFreeMailDomains(),
    asOf,
    unanswered: options.unanswered,
  };
  if (baseline === null && options.stream !== undefined) return { ...runAlone(order), notes };
  const side: Side = baseline === null ? { kind: 'as_pinned' } : { kind: 'program', program: baseline };
  return { ...runSimulation({ ...order, baseline: side, byVersion: (version) => programs.byVersion(version) }), notes };
}

type Simulated = (SimulationResult | SingleResult) & { readonly notes: readonly string[] };

function asOfStream({ from, days }: Options): Instant {
  return new Date(Date.parse(from) + days * DAY_MS).toISOString();
}

/** The claims of a folder that all the programs can read. Which words they do not have is told; where no claim is left, nothing is run. */
function streamOf({ words, from, days }: Options, folder: string): GivenHistory {
  const files = readStream(folder, words ?? null);
  return (candidate, baseline) => {
    const strange = [candidate, ...(baseline === null ? [] : [baseline])].map((program) => strangeWords(files, program));
    const registrations = files.registrations.filter(({ externalId }) => !strange.some(({ strangers }) => strangers.has(externalId)));
    const told = [...new Set(strange.flatMap(({ notes }) => notes))];
    if (registrations.length === 0 && files.registrations.length > 0)
      throw new CommandFailure(
        [...told, 'No registration is left to run.'].join('\n'),
        'say how the words of the stream are called in these programs with --words, as programs/sample/as-gitlab.json does.',
      );
    const time = { from: Date.parse(from), days };
    const { history, unknown } = historyOf({ ...files, registrations }, time, loadFreeMailDomains(), candidate.matching);
    const left = unknown.length === 0 ? [] : [`${unknown.length} of partners that the stream does not know: ${unknown.join(', ')}`];
    return { claims: history, notes: [...told, ...left] };
  };
}

function wholeDays(text: string): number {
  const days = Number(text);
  if (!/^\d+$/.test(text) || days < 1 || days > 3660) throw new InvalidArgumentError('expected a whole number, 1–3660');
  return days;
}
