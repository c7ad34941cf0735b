/** A half-open stretch of whole days in UTC, as `YYYY-MM-DD`: `from` is inside, `to` is the first day outside. */
export interface CalendarPeriod {
  readonly from: string;
  readonly to: string;
}

const DAY_MS = 86_400_000;

type Unit = 'day' | 'week' | 'month' | 'quarter' | 'year';

/**
 * The days that a date literal such as `LAST_N_DAYS:3` stands for at `now` (milliseconds); null for an unknown word.
 *
 * Users of the sandbox live in UTC, weeks begin on Sunday (locale en_US) and the fiscal year is the calendar year, so FISCAL words equal
 * the plain ones. LAST_N_x ends before the current x begins, save LAST_N_DAYS, which includes today; N_x_AGO is that single x.
 * Source: Salesforce, SOQL and SOSL Reference, "Date Formats and Date Literals in WHERE".
 */
export function readDateLiteral(literal: string, now: number): CalendarPeriod | null {
  const [word = '', count] = literal.toUpperCase().replace('FISCAL_', '').split(':');
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  if (count === undefined) return readPlain(word, today);
  const n = Number(count);
  return Number.isInteger(n) && n >= 0 ? readCounted(word, n, today) : null;
}

function readPlain(word: string, today: number): CalendarPeriod | null {
  switch (word) {
    case 'TODAY':
      return stretch(today, 'day', 0, 1);
    case 'YESTERDAY':
      return stretch(today, 'day', -1, 0);
    case 'TOMORROW':
      return stretch(today, 'day', 1, 2);
    case 'LAST_90_DAYS':
      return stretch(today, 'day', -90, 1);
    case 'NEXT_90_DAYS':
      return stretch(today, 'day', 1, 91);
  }
  const match = /^(?<which>LAST|THIS|NEXT)_(?<unit>WEEK|MONTH|QUARTER|YEAR)$/.exec(word)?.groups;
  if (match === undefined) return null;
  const step = match['which'] === 'LAST' ? -1 : match['which'] === 'THIS' ? 0 : 1;
  return stretch(today, unitOf(match['unit']), step, step + 1);
}

function readCounted(word: string, n: number, today: number): CalendarPeriod | null {
  const ago = /^N_(?<unit>DAY|WEEK|MONTH|QUARTER|YEAR)S_AGO$/.exec(word)?.groups;
  if (ago !== undefined) return stretch(today, unitOf(ago['unit']), -n, 1 - n);
  const match = /^(?<which>LAST|NEXT)_N_(?<unit>DAY|WEEK|MONTH|QUARTER|YEAR)S$/.exec(word)?.groups;
  if (match === undefined) return null;
  const unit = unitOf(match['unit']);
  if (match['which'] === 'NEXT') return stretch(today, unit, 1, n + 1);
  return stretch(today, unit, -n, unit === 'day' ? 1 : 0);
}

function unitOf(word: string | undefined): Unit {
  return (word ?? 'DAY').toLowerCase() as Unit;
}

function stretch(today: number, unit: Unit, fromSteps: number, toSteps: number): CalendarPeriod {
  return { from: startOf(today, unit, fromSteps), to: startOf(today, unit, toSteps) };
}

function startOf(today: number, unit: Unit, steps: number): string {
  const date = new Date(today);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  switch (unit) {
    case 'day':
      return dayText(today + steps * DAY_MS);
    case 'week':
      return dayText(today + (7 * steps - date.getUTCDay()) * DAY_MS);
    case 'month':
      return dayText(Date.UTC(year, month + steps, 1));
    case 'quarter':
      return dayText(Date.UTC(year, month - (month % 3) + 3 * steps, 1));
    case 'year':
      return dayText(Date.UTC(year + steps, 0, 1));
  }
}

function dayText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
