import { DateTime } from 'luxon';
import type { Program } from './definition/program.ts';
import type { Instant } from './vocabulary.ts';

/** The program definitions that are in use. A registration is judged by the version that was current at its receipt, whatever is current later. */
export interface ProgramShelf {
  /** The version that new registrations are pinned to. */
  current(): Program;
  /** Null for a version that is not on the shelf. */
  byVersion(version: string): Program | null;
}

/** From when on a version is in force: 00:00 of its date in the zone of its own default calendar. Where that midnight is skipped, the first instant of the day. */
export function inForceFrom({ effectiveFrom, calendars, defaultCalendar }: Program): Instant {
  const zone = calendars.find(({ id }) => id === defaultCalendar)?.timeZone ?? 'utc';
  return DateTime.fromISO(effectiveFrom, { zone }).startOf('day').toUTC().toISO() as Instant;
}

/** Of the versions of one program, the latest that is in force at `now`, first instant inside; null before all of them. */
export function versionInForce(versions: readonly Program[], now: Instant): Program | null {
  const begun = versions.filter((program) => Date.parse(inForceFrom(program)) <= Date.parse(now));
  return begun.toSorted((left, right) => Date.parse(inForceFrom(right)) - Date.parse(inForceFrom(left)))[0] ?? null;
}

/**
 * The version by this name: of the running program, else of another one, where it is the only one that names a version so. Programs that were run before left
 * registrations behind that are still judged by them.
 */
export function findVersion(programs: readonly Program[], runningId: string, version: string): Program | null {
  const named = programs.filter((program) => program.version === version);
  return named.find(({ id }) => id === runningId) ?? (named.length === 1 ? (named[0] ?? null) : null);
}
