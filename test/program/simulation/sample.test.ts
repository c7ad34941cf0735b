import { readFileSync } from 'node:fs';
import type { Program } from '../../../program/definition/program.ts';
import { openMatchBook } from '../../../program/simulation/match-book.ts';
import { simulate } from '../../../program/simulation/simulate.ts';
import type { SimulatedClaim } from '../../../program/simulation/simulated-claim.ts';
import { runSimulation } from '../../../program/simulation/simulation.ts';
import { historyOf } from '../../../program/simulation/stream.ts';
import { readStream } from '../../../workers/cli/program/stream-folder.ts';
import { ACME, OFFICE, parseOrThrow } from '../example.ts';

const FREE_MAIL = new Set(['gmail.com']);
const FOLDER = 'programs/sample';
const FROM = Date.parse('2026-01-01T00:00:00.000Z');

interface Labelled {
  readonly registration: { readonly externalId: string; readonly kind: string };
  readonly label: string;
  readonly truth: { readonly expectedOutcome: string };
}
const LABELLED = JSON.parse(readFileSync(`${FOLDER}/registrations.json`, 'utf8')) as readonly Labelled[];

describe('the sample under its own program', () => {
  const { history } = historyOf(readStream(FOLDER, null), { from: FROM, days: 1 }, FREE_MAIL, ACME.matching);
  const book = openMatchBook(history, FREE_MAIL, ACME.matching);
  const scenario = { programOf: () => ACME, calendarOf: () => OFFICE, matchesOf: () => book, unanswered: 'waiting' } as const;

  it('goes as every one of its 1,100 labels says', () => {
    const ended = simulate(history, { ...scenario, asOf: '2026-01-02T00:00:00.000Z' });
    const wrong = LABELLED.filter(({ truth }, at) => ended[at]?.status !== truth.expectedOutcome);
    expect([ended.length, wrong]).toEqual([1_100, []]);
  });

  it('goes otherwise once the customers are no longer told apart', () => {
    const blind = simulate(history, {
      ...scenario,
      matchesOf: () => openMatchBook([], FREE_MAIL, ACME.matching),
      asOf: '2026-01-02T00:00:00.000Z',
    });
    const lost = LABELLED.filter(({ label }, at) => label === 'conflict_active' && blind[at]?.status === 'denied');
    expect(lost).toEqual([]);
  });
});

describe('one stream under both versions of GitLab’s program', () => {
  const read = (year: string): Program => parseOrThrow(readFileSync(`programs/gitlab-${year}.yaml`, 'utf8'));
  const [before, after] = [read('2025'), read('2026')];
  const { history } = historyOf(readStream(FOLDER, `${FOLDER}/as-gitlab.json`), { from: FROM, days: 365 }, FREE_MAIL, after.matching);
  const book = openMatchBook(history, FREE_MAIL, after.matching);
  const asOf = new Date(FROM + 365 * 24 * 60 * 60 * 1000).toISOString();
  const scenario = { calendarOf: () => OFFICE, matchesOf: () => book, asOf, unanswered: 'yes' } as const;
  const [in2025, in2026] = [before, after].map((program) => simulate(history, { ...scenario, programOf: () => program })) as [
    readonly SimulatedClaim[],
    readonly SimulatedClaim[],
  ];
  const labelled = (label: string, ended: readonly SimulatedClaim[]): readonly SimulatedClaim[] =>
    ended.filter((_claim, at) => LABELLED[at]?.label === label && LABELLED[at]?.registration.kind === 'resale');
  const count = (claims: readonly SimulatedClaim[], rule: string): number => claims.filter((claim) => claim.rule === rule).length;

  it('loses no claim on the way', () => {
    expect([in2025.length, in2026.length]).toEqual([1_100, 1_100]);
  });

  it('lets no co-sell win in either: GitLab registers none', () => {
    const coSell = (ended: readonly SimulatedClaim[]) =>
      ended.filter(({ ending }, at) => LABELLED[at]?.registration.kind === 'co_sell' && ending !== 'lost');
    expect([coSell(in2025), coSell(in2026)]).toEqual([[], []]);
  });

  it('denies what the field is late and active in under 2026 alone', () => {
    const late = labelled('direct_late_active', in2026);
    expect(late.length).toBeGreaterThan(20);
    expect(count(late, 'C06_direct_late_active')).toBe(late.length);
    expect(count(labelled('direct_late_active', in2025), 'C06_direct_late_active')).toBe(0);
  });

  it('asks the field about early opportunities in both, and about nothing else in 2026', () => {
    const chain = ['ecosystem_operations', 'ecosystem_sales_manager', 'area_sales_manager'];
    const early = labelled('direct_early', in2026).filter(({ ending }) => ending === 'won');
    expect(early.length).toBeGreaterThan(10);
    for (const { asked, rule } of early) expect([asked, rule]).toEqual([chain, 'C05_direct_early_stage']);
    for (const label of ['clean_auto', 'direct_stale']) {
      for (const { asked, ending } of labelled(label, in2026))
        if (ending === 'won') expect(asked.slice(0, 1)).toEqual(['ecosystem_operations']);
      for (const { asked, ending, rule } of labelled(label, in2025))
        if (ending === 'won' && rule === 'routing') expect(asked).toEqual(chain);
    }
  });

  it('costs the approvers less and keeps partners waiting less in 2026', () => {
    const result = runSimulation({
      history,
      candidate: after,
      baseline: { kind: 'program', program: before },
      byVersion: () => null,
      calendarOf: () => OFFICE,
      freeMailDomains: FREE_MAIL,
      asOf,
      unanswered: 'yes',
    });
    expect(result.difference.hoursAsked).toBeLessThan(0);
    expect(result.difference.daysWaited).toBeLessThan(0);
    expect(Object.values(result.comparison.counts).reduce((sum, each) => sum + each, 0)).toBe(1_100);
    expect(Object.values(result.candidate.endings).reduce((sum, each) => sum + each, 0)).toBe(1_100);
  });

  it('leaves everything open that people decide, where nobody is assumed to answer', () => {
    const open = simulate(history, { ...scenario, unanswered: 'waiting', programOf: () => before });
    expect(open.filter(({ ending }) => ending === 'won')).toEqual([]);
  });
});
