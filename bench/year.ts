import { configurationOrExit } from '../workers/config.ts';
import { openProgress } from '../workers/embedded/progress.ts';
import { findTestServer } from '../workers/embedded/test-server-binary.ts';
import { withBareDatabase } from './bare-database.ts';
import { figure, type Benchmark, type Figure, type Scale } from './benchmark.ts';
import { SAMPLE_SEED } from './sample/file-format.ts';
import { drawSample } from './sample/sample.ts';
import { planYear } from './year/calendar-of-year.ts';
import { examineYear, type YearResult } from './year/examine.ts';
import { openLedger, type Ledger } from './year/ledger.ts';
import { createPeople, hearQuestions } from './year/people.ts';
import { withYearStage, type YearStage } from './year/stage.ts';
import { approversOf, managerIn, readYearProgram } from './year/year-program.ts';

const DAY_MS = 86_400_000;
const CLAIMS: Readonly<Record<Scale, number>> = { full: 1_100, small: 40 };
const DAYS: Readonly<Record<Scale, number>> = { full: 365, small: 60 };
/** After the last claim, so that what was asked about it is answered or escalated too. */
const AFTERMATH_DAYS = 45;
/** The bound for the whole year. */
const BOUND_SECONDS = 600;
/** The bound for what nobody is asked about, and for any history before it begins anew. */
const PLAIN_EVENTS = 200;
const MOST_EVENTS = 4_000;

export const year: Benchmark = {
  name: 'year',
  summary: 'a year of the sample with twenty approvers, their absences and five calendars, at the speed of its events',
  async run(scale) {
    const { machine } = configurationOrExit(['machine']);
    const progress = openProgress(process.stderr);
    try {
      const server = await findTestServer({ machine, projectRoot: process.cwd(), progress });
      if (server.kind === 'missing') throw new Error(`The year needs the server whose time can be skipped. ${server.reason}`);
      return await withBareDatabase((db) => play(db, server.path, scale));
    } finally {
      progress.close();
    }
  },
};

async function play(db: YearStage['db'], server: string, scale: Scale): ReturnType<Benchmark['run']> {
  const program = readYearProgram();
  const sample = drawSample(SAMPLE_SEED);
  const registrations = sample.registrations.slice(0, CLAIMS[scale]).map(({ registration }) => registration);
  const ledger = openLedger();
  const cast = { seed: SAMPLE_SEED, registrations, ledger };
  const startedAt = performance.now();
  const options = {
    db,
    program,
    server,
    people: (stage: YearStage) => createPeople(stage, cast),
    changed: (stage: YearStage) => hearQuestions(stage, cast),
  };
  const result = await withYearStage(options, async (stage) => {
    for (const { externalId, manager, ...partner } of sample.partners) {
      // The sample's managers are none of the year's people: whoever had one has one of the region.
      const own = manager === undefined ? {} : { manager: managerIn(program, partner.country) };
      const { status, body } = await stage.call('PUT', `/v1/partners/${externalId}`, { ...partner, ...own });
      if (status >= 300) throw new Error(`partner ${externalId} was refused: ${JSON.stringify(body)}`);
    }
    const time = { beginsMs: Date.parse(stage.now()), days: DAYS[scale], seed: SAMPLE_SEED };
    for (const person of planYear(program, registrations, time)) await stage.start(person);
    await passDays(stage, ledger, DAYS[scale] + AFTERMATH_DAYS, startedAt);
    return examineYear(stage, ledger);
  });
  const seconds = (performance.now() - startedAt) / 1000;
  for (const finding of result.findings.slice(0, 50)) process.stderr.write(`  ${finding}\n`);
  const { stuck, lateWithoutEscalation, decidedTwice } = result;
  return {
    figures: figuresOf(result, ledger, approversOf(program).length, seconds),
    counts: { stuck, lateWithoutEscalation, decidedTwice },
  };
}

/** A week at a time, with a word about each month. */
async function passDays(stage: YearStage, ledger: Ledger, days: number, startedAt: number): Promise<void> {
  for (let passed = 0; passed < days;) {
    const step = Math.min(7, days - passed);
    await stage.pass(step * DAY_MS);
    passed += step;
    const questions = [...ledger.questions.values()].reduce((sum, count) => sum + count, 0);
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    process.stderr.write(`  day ${passed} of ${days}: ${ledger.registrations.size} claims, ${questions} questions, ${seconds} s\n`);
  }
}

function figuresOf(result: YearResult, ledger: Ledger, approvers: number, seconds: number): readonly Figure[] {
  const { questions, statuses } = result;
  const claims = ledger.registrations.size;
  const deeds = [...ledger.answers.values()].reduce((sum, count) => sum + count, 0);
  const countOf = (deed: string): number => ledger.answers.get(`${deed}: ok`) ?? 0;
  return [
    figure('the whole year', 's', seconds, 'the bound', BOUND_SECONDS),
    figure('stuck: open past its time, or failing', 'of all', result.stuck, 'the bound', 0),
    figure('late although nobody was asked instead', 'questions', result.lateWithoutEscalation, 'the bound', 0),
    figure('decided or protected twice', 'claims', result.decidedTwice, 'the bound', 0),
    ...Object.entries(statuses)
      .toSorted(([one], [other]) => one.localeCompare(other))
      .map(([status, count]) => figure(`claims that end ${status}`, 'claims', count, 'received', claims)),
    figure('conflicts that people settled', 'cases', result.cases, 'received', claims),
    figure('questions put to people', 'questions', questions.put, 'approvers', approvers),
    figure('answered by a person', 'questions', questions.answered, 'put', questions.put),
    figure('answered in time', 'questions', questions.inTime, 'answered', questions.answered),
    figure('moved on by silence, absence, delegation or the end of the claim', 'questions', questions.moved, 'put', questions.put),
    figure('open at the end, all within their time', 'questions', questions.open, 'put', questions.put),
    figure('absences entered', 'absences', countOf('be_away'), 'approvers', approvers),
    ...refusalsOf(ledger).map(([code, count]) => figure(`refused with ${code}`, 'deeds', count, 'everything that people did', deeds)),
    figure('longest history of a claim that nobody was asked about', 'events', result.longestPlain, 'the bound', PLAIN_EVENTS),
    figure('longest history', 'events', result.longest, 'the bound', MOST_EVENTS),
  ];
}

/** How often people were refused, by the code of it. */
function refusalsOf({ answers }: Ledger): readonly (readonly [code: string, count: number])[] {
  const codes = new Map<string, number>();
  for (const [what, count] of answers) {
    const code = what.split(': ')[1] ?? '';
    if (code !== 'ok') codes.set(code, (codes.get(code) ?? 0) + count);
  }
  return [...codes].toSorted(([one], [other]) => one.localeCompare(other));
}
