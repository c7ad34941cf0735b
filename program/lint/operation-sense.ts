import type { Program } from '../definition/program.ts';
import { finding, type LintFinding } from './finding.ts';

/** From so many active partners on, reviewing everything by hand is a queue. */
const MANY_PARTNERS = 300;

/** Words for work that no system does. */
const BY_HAND = /\b(e-?mails?|mailbox(es)?|inbox|spreadsheets?|excel|by hand|manual(ly)?|ad hoc|paper)\b/i;

/** L406–L408, L420: whether systems carry the program, and whether it bears more partners. */
export function lintOperation(program: Program): readonly LintFinding[] {
  return [...findSystems(program), ...findScale(program), ...findManual(program)];
}

function findSystems({ systems }: Program): readonly LintFinding[] {
  if (systems.length === 0) return [finding('L420', ['systems'], 'nothing is said of the systems that run the program')];
  const critical = systems.filter(({ priority }) => priority === 'critical');
  if (critical.some(({ inUse }) => inUse !== null && !BY_HAND.test(inUse))) return [];
  const used = systems.flatMap(({ id, inUse }) => (inUse === null ? [] : [`${id}: ${inUse}`]));
  return [finding('L406', ['systems'], `no critical system is in use; in use: ${used.join(', ') || 'nothing'}`)];
}

function findScale({ scale }: Program): readonly LintFinding[] {
  if (scale.length === 0) return [finding('L420', ['scale'], 'nothing is said of what changes when partners become many')];
  return scale.flatMap((row, at) =>
    row.scale === row.start || BY_HAND.test(row.scale)
      ? [finding('L407', ['scale', at], `${row.activity} stays "${row.scale}" when partners are many`)]
      : [],
  );
}

function findManual({ routing, size }: Program): readonly LintFinding[] {
  if (size === null || size.activePartners < MANY_PARTNERS || routing.rows.some(({ steps }) => steps.length === 0)) return [];
  return [finding('L408', ['routing', 'rows'], `every row asks people, for ${size.activePartners} active partners`)];
}
