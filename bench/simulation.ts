import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseProgram } from '../program/definition/parse.ts';
import type { Program } from '../program/definition/program.ts';
import { judgeClaim } from '../program/judge-claim.ts';
import type { HistoricalClaim } from '../program/simulation/history.ts';
import { openMatchBook } from '../program/simulation/match-book.ts';
import { simulate } from '../program/simulation/simulate.ts';
import { historyOf, type Stream } from '../program/simulation/stream.ts';
import { readStream } from '../workers/cli/program/stream-folder.ts';
import { createCalendars, loadFreeMailDomains } from '../workers/compose/reference-data.ts';
import { figure, type Benchmark, type Figure, type Scale } from './benchmark.ts';
import { SAMPLE_SEED, writeSample } from './sample/file-format.ts';
import { drawSample, type Sample } from './sample/sample.ts';

/** How many samples of 1,100 registrations are put together. */
const SAMPLES: Readonly<Record<Scale, number>> = { full: 20, small: 1 };
const FROM = '2026-01-01T00:00:00.000Z';
const DAYS = 365;
/** The bound for a simulation of 22,000 registrations. */
const BOUND_SECONDS = 10;

export const simulation: Benchmark = {
  name: 'simulation',
  summary: 'a year of registrations, twenty times the sample, under another version of the program',
  run: (scale) => Promise.resolve(measure(scale)),
};

function measure(scale: Scale): readonly Figure[] {
  const freeMailDomains = loadFreeMailDomains();
  const program = readProgram(join('programs', 'gitlab-2026.yaml'));
  const stream = drawStream(SAMPLES[scale]);
  const time = { from: Date.parse(FROM), days: DAYS };
  const { history } = historyOf(stream, time, freeMailDomains, program.matching);
  const calendarOf = createCalendars(() => new Date(FROM));
  const bareSeconds = seconds(() => judgeAlone(history, program));

  const before = process.cpuUsage();
  let book = openMatchBook([], freeMailDomains, program.matching);
  const matchSeconds = seconds(() => (book = openMatchBook(history, freeMailDomains, program.matching)));
  const asOf = new Date(time.from + DAYS * 24 * 60 * 60 * 1000).toISOString();
  const scenario = { programOf: () => program, calendarOf, matchesOf: () => book, asOf, unanswered: 'yes' } as const;
  const runSeconds = seconds(() => simulate(history, scenario));

  const { user, system } = process.cpuUsage(before);
  const whole = matchSeconds + runSeconds;
  const claims = history.length;
  const bound = (BOUND_SECONDS * claims) / 22_000;
  const bare = 'judging each once by itself';
  return [
    figure(`${claims} registrations simulated`, 's', whole, bare, bareSeconds),
    figure('of it, who is on whose customer', 's', matchSeconds, 'the bound for as many', bound),
    figure('of it, the run', 's', runSeconds, 'the bound for as many', bound),
    figure(
      'processor time of it, which other work on the machine does not stretch',
      's',
      (user + system) / 1e6,
      'the bound for as many',
      bound,
    ),
    figure('registrations', 'per s', claims / whole, bare, claims / bareSeconds),
    figure('peak memory of the process', 'MB', process.resourceUsage().maxRSS / 1024, 'a megabyte a thousand', claims / 1000),
  ];
}

/** The floor: no world, no rivals, no order; each claim and its evidence as they came. */
function judgeAlone(history: readonly HistoricalClaim[], program: Program): void {
  for (const { sightings } of history) judgeClaim(program, sightings[0].claim, sightings[0].evidence);
}

/** As many samples as asked, one beside the other and received in turns; ids say of which sample they are. */
function drawStream(samples: number): Stream {
  const drawn = Array.from({ length: samples }, (_unused, index) => inNamespace(drawSample(SAMPLE_SEED + index), `${index + 1}.`));
  const longest = Math.max(...drawn.map(({ registrations }) => registrations.length));
  const folder = mkdtempSync(join(tmpdir(), 'dealkeeper-simulation-'));
  try {
    writeSample(
      {
        partners: drawn.flatMap(({ partners }) => partners),
        crm: {
          accounts: drawn.flatMap(({ crm }) => crm.accounts),
          contacts: [],
          opportunities: drawn.flatMap(({ crm }) => crm.opportunities),
        },
        registrations: Array.from({ length: longest }, (_unused, at) =>
          drawn.flatMap(({ registrations }) => registrations.slice(at, at + 1)),
        ).flat(),
      },
      folder,
    );
    return readStream(folder, join('programs', 'sample', 'as-gitlab.json'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function inNamespace({ partners, crm, registrations }: Sample, prefix: string): Sample {
  return {
    partners: partners.map((partner) => ({ ...partner, externalId: `${prefix}${partner.externalId}` })),
    crm: {
      accounts: crm.accounts.map((account) => ({ ...account, key: `${prefix}${account.key}` })),
      contacts: [],
      opportunities: crm.opportunities.map((opportunity) => ({
        ...opportunity,
        key: `${prefix}${opportunity.key}`,
        account: `${prefix}${opportunity.account}`,
      })),
    },
    registrations: registrations.map(({ registration, ...labelled }) => ({
      ...labelled,
      registration: {
        ...registration,
        externalId: `${prefix}${registration.externalId}`,
        partnerId: `${prefix}${registration.partnerId}`,
      },
    })),
  };
}

function readProgram(file: string): Program {
  const parsed = parseProgram(readFileSync(file, 'utf8'), file);
  if (parsed.kind === 'invalid') throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
  return parsed.program;
}

function seconds(work: () => unknown): number {
  const startedAt = performance.now();
  work();
  return (performance.now() - startedAt) / 1000;
}
