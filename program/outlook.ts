import { DateTime } from 'luxon';
import { defaultCalendar } from './calendar.ts';
import type { Program } from './definition/program.ts';
import type { ProtectionWindow } from './registration-life.ts';
import type { Instant } from './vocabulary.ts';

/** An instant that somebody looks forward to, with a sentence for people, in the wall-clock time of the program's default calendar. */
export interface Prospect {
  readonly kind: 'protected_until' | 'step_due' | 'acknowledge_by' | 'decide_by';
  readonly at: Instant;
  readonly message: string;
}

/** What is known when the outlook is asked for: what an approval at `now` would give, and the clocks that run. */
export interface Outlook {
  readonly now: Instant;
  /** Null where it would not be approved now, and where the program does not say for how long. */
  readonly protection: ProtectionWindow | null;
  readonly steps: readonly { readonly label: string; readonly dueAt: Instant }[];
  readonly acknowledgeBy: Instant | null;
  readonly decideBy: Instant | null;
}

/** What follows when, in the order in which it comes: for whoever asks before submitting, or before approving. It promises nothing. */
export function outlookOf(program: Program, { now, protection, steps, acknowledgeBy, decideBy }: Outlook): readonly Prospect[] {
  const { timeZone } = defaultCalendar(program);
  const say = (at: Instant): string => speakInstant(at, timeZone);
  const prospects: readonly Prospect[] = [
    ...(acknowledgeBy === null
      ? []
      : [
          {
            kind: 'acknowledge_by' as const,
            at: acknowledgeBy,
            message: `Somebody is in touch with the partner by ${say(acknowledgeBy)}.`,
          },
        ]),
    ...steps.map(({ label, dueAt }) => ({ kind: 'step_due' as const, at: dueAt, message: `${label} answers by ${say(dueAt)}.` })),
    ...(decideBy === null ? [] : [{ kind: 'decide_by' as const, at: decideBy, message: `All of it is decided by ${say(decideBy)}.` }]),
    ...(protection === null
      ? []
      : [
          {
            kind: 'protected_until' as const,
            at: protection.until,
            message: `If it is approved now, at ${say(now)}, it is protected until ${say(protection.until)}.`,
          },
        ]),
  ];
  return prospects.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
}

/** `Mon 16 Nov 2026, 10:00 America/New_York`. */
export function speakInstant(at: Instant, timeZone: string): string {
  return `${DateTime.fromISO(at, { zone: timeZone, locale: 'en-GB' }).toFormat('ccc d LLL yyyy, HH:mm')} ${timeZone}`;
}
