import { RULE_TEXTS } from '../documentation/described-rule.ts';
import type { RuleId } from '../rules/catalogue.ts';
import type { RuleOutcome } from './conflict-rule.ts';
import type { Change } from './difference.ts';
import type { Program } from './program.ts';
import { speakCondition } from './spoken-condition.ts';
import { speakOutcome, speakSteps } from './spoken-outcome.ts';
import { speak } from './spoken-value.ts';

/** A change on its way to a sentence. */
export interface Worded {
  readonly change: Change;
  /** The parts of the path that the pattern names. */
  readonly names: readonly string[];
  readonly before: Program;
  readonly after: Program;
}

export function wordCriterion({ change, names: [track, tier, measure] }: Worded): string | null {
  if (change.kind !== 'new' && change.kind !== 'gone') return null;
  const { atLeast } = (change.after ?? change.before) as { readonly atLeast: string };
  return `Tier ${tier} of ${track} asks ${change.kind === 'new' ? `for ${measure} of ${atLeast} too` : `for no ${measure} any more; it was ${atLeast}`}`;
}

type EligibilityRow = Program['eligibility']['rows'][number];

export function wordEligibility({ change, names: [place] }: Worded): string {
  const [was, is] = [change.before as EligibilityRow | undefined, change.after as EligibilityRow | undefined];
  const name = `Row ${place} of the eligibility`;
  if (is === undefined) return `${name} is gone: ${was === undefined ? '' : speakEligibility(was)}`;
  return was === undefined
    ? `${name} is new: ${speakEligibility(is)}`
    : `${name}: ${speakEligibility(is)}; before: ${speakEligibility(was)}`;
}

function speakEligibility({ tracks, types, tiers, kinds }: EligibilityRow): string {
  const who = [
    ...(tracks.length === 0 ? [] : [`of track ${tracks.join(' or ')}`]),
    ...(types.length === 0 ? [] : [`${tracks.length === 0 ? '' : 'or, without a track, '}of type ${types.join(' or ')}`]),
    ...(tiers.length === 0 ? [] : [`of tier ${tiers.join(' or ')}`]),
  ];
  return `partners ${who.length === 0 ? 'of no track and no type' : who.join(' ')} may register ${kinds.join(', ')}`;
}

type Row = Program['routing']['rows'][number];

export function wordRow({ change, names: [place, part], before, after }: Worded): string {
  const name = `Row ${place} of the routing`;
  if (part === '.when') return `${name} takes ${conditionOf(change.after, after)} instead of ${conditionOf(change.before, before)}`;
  if (part === '.steps')
    return `${name} is decided by ${speakSteps(change.after as Row['steps'])} instead of ${speakSteps(change.before as Row['steps'])}`;
  const [row, program] = change.kind === 'new' ? [change.after as Row, after] : [change.before as Row, before];
  return `${name} is ${change.kind}: ${conditionOf(row.when, program)} is decided by ${speakSteps(row.steps)}`;
}

export function wordOutcome({ change, names: [rule, situation] }: Worded): string {
  const name = `${ruleName(rule)}, ${situation}`;
  const [was, is] = [change.before as RuleOutcome | undefined, change.after as RuleOutcome | undefined];
  if (is === undefined) return `${name}: no outcome any more; before: ${was === undefined ? 'none' : speakOutcome(was)}`;
  if (was === undefined) return `${name} is new: ${speakOutcome(is)}`;
  const onlyDecider =
    was.outcome === 'review' && is.outcome === 'review' && speakOutcome({ ...was, decider: is.decider }) === speakOutcome(is);
  return onlyDecider
    ? `${name}: goes to ${is.decider} instead of ${was.decider}`
    : `${name}: ${speakOutcome(is)} instead of ${speakOutcome(was)}`;
}

type RuleRow = Program['rules']['order'][number];

export function wordRule({ change, names: [rule], before, after }: Worded): string {
  const [row, program] = change.kind === 'new' ? [change.after as RuleRow, after] : [change.before as RuleRow, before];
  const outcomes = Object.entries(row.on).map(([situation, outcome]) => `${situation}: ${speakOutcome(outcome)}`);
  const parameters = Object.entries(row.with).map(([parameter, value]) => `${parameter} ${speak(value)}`);
  const applies = row.when === undefined ? [] : [`for ${conditionOf(row.when, program)}`];
  return `${ruleName(rule)} is ${change.kind}: ${[...applies, ...parameters, ...outcomes].join('; ')}`;
}

/** `Rule C05 (direct opportunity in an early stage)`, with the row where the rule has several. */
export function ruleName(key: string | undefined): string {
  const [, id = '', row] = /^(\w+)(?: \((\d+)\))?$/.exec(key ?? '') ?? [];
  const title = RULE_TEXTS[id as RuleId]?.title ?? id;
  return `Rule ${id.split('_')[0]} (${title.charAt(0).toLowerCase()}${title.slice(1)})${row === undefined ? '' : `, row ${row}`}`;
}

export function conditionOf(when: unknown, program: Program): string {
  return speakCondition(when as RuleRow['when'], program.routing.currency);
}

export function limit(amount: unknown, { routing: { currency } }: Program): string {
  return amount === null ? 'any value' : `up to ${speak({ amount, currency })}`;
}

export function labelOf({ governance }: Program, role: string | undefined): string {
  return governance.roles.find(({ id }) => id === role)?.label ?? role ?? '';
}
