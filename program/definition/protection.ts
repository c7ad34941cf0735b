import { flag, section, wholeNumber, word } from './scalar.ts';

/** Further time for a protection, asked for by the partner or the rep. Days of 24 hours. */
const extension = section({
  maxCount: wholeNumber(0, 10),
  days: wholeNumber(1, 365),
  /** `protection_end`: at the end it is too late. */
  askBefore: word(['protection_end']),
});

/** How long a winner is protected, from when, and how it is prolonged. A day is 24 hours. */
export const protection = section({
  anchor: word(['approval']),
  windowDays: wholeNumber(1, 365),
  extension,
});

export const appeal = section({ windowDays: wholeNumber(1, 365), maxCount: wholeNumber(0, 5), needsNewEvidence: flag });

/** Denied claims that move up when the winner's protection ends. They are forgotten after `keepDays`. */
export const waitlist = section({ order: word(['receipt']), keepDays: wholeNumber(1, 3650) });
