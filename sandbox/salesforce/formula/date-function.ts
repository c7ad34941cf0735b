/** Functions of dates and times, all in UTC, which is the sample org's zone. Source: Salesforce Help, "Formula Functions: Date and Time". */

import type { Decimal } from 'decimal.js';
import { parseDate, parseInstant } from '../wire/instant.ts';
import { FormulaFailure, FormulaNumber } from './expression.ts';
import type { FormulaFunction } from './signature.ts';
import { DATE, NUMBER, strict } from './signature.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const YEARS = { first: 1, last: 9999 };

function ofDate(run: (date: Date) => number): FormulaFunction {
  return strict([DATE], 'Number', ([date]) => new FormulaNumber(run(new Date(Number(date)))));
}

export const DATE_FUNCTIONS: Readonly<Record<string, FormulaFunction>> = {
  TODAY: { takes: [], compile: () => ({ type: 'Date', evaluate: ({ nowMs }) => nowMs - (nowMs % DAY_MS) }) },
  NOW: { takes: [], compile: () => ({ type: 'DateTime', evaluate: ({ nowMs }) => nowMs }) },
  DATE: strict([NUMBER, NUMBER, NUMBER], 'Date', (parts) => {
    const [year = 0, month = 0, day = 0] = parts.map((part) => (part as Decimal).trunc().toNumber());
    return dateOf(year, month, day);
  }),
  DATEVALUE: strict([['Text', 'DateTime', 'Date']], 'Date', ([value]) => {
    if (typeof value === 'number') return value - (((value % DAY_MS) + DAY_MS) % DAY_MS);
    const date = parseDate(String(value));
    if (date === null) throw new FormulaFailure(`Invalid date: ${String(value)}`);
    return Date.parse(date);
  }),
  DATETIMEVALUE: strict([['Text', 'DateTime', 'Date']], 'DateTime', ([value]) => {
    if (typeof value === 'number') return value;
    const instant = parseInstant(String(value).trim().replace(' ', 'T'));
    if (instant === null) throw new FormulaFailure(`Invalid datetime: ${String(value)}`);
    return instant;
  }),
  YEAR: ofDate((date) => date.getUTCFullYear()),
  MONTH: ofDate((date) => date.getUTCMonth() + 1),
  DAY: ofDate((date) => date.getUTCDate()),
  // Sunday is 1.
  WEEKDAY: ofDate((date) => date.getUTCDay() + 1),
  // The last day of a month stays the last one.
  ADDMONTHS: {
    takes: [['Date', 'DateTime'], NUMBER],
    compile: ([from, months]) => ({
      type: from?.type === 'DateTime' ? 'DateTime' : 'Date',
      evaluate: (at) => {
        const [start, count] = [from?.evaluate(at) ?? null, months?.evaluate(at) ?? null];
        return start === null || count === null ? null : addMonths(Number(start), (count as Decimal).trunc().toNumber());
      },
    }),
  },
};

function dateOf(year: number, month: number, day: number): number {
  const epochMs = new Date(0).setUTCFullYear(year, month - 1, day);
  const date = new Date(epochMs);
  const isSame = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!isSame || year < YEARS.first || year > YEARS.last) throw new FormulaFailure('Invalid date');
  return epochMs;
}

function addMonths(epochMs: number, months: number): number {
  const date = new Date(epochMs);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const wasLast = day === lastDay(year, month);
  const target = month + months;
  const latest = lastDay(year, target);
  const shifted = new Date(epochMs);
  shifted.setUTCFullYear(year, target, wasLast ? latest : Math.min(day, latest));
  return shifted.getTime();
}

function lastDay(year: number, month: number): number {
  return new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
}
