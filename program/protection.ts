import type { Program } from './definition/program.ts';
import { refuse, type Refusal } from './failures.ts';
import type { ProtectionWindow } from './registration-life.ts';
import type { Instant } from './vocabulary.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * The protection of a claim that is approved at `approvedAt`: half-open, so that at `until` it has ended. Days are 24 h; no time zone enters.
 * Program: `protection.anchor`, `protection.windowDays`.
 */
export function protectionWindow(program: Program, approvedAt: Instant): ProtectionWindow {
  return { from: approvedAt, until: plusDays(approvedAt, program.protection.windowDays) };
}

/** True from the first instant of the window to the last before its end. */
export function isProtectedAt(protection: ProtectionWindow, now: Instant): boolean {
  const at = Date.parse(now);
  return Date.parse(protection.from) <= at && at < Date.parse(protection.until);
}

/**
 * Prolongs a protection by `days`, counted from its end, not from the request: or says why not.
 *
 * Refused when the protection has ended (at exactly `until` it has), when the program's extensions are used up, and for anything but a whole number of days
 * from 1 to the declared length.
 */
export function extendProtection(
  program: Program,
  protection: ProtectionWindow,
  extensionsUsed: number,
  days: number,
  now: Instant,
): { readonly kind: 'extended'; readonly protection: ProtectionWindow } | Refusal {
  const { maxCount, days: longest } = program.protection.extension;
  if (Date.parse(now) >= Date.parse(protection.until)) {
    return refuse('EXTENSION_NOT_ALLOWED', `The protection ended at ${protection.until}; an extension has to be asked for before the end.`);
  }
  if (extensionsUsed >= maxCount) {
    const allowed = maxCount === 0 ? 'no extension' : maxCount === 1 ? 'one extension' : `${maxCount} extensions`;
    return refuse(
      'EXTENSION_NOT_ALLOWED',
      `The program allows ${allowed}, and ${extensionsUsed} ${extensionsUsed === 1 ? 'was' : 'were'} granted.`,
    );
  }
  if (!Number.isInteger(days) || days < 1 || days > longest) {
    return refuse('EXTENSION_NOT_ALLOWED', `An extension by ${days} days is not possible; expected 1–${longest}.`);
  }
  return { kind: 'extended', protection: { from: protection.from, until: plusDays(protection.until, days) } };
}

function plusDays(at: Instant, days: number): Instant {
  return new Date(Date.parse(at) + days * DAY_MS).toISOString();
}
