import { formatDuration, type Duration, type DurationUnit } from '../../duration.ts';
import { CONDITION_READS, checkCondition } from './condition.ts';
import { checkId, checkOf, type DefinitionProblem, type ReferenceCheck } from './problem.ts';
import { checkStages, decidingRoles } from './routing.ts';

/** Calendars, protection and matching: what is declared can be counted, and fits together. */
export const TERM_CHECKS: readonly ReferenceCheck[] = [
  checkOf(['calendars', 'defaultCalendar'], ({ calendars, defaultCalendar }) => [
    ...calendars.flatMap(({ startTime, endTime, cutOff }, at) => [
      ...(startTime < endTime ? [] : [{ path: ['calendars', at, 'endTime'], message: `${endTime}; expected a time after ${startTime}` }]),
      ...(cutOff === null || (startTime < cutOff && cutOff <= endTime)
        ? []
        : [{ path: ['calendars', at, 'cutOff'], message: `${cutOff}; expected a time after ${startTime}, up to ${endTime}` }]),
    ]),
    ...checkId(
      ['defaultCalendar'],
      defaultCalendar,
      calendars.map(({ id }) => id),
    ),
  ]),
  checkOf(['freezes'], ({ freezes }) =>
    freezes.flatMap(({ from, until }, at) =>
      until <= from ? [{ path: ['freezes', at, 'until'], message: `${until}; expected a date after ${from}` }] : [],
    ),
  ),
  checkOf(['protection', ...CONDITION_READS], (sections) =>
    sections.protection.windows.flatMap((row, at) => checkCondition(['protection', 'windows', at, 'when'], row.when, sections)),
  ),
  checkOf(['regions', 'calendars'], ({ regions, calendars }) =>
    regions.flatMap(({ calendar }, at) =>
      calendar === null
        ? []
        : checkId(
            ['regions', at, 'calendar'],
            calendar,
            calendars.map(({ id }) => id),
          ),
    ),
  ),
  checkOf(['protection', 'governance'], ({ protection: { extension }, governance }) => [
    ...(extension.decidedBy === null
      ? []
      : checkId(['protection', 'extension', 'decidedBy'], extension.decidedBy, decidingRoles(governance))),
    ...checkStages(['protection', 'extension', 'then'], extension.then, governance),
  ]),
  checkOf(['appeal', 'transfer', 'governance'], ({ appeal, transfer, governance }) => [
    ...checkStages(['appeal', 'steps'], appeal.steps, governance),
    ...checkStages(['transfer', 'steps'], transfer.steps, governance),
  ]),
  checkOf(['protection'], ({ protection: { window, windows, extension } }): readonly DefinitionProblem[] => {
    const { maxTotal } = extension;
    if (maxTotal === null) return [];
    const longer = [window, ...windows.map((row) => row.window)].find((each) => isCertainlyLonger(each, maxTotal));
    return longer === undefined
      ? []
      : [
          {
            path: ['protection', 'extension', 'maxTotal'],
            message: `${formatDuration(maxTotal)}; expected at least the window, ${formatDuration(longer)}`,
          },
        ];
  }),
  checkOf(['matching'], ({ matching: { weakSimilarity, probableSimilarity } }) =>
    weakSimilarity <= probableSimilarity
      ? []
      : [
          {
            path: ['matching', 'weakSimilarity'],
            message: `${weakSimilarity}; expected at most probableSimilarity, ${probableSimilarity}`,
          },
        ],
  ),
];

/** Whether `left` outlasts `right` whatever the calendar: a month has 28 to 31 days. Business time is told from nothing but itself. */
function isCertainlyLonger(left: Duration, right: Duration): boolean {
  if (left.unit === right.unit) return left.amount > right.amount;
  const [least, most] = [DAYS[left.unit], DAYS[right.unit]];
  return least !== null && most !== null && left.amount * least[0] > right.amount * most[1];
}

/** The days of one unit, at least and at most. */
const DAYS: Readonly<Record<DurationUnit, readonly [number, number] | null>> = {
  minutes: [1 / 1440, 1 / 1440],
  hours: [1 / 24, 1 / 24],
  days: [1, 1],
  weeks: [7, 7],
  months: [28, 31],
  years: [365, 366],
  business_hours: null,
  business_days: null,
};
