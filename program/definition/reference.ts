import { Decimal } from 'decimal.js';
import { RULE_CATALOGUE } from '../rules/catalogue.ts';
import { minorUnitDecimals } from '../currency.ts';
import type { Program } from './program.ts';

export interface DefinitionProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** What each value by itself cannot show: ids that lead nowhere or come twice, bands that do not rise, silence that nobody answers, amounts without a rate. */
export function findBrokenReferences(program: Program): readonly DefinitionProblem[] {
  return [
    ...findRepeated(program),
    ...checkGovernance(program),
    ...checkRouting(program),
    ...checkCalendars(program),
    ...checkRules(program),
    ...checkBusiness(program),
  ];
}

type Path = readonly PropertyKey[];

function findRepeated(program: Program): readonly DefinitionProblem[] {
  const lists: readonly (readonly [path: Path, key: string, ids: readonly string[]])[] = [
    [['types'], 'id', program.types.map((type) => type.id)],
    [['tracks'], 'id', program.tracks.map((track) => track.id)],
    ...program.tracks.map((track, at) => [['tracks', at, 'tiers'], 'id', track.tiers.map((tier) => tier.id)] as const),
    [['economics'], 'track', program.economics.map((row) => row.track)],
    [['governance', 'roles'], 'id', program.governance.roles.map((role) => role.id)],
    [['governance', 'ladder'], 'role', program.governance.ladder.map((rung) => rung.role)],
    [['documents'], 'id', program.documents.map((document) => document.id)],
    [['systems'], 'id', program.systems.map((system) => system.id)],
    [['metrics'], 'id', program.metrics.map((metric) => metric.id)],
    [['productLines'], 'id', program.productLines.map((line) => line.id)],
    [['calendars'], 'id', program.calendars.map((calendar) => calendar.id)],
    [['rules', 'order'], 'id', program.rules.order.map((rule) => rule.id)],
  ];
  return lists.flatMap(([path, key, ids]) =>
    ids.flatMap((id, at) => (ids.indexOf(id) < at ? [{ path: [...path, at, key], message: `${id}; used before, expected once` }] : [])),
  );
}

function checkGovernance({ governance }: Program): readonly DefinitionProblem[] {
  const roles = governance.roles.map((role) => role.id);
  const rungs = governance.ladder.flatMap((rung, at): DefinitionProblem[] => {
    const path: Path = ['governance', 'ladder', at];
    const role = governance.roles.find((candidate) => candidate.id === rung.role);
    const isLast = at === governance.ladder.length - 1;
    return [
      ...(role === undefined ? [unknownId([...path, 'role'], rung.role, roles)] : []),
      ...(role !== undefined && role.members.length === 0
        ? [{ path: [...path, 'role'], message: `${rung.role}; expected a role with members` }]
        : []),
      ...(isLast && rung.silence === 'escalate'
        ? [{ path: [...path, 'silence'], message: 'escalate; expected keep_asking, since no role stands above' }]
        : []),
    ];
  });
  const deciders = governance.ladder.flatMap((rung) => governance.roles.find((role) => role.id === rung.role)?.members ?? []);
  return [
    ...rungs,
    ...checkId(['governance', 'owner'], governance.owner, roles),
    ...checkId(['governance', 'executiveSponsor'], governance.executiveSponsor, roles),
    ...checkId(['governance', 'defaultManager'], governance.defaultManager, deciders),
  ];
}

function checkRouting({ routing, rates, governance }: Program): readonly DefinitionProblem[] {
  const ladder = governance.ladder.map((rung) => rung.role);
  const hasRate = (currency: string): boolean => currency === rates.base || Object.hasOwn(rates.perUnit, currency);
  const bands = routing.bands.flatMap((band, at): DefinitionProblem[] => {
    const path: Path = ['routing', 'bands', at];
    const previous = at === 0 ? null : (routing.bands[at - 1]?.upTo ?? null);
    const isLast = at === routing.bands.length - 1;
    const limit = governance.ladder.find((rung) => rung.role === band.decidedBy)?.approvalLimit ?? null;
    const exceeds = limit !== null && (band.upTo === null || new Decimal(band.upTo).gt(limit));
    const falls = previous !== null && band.upTo !== null && new Decimal(band.upTo).lte(previous);
    return [
      ...(band.decidedBy === 'auto' ? [] : checkId([...path, 'decidedBy'], band.decidedBy, ladder)),
      ...(exceeds
        ? [{ path: [...path, 'decidedBy'], message: `${band.decidedBy}; expected a role whose approval limit (${limit}) covers the band` }]
        : []),
      ...(falls ? [{ path: [...path, 'upTo'], message: `"${band.upTo}"; expected more than "${previous}", the band before` }] : []),
      ...(isLast === (band.upTo === null)
        ? []
        : [
            {
              path: [...path, 'upTo'],
              message: isLast ? `"${band.upTo}"; expected null in the last band` : 'null; expected an amount in every band but the last',
            },
          ]),
    ];
  });
  const currencies: readonly (readonly [Path, string])[] = [
    [['routing', 'currency'], routing.currency],
    [['routing', 'minimum', 'currency'], routing.minimum.currency],
  ];
  return [
    ...bands,
    ...checkId(['routing', 'withoutRate'], routing.withoutRate, ladder),
    ...currencies
      .filter(([, currency]) => !hasRate(currency))
      .map(([path, currency]) => ({ path, message: `${currency}; expected a currency with a rate in rates` })),
    ...checkDecimals(['routing', 'minimum', 'amount'], routing.minimum.amount, routing.minimum.currency),
  ];
}

