import { isParallel } from '../approval/planned-stage.ts';
import { mayApproveAlone, membersOf, personOf } from '../approval/rung.ts';
import { workingCalendar } from '../calendar.ts';
import type { Program } from '../definition/program.ts';
import type { Path } from '../definition/source-place.ts';
import { formatDuration, type Duration } from '../duration.ts';
import { closedForAYearAfter } from '../working-time.ts';
import { placedSteps, placedStepsOf } from './chain.ts';
import { finding, type LintFinding } from './finding.ts';
import { boundsOf, isCertainlyLonger } from './time-span.ts';

/** L215–L218, L310–L312: how people are asked: offices that never open, clocks that never count, stand-ins and shares of the work that are nobody's. */
export function lintAsking(program: Program): readonly LintFinding[] {
  return [
    ...findClosedOffices(program),
    ...findLateReminders(program),
    ...findLateAcknowledgement(program),
    ...findShortWhole(program),
    ...findIdleDeputies(program),
    ...findNoFallback(program),
    ...findUnsharedWork(program),
  ];
}

function findClosedOffices(program: Program): readonly LintFinding[] {
  return program.calendars.flatMap((calendar, at) => {
    const last = closedForAYearAfter(program.effectiveFrom, workingCalendar(calendar, []));
    return last === null
      ? []
      : [finding('L215', ['calendars', at, 'holidays', 'closedDates'], `${calendar.id} is closed for more than a year after ${last}`)];
  });
}

function findLateReminders(program: Program): readonly LintFinding[] {
  const rungs = (['ladder', 'desks'] as const).flatMap((list) =>
    program.governance[list].map(({ deadline, reminders }, at) => ({ path: ['governance', list, at], deadline, reminders })),
  );
  const steps = placedSteps(program).map(({ path, step, deadline }) => ({ path, deadline, reminders: step.reminders ?? [] }));
  return [...rungs, ...steps].flatMap(({ path, deadline, reminders }) =>
    reminders.flatMap((reminder, at) =>
      boundsOf(reminder, program).least >= boundsOf(deadline, program).most || isSameLength(reminder, deadline)
        ? [
            finding(
              'L216',
              [...path, 'reminders', at],
              `${formatDuration(reminder)} after the question, which is due after ${formatDuration(deadline)}`,
            ),
          ]
        : [],
    ),
  );
}

function isSameLength(left: Duration, right: Duration): boolean {
  return left.amount === right.amount && left.unit === right.unit;
}

function findLateAcknowledgement(program: Program): readonly LintFinding[] {
  const { acknowledge } = program.clocks;
  const deadlines = program.governance.ladder.map(({ deadline }) => deadline);
  if (acknowledge === null || !deadlines.every((deadline) => isCertainlyLonger(acknowledge.within, deadline, program))) return [];
  return [
    finding(
      'L217',
      ['clocks', 'acknowledge', 'within'],
      `${formatDuration(acknowledge.within)}, and every role decides within ${deadlines.map(formatDuration).join(', ')}`,
    ),
  ];
}

/** Of those who are asked at once one deadline counts: the longest, or the shortest where one yes is enough. */
function findShortWhole(program: Program): readonly LintFinding[] {
  const { whole } = program.clocks;
  if (whole === null) return [];
  return program.routing.rows.flatMap(({ steps }, row) => {
    const path: Path = ['routing', 'rows', row, 'steps'];
    const each = steps.map((stage, at) => {
      const minutes = placedStepsOf(program, [...path, at], stage).map(({ deadline }) => boundsOf(deadline, program).least);
      if (minutes.length === 0) return 0;
      return isParallel(stage) && stage.needs === 'any' ? Math.min(...minutes) : Math.max(...minutes);
    });
    const total = each.reduce((sum, minutes) => sum + minutes, 0);
    return total > boundsOf(whole.within, program).most
      ? [finding('L218', path, `the deadlines of its steps together are longer than ${formatDuration(whole.within)}`)]
      : [];
  });
}

function findIdleDeputies(program: Program): readonly LintFinding[] {
  return program.governance.people.flatMap(({ alias, deputy }, at) =>
    deputy === null || mayApproveAlone(program, deputy, null)
      ? []
      : [
          finding(
            'L310',
            ['governance', 'people', at, 'deputy'],
            `${deputy} answers for ${alias}, and decides in no role and up to no value`,
          ),
        ],
  );
}

/** Only a program that knows when people are away can be asked who answers then. */
function findNoFallback({ governance }: Program): readonly LintFinding[] {
  return governance.people.length === 0 || governance.fallback !== null
    ? []
    : [finding('L311', ['governance', 'fallback'], 'nobody is asked where everybody who may decide is away or has a stake')];
}

const SHARES = { region: 'regions', territory: 'territories', product_line: 'productLines' } as const;

function findUnsharedWork(program: Program): readonly LintFinding[] {
  return placedSteps(program).flatMap(({ path, step }) =>
    (step.by ?? []).flatMap((by, at) => {
      const hasShare = membersOf(program, step.role).some((alias) => (personOf(program, alias)?.[SHARES[by]].length ?? 0) > 0);
      return hasShare ? [] : [finding('L312', [...path, 'by', at], `no member of ${step.role} has ${SHARES[by]} in governance.people`)];
    }),
  );
}
