import { formatDuration, type Duration } from '../duration.ts';
import type { Path } from '../definition/source-place.ts';
import type { Program } from '../definition/program.ts';
import { finding, type LintFinding } from './finding.ts';
import { boundsOf, durationsOf, isCertainlyLonger, officeMinutes } from './time-span.ts';

/** L201, L204: durations that contradict themselves or, within one rule, each other. */
export function lintDurations(program: Program): readonly LintFinding[] {
  return [
    ...durationsOf(program).flatMap(({ path, duration }) =>
      duration.restated === null ? [] : contradiction(path, duration, duration.restated, program),
    ),
    ...findForgotten(program),
  ];
}

/** Said only where no calendar lets the lookback reach as far. */
function findForgotten(program: Program): readonly LintFinding[] {
  return program.rules.order.flatMap((row, at) => {
    const { coolingOff, lookback } = row.with as { readonly coolingOff?: Duration | null; readonly lookback?: Duration | null };
    return row.id === 'C21_expired_then_refiled' && coolingOff && lookback && isCertainlyLonger(coolingOff, lookback, program)
      ? [
          finding(
            'L204',
            ['rules', 'order', at, 'with', 'coolingOff'],
            `${formatDuration(coolingOff)}, and the rule looks back ${formatDuration(lookback)}`,
          ),
        ]
      : [];
  });
}

function contradiction(path: Path, said: Duration, restated: Duration, program: Program): readonly LintFinding[] {
  const text = `${formatDuration(said)} (${formatDuration(restated)})`;
  const minutes = officeMinutesOf(said, program);
  const restatedMinutes = officeMinutesOf(restated, program);
  if (minutes !== null && restatedMinutes !== null) {
    if (minutes === restatedMinutes) return [];
    const day = officeMinutes(program);
    const days = minutes / day;
    return [
      finding(
        'L201',
        path,
        `${text}: in ${program.defaultCalendar} a day has ${day / 60} hours, so ${formatDuration(said)} are ${Number.isInteger(days) ? days : days.toFixed(2)} business days`,
        `keep the one that is meant: ${formatDuration(said)} or ${formatDuration(restated)}.`,
      ),
    ];
  }
  const [left, right] = [boundsOf(said, program), boundsOf(restated, program)];
  const isFixed = left.least === left.most && right.least === right.most;
  const isSameCalendarUnit = monthsOf(said) !== null && monthsOf(said) === monthsOf(restated);
  if (isSameCalendarUnit || (isFixed && left.least === right.least)) return [];
  const why =
    isFixed || (monthsOf(said) !== null) === (monthsOf(restated) !== null) ? 'they differ' : 'one has a fixed length and the other has not';
  return [finding('L201', path, `${text}: ${why}`, `keep the one that is meant: ${formatDuration(said)} or ${formatDuration(restated)}.`)];
}

/** Office time in minutes; null for other units. */
function officeMinutesOf({ amount, unit }: Duration, program: Program): number | null {
  return unit === 'business_hours' ? amount * 60 : unit === 'business_days' ? amount * officeMinutes(program) : null;
}

function monthsOf({ amount, unit }: Duration): number | null {
  return unit === 'months' ? amount : unit === 'years' ? amount * 12 : null;
}