function checkDecimals(path: Path, amount: string, currency: string): readonly DefinitionProblem[] {
  const decimals = minorUnitDecimals(currency) ?? 2;
  return new Decimal(amount).decimalPlaces() > decimals
    ? [{ path, message: `"${amount}"; expected at most ${decimals} decimals in ${currency}` }]
    : [];
}

function checkCalendars(program: Program): readonly DefinitionProblem[] {
  const hours = program.calendars.flatMap((calendar, at) =>
    calendar.startTime < calendar.endTime
      ? []
      : [{ path: ['calendars', at, 'endTime'], message: `${calendar.endTime}; expected a time after ${calendar.startTime}` }],
  );
  const ids = program.calendars.map((calendar) => calendar.id);
  return [...hours, ...checkId(['defaultCalendar'], program.defaultCalendar, ids)];
}

function checkRules({ rules, governance }: Program): readonly DefinitionProblem[] {
  const ladder = governance.ladder.map((rung) => rung.role);
  return rules.order.flatMap((rule, at): DefinitionProblem[] => {
    const { situations, hasRivals }: { situations: readonly string[]; hasRivals: boolean } = RULE_CATALOGUE[rule.id];
    const path: Path = ['rules', 'order', at, 'on'];
    const missing = situations.filter((situation) => !Object.hasOwn(rule.on, situation));
    return [
      ...missing.map((situation) => ({ path: [...path, situation], message: 'missing; expected an outcome' })),
      ...Object.entries(rule.on).flatMap(([situation, outcome]): readonly DefinitionProblem[] => {
        if (!situations.includes(situation)) return [unknownId([...path, situation], situation, situations)];
        if (outcome.outcome === 'wait' && !hasRivals)
          return [
            { path: [...path, situation, 'outcome'], message: 'wait; expected another outcome, since this rule finds no earlier claim' },
          ];
        return 'decider' in outcome ? checkId([...path, situation, 'decider'], outcome.decider, ladder) : [];
      }),
    ];
  });
}

function checkBusiness(program: Program): readonly DefinitionProblem[] {
  const roles = program.governance.roles.map((role) => role.id);
  const tracks = program.tracks.map((track) => track.id);
  const tiersOf = new Map<string, readonly string[]>(program.tracks.map((track) => [track.id, track.tiers.map((tier) => tier.id)]));
  return [
    ...checkId(
      ['vision', 'metric'],
      program.vision.metric,
      program.metrics.map((metric) => metric.id),
    ),
    ...program.tracks.flatMap((track, at) => (track.director === null ? [] : checkId(['tracks', at, 'director'], track.director, roles))),
    ...program.documents.flatMap((document, at) => checkId(['documents', at, 'owner'], document.owner, roles)),
    ...program.economics.flatMap((row, at) => [
      ...checkId(['economics', at, 'track'], row.track, tracks),
      ...row.benefits.flatMap((benefit, index) =>
        benefit.fromTier === null
          ? []
          : checkId(['economics', at, 'benefits', index, 'fromTier'], benefit.fromTier, tiersOf.get(row.track) ?? []),
      ),
    ]),
    ...program.eligibility.rows.flatMap((row, at) =>
      row.tracks.flatMap((track, index) => checkId(['eligibility', 'rows', at, 'tracks', index], track, tracks)),
    ),
  ];
}

function checkId(path: Path, id: string, known: readonly string[]): readonly DefinitionProblem[] {
  return known.includes(id) ? [] : [unknownId(path, id, known)];
}

function unknownId(path: Path, id: string, known: readonly string[]): DefinitionProblem {
  return { path, message: `${id}; expected one of ${known.join(', ')}` };
}
