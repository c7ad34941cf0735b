import { definedSteps, isParallel } from '../approval/planned-stage.ts';
import { formatDuration, type Duration } from '../duration.ts';
import type { Program } from '../definition/program.ts';
import { finding, type LintFinding } from './finding.ts';
import { boundsOf, isCertainlyLonger } from './time-span.ts';

/** L205–L210, L213, L214: clocks of the protection that contradict each other. Said only where no calendar can make them fit. */
export function lintProtection(program: Program): readonly LintFinding[] {
  return [
    ...findExtensions(program),
    ...findIdleAsking(program),
    ...findReminders(program),
    ...findLateDecisions(program),
    ...findShortWaitlist(program),
  ];
}

/** The general window and those of rows, each with its place. */
function windowsOf({ protection: { window, windows } }: Program) {
  return [
    { path: ['protection', 'window'] as const, window },
    ...windows.map((row, at) => ({ path: ['protection', 'windows', at, 'window'] as const, window: row.window })),
  ];
}

function findExtensions(program: Program): readonly LintFinding[] {
  const { length, maxCount, maxTotal } = program.protection.extension;
  if (maxTotal === null || maxCount === 0) return [];
  const path = ['protection', 'extension', 'maxTotal'];
  const total = boundsOf(maxTotal, program);
  const extension = boundsOf(length, program);
  const windows = windowsOf(program).map(({ window }) => ({ window, bounds: boundsOf(window, program) }));
  const tooLong = windows.filter(({ bounds }) => bounds.least + extension.least > total.most);
  const [longest] = [...windows].sort((left, right) => right.bounds.most - left.bounds.most);
  const isNeverReached = longest !== undefined && longest.bounds.most + maxCount * extension.most < total.least;
  return [
    ...tooLong.map(({ window }) =>
      finding(
        'L205',
        path,
        `${formatDuration(window)} and an extension of ${formatDuration(length)} are more than ${formatDuration(maxTotal)}`,
      ),
    ),
    ...(isNeverReached
      ? [
          finding(
            'L206',
            path,
            `${maxCount} × ${formatDuration(length)} after ${formatDuration(longest.window)} end before ${formatDuration(maxTotal)}`,
          ),
        ]
      : []),
  ];
}

/** What is said of asking for an extension and cannot come true. */
function findIdleAsking(program: Program): readonly LintFinding[] {
  const { askWithin, decidedBy, length, maxCount, pendingSuspendsExpiry } = program.protection.extension;
  if (maxCount === 0) return [];
  const path = ['protection', 'extension'];
  return [
    ...(pendingSuspendsExpiry && decidedBy === null
      ? [finding('L213', [...path, 'pendingSuspendsExpiry'], 'nobody decides extensions, and they suspend the end while they are pending')]
      : []),
    ...(askWithin !== null && isCertainlyLonger(askWithin, length, program)
      ? [
          finding(
            'L214',
            [...path, 'askWithin'],
            `${formatDuration(askWithin)} after the end, and it lasts ${formatDuration(length)} from the end on`,
          ),
        ]
      : []),
  ];
}

function findReminders(program: Program): readonly LintFinding[] {
  const { reminders } = program.protection;
  const path = ['protection', 'reminders'];
  return reminders.flatMap((reminder, at) => {
    const { least, most } = boundsOf(reminder, program);
    const tooEarly = windowsOf(program).filter(({ window }) => least >= boundsOf(window, program).most);
    const twin = reminders.slice(0, at).find((other) => {
      const bounds = boundsOf(other, program);
      return bounds.least === least && bounds.most === most;
    });
    return [
      ...tooEarly.map(({ window }) =>
        finding('L207', [...path, at], `${formatDuration(reminder)} before the end of a window of ${formatDuration(window)}`),
      ),
      ...(twin === undefined ? [] : [finding('L208', [...path, at], `${formatDuration(reminder)} is ${formatDuration(twin)}`)]),
    ];
  });
}

/** How long the steps of a row may take at least, in minutes, and the deadlines that make it up. */
interface LongReview {
  readonly length: number;
  readonly chain: readonly Duration[];
}

/** Counted from the submission, the window runs while people decide. */
function findLateDecisions(program: Program): readonly LintFinding[] {
  const { governance, protection, routing } = program;
  if (protection.anchor !== 'submission') return [];
  const reviews = routing.rows.map(({ steps }) =>
    steps.reduce<LongReview>(
      (review, stage) => {
        const reviews = definedSteps(stage).map((step): LongReview => {
          const deadline = step.deadline ?? [...governance.ladder, ...governance.desks].find(({ role }) => role === step.role)?.deadline;
          if (deadline === undefined) return review;
          const { least } = boundsOf(deadline, program);
          if (step.from !== 'submission') return { length: review.length + least, chain: [...review.chain, deadline] };
          // It runs beside the steps before it.
          return least > review.length ? { length: least, chain: [deadline] } : review;
        });
        // Of those who are asked at once the slowest counts, unless one is enough.
        const isOneEnough = isParallel(stage) && stage.needs === 'any';
        return reviews.reduce((last, other) => ((isOneEnough ? other.length < last.length : other.length > last.length) ? other : last));
      },
      { length: 0, chain: [] },
    ),
  );
  const longest = Math.max(0, ...reviews.map(({ length }) => length));
  const { chain } = reviews.find(({ length }) => length === longest) ?? { chain: [] };
  return windowsOf(program)
    .filter(({ window }) => longest > 0 && longest >= boundsOf(window, program).most)
    .map(({ path, window }) =>
      finding(
        'L209',
        path,
        `${formatDuration(window)} from the submission, and the review may take ${chain.map(formatDuration).join(' and ')}`,
      ),
    );
}

function findShortWaitlist(program: Program): readonly LintFinding[] {
  const { rules, waitlist } = program;
  const isUsed = rules.order.some(({ on }) => Object.values(on).some((outcome) => 'waitlist' in outcome && outcome.waitlist));
  if (!isUsed) return [];
  const longer = windowsOf(program).find(({ window }) => isCertainlyLonger(window, waitlist.keep, program));
  return longer === undefined
    ? []
    : [finding('L210', ['waitlist', 'keep'], `${formatDuration(waitlist.keep)}, and a protection lasts ${formatDuration(longer.window)}`)];
}
