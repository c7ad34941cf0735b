/** Limits of the account. Source: HubSpot developer documentation, "API usage guidelines and limits". */

import type { ApiError } from './wire/api-error.ts';

export interface Allowance {
  /** Calls of an app in ten seconds. */
  readonly tenSecondly: number;
  /** Calls of all apps in a day of the portal's time zone. */
  readonly daily: number;
  /** Searches of all apps in a second. */
  readonly search: number;
}

/** A Professional account with private apps. */
export const PROFESSIONAL: Allowance = { tenSecondly: 190, daily: 625_000, search: 5 };

const TEN_SECONDS_MS = 10_000;
const SECOND_MS = 1000;

export interface Limits {
  /** Counts a call of an app; the refusal where it is one too many. */
  readonly admit: (app: string, isSearch: boolean) => ApiError | null;
  /** The headers of an answer; a search has none, and who calls by OAuth is not told of the day. */
  readonly headers: (app: string, isByOauth: boolean) => Readonly<Record<string, string>>;
  readonly change: (allowance: Partial<Allowance>) => void;
  readonly clear: () => void;
}

export function createLimits(initial: Allowance, now: () => number, timeZone: string): Limits {
  // As a date of the portal: its day begins at its own midnight.
  const dates = new Intl.DateTimeFormat('en-CA', { timeZone });
  const windows = new Map<string, RollingWindow>();
  const callsOf = (app: string): RollingWindow => {
    const known = windows.get(app) ?? rollingWindow(TEN_SECONDS_MS);
    windows.set(app, known);
    return known;
  };
  const searches = rollingWindow(SECOND_MS);
  let allowance = initial;
  let day = { date: '', used: 0 };
  const today = () => {
    const date = dates.format(now());
    if (day.date !== date) day = { date, used: 0 };
    return day;
  };
  return {
    admit: (app, isSearch) => {
      const calls = callsOf(app);
      if (today().used >= allowance.daily) return tooMany('DAILY', 'daily');
      if (isSearch && searches.used(now()) >= allowance.search) return tooMany('SECONDLY', 'secondly');
      if (calls.used(now()) >= allowance.tenSecondly) return tooMany('TEN_SECONDLY_ROLLING', 'ten_secondly_rolling');
      today().used += 1;
      calls.add(now());
      if (isSearch) searches.add(now());
      return null;
    },
    headers: (app, isByOauth) => ({
      'x-hubspot-ratelimit-max': String(allowance.tenSecondly),
      'x-hubspot-ratelimit-remaining': String(Math.max(0, allowance.tenSecondly - callsOf(app).used(now()))),
      'x-hubspot-ratelimit-interval-milliseconds': String(TEN_SECONDS_MS),
      ...(isByOauth
        ? {}
        : {
            'x-hubspot-ratelimit-daily': String(allowance.daily),
            'x-hubspot-ratelimit-daily-remaining': String(Math.max(0, allowance.daily - today().used)),
          }),
    }),
    change: (changes) => {
      allowance = { ...allowance, ...changes };
    },
    clear: () => {
      allowance = initial;
      day = { date: '', used: 0 };
      windows.clear();
      searches.clear();
    },
  };
}

export function tooMany(policyName: 'DAILY' | 'SECONDLY' | 'TEN_SECONDLY_ROLLING', word: string): ApiError {
  return {
    kind: 'refusal',
    status: 429,
    message: `You have reached your ${word} limit.`,
    more: { errorType: 'RATE_LIMIT', policyName },
  };
}

interface RollingWindow {
  readonly used: (nowMs: number) => number;
  readonly add: (nowMs: number) => void;
  readonly clear: () => void;
}

/** The calls of the last `widthMs`; as many are held as are admitted. */
function rollingWindow(widthMs: number): RollingWindow {
  let times: number[] = [];
  return {
    used: (nowMs: number) => {
      // A clock that was set back leaves calls of the future, which count as none.
      times = times.filter((time) => time > nowMs - widthMs && time <= nowMs);
      return times.length;
    },
    add: (nowMs: number) => void times.push(nowMs),
    clear: () => {
      times = [];
    },
  };
}
