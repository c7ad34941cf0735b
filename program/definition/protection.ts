import { condition } from './condition.ts';
import { plannedStage } from './conflict-rule.ts';
import { anyOf, duration, flag, id, plainDate, section, span, wallClock, wholeNumber, word } from './scalar.ts';

/**
 * Further time for a protection, asked for by the partner or the rep. `maxTotal`: of window and extensions together, null without an end.
 *
 * `askWithin`: how long after the end it may still be asked for; null: only before the end. `activityWithin`: the linked opportunity has to have been worked on
 * that lately; null: no test. `decidedBy`: who is asked first; null where it is granted at once. `then`: who is asked after that. `pendingSuspendsExpiry`: while it is asked for, the protection does not end.
 */
const extension = section({
  maxCount: wholeNumber(0, 10),
  length: duration,
  maxTotal: duration.nullable().default(null),
  askWithin: duration.nullable().default(null),
  activityWithin: span.nullable().default(null),
  decidedBy: id.nullable().default(null),
  // oxlint-disable-next-line unicorn/no-thenable -- a list is not called when it is awaited, and authors read: decided by one, then by others
  then: anyOf(plannedStage).default([]),
  pendingSuspendsExpiry: flag.default(false),
});

/**
 * How long a winner is protected, from when, and how it is prolonged. The first of `windows` whose condition holds gives the length, otherwise `window`.
 *
 * `endsAt` `instant`: exactly that long after the anchor. `end_of_day`: at midnight after that day, in the default calendar's zone.
 * `reminders`: how long before the end the parties are reminded. `waitBeforeClose`: an opportunity that is won or lost sooner after the approval closes the
 * registration only then.
 */
export const protection = section({
  anchor: word(['approval', 'submission']),
  window: duration,
  windows: anyOf(section({ when: condition, window: duration })).default([]),
  endsAt: word(['instant', 'end_of_day']).default('instant'),
  reminders: anyOf(span).default([]),
  waitBeforeClose: duration.nullable().default(null),
  extension,
});

/** When claims are taken: not from `from` until before `until`, both at `time` in the default calendar's zone. What comes in then is received at the end. */
export const freeze = section({ from: plainDate, until: plainDate, time: wallClock });

/**
 * When and how often a denial may be appealed. `steps`: who hears the appeal; none: the next role up from whoever decided, so that nobody hears an appeal against an
 * own decision as long as somebody else can.
 */
export const appeal = section({
  window: duration,
  maxCount: wholeNumber(0, 5),
  needsNewEvidence: flag,
  steps: anyOf(plannedStage).default([]),
});

/** An approved claim that is given to another partner. `steps`: who agrees to it; none: whoever stands on the ladder from its second role on does it alone. */
export const transfer = section({ steps: anyOf(plannedStage).default([]) });

/** Denied claims that move up when the winner's protection ends. They are forgotten after `keep`. */
export const waitlist = section({ order: word(['receipt']), keep: duration });
