/** Functions of texts. Source: Salesforce Help, "Formula Functions: Text". */

import type { Decimal } from 'decimal.js';
import { completeId } from '../store/record-id.ts';
import type { Expression, FormulaValue } from './expression.ts';
import { FormulaFailure, FormulaNumber, textOf } from './expression.ts';
import { given } from './logic-function.ts';
import type { FormulaFunction } from './signature.ts';
import { NUMBER, ofTexts, strict, TEXT } from './signature.ts';

const whole = (value: FormulaValue): number => Math.trunc(Number(value));

export const TEXT_FUNCTIONS: Readonly<Record<string, FormulaFunction>> = {
  LEN: ofTexts(1, 'Number', ([text = '']) => new FormulaNumber(text.length)),
  LEFT: strict([TEXT, NUMBER], 'Text', ([text, count]) => textOf(String(text).slice(0, Math.max(0, whole(count ?? 0))))),
  RIGHT: strict([TEXT, NUMBER], 'Text', ([text, count]) => {
    const length = Math.max(0, whole(count ?? 0));
    return textOf(length === 0 ? '' : String(text).slice(-length));
  }),
  // The first character is 1, and so is everything before it.
  MID: strict([TEXT, NUMBER, NUMBER], 'Text', ([text, start, count]) => {
    const from = Math.max(0, whole(start ?? 1) - 1);
    return textOf(String(text).slice(from, from + Math.max(0, whole(count ?? 0))));
  }),
  TRIM: strict([TEXT], 'Text', ([text]) => textOf(String(text).trim())),
  UPPER: strict([TEXT, TEXT], 'Text', ([text, locale]) => textOf(cased(String(text), locale, 'upper')), { optional: 1 }),
  LOWER: strict([TEXT, TEXT], 'Text', ([text, locale]) => textOf(cased(String(text), locale, 'lower')), { optional: 1 }),
  CONTAINS: ofTexts(2, 'Boolean', ([text = '', part = '']) => text.includes(part)),
  // A blank text begins with nothing: that is neither true nor false. Every text begins with a blank one.
  BEGINS: {
    takes: [TEXT, TEXT],
    compile: ([text, part]) => ({
      type: 'Boolean',
      evaluate: (at) => {
        const value = given(text).evaluate(at);
        return value === null ? null : String(value).startsWith(String(given(part).evaluate(at) ?? ''));
      },
    }),
  },
  FIND: {
    takes: [TEXT, TEXT, NUMBER],
    optional: 1,
    compile: ([part, text, start]) => ({
      type: 'Number',
      evaluate: (at) => {
        const [needle, hay] = [given(part).evaluate(at), given(text).evaluate(at)];
        const from = start === undefined ? 1 : whole(start.evaluate(at));
        if (needle === null || hay === null || from < 1) return new FormulaNumber(0);
        return new FormulaNumber(String(hay).indexOf(String(needle), from - 1) + 1);
      },
    }),
  },
  SUBSTITUTE: {
    takes: [TEXT, TEXT, TEXT],
    compile: ([text, part, other]) => ({
      type: 'Text',
      evaluate: (at) => {
        const [value, old, fresh] = [text, part, other].map((each) => String(given(each).evaluate(at) ?? ''));
        return textOf(old === '' ? (value ?? '') : (value ?? '').replaceAll(old ?? '', () => fresh ?? ''));
      },
    }),
  },
  REGEX: { takes: [TEXT, TEXT], compile: ([text, pattern]) => compileRegex(given(text), given(pattern)) },
  LPAD: strict([TEXT, NUMBER, TEXT], 'Text', ([text, length, pad]) => padded(String(text), whole(length ?? 0), pad, 'start'), {
    optional: 1,
  }),
  RPAD: strict([TEXT, NUMBER, TEXT], 'Text', ([text, length, pad]) => padded(String(text), whole(length ?? 0), pad, 'end'), {
    optional: 1,
  }),
  CASESAFEID: strict([TEXT], 'Text', ([id]) => (/^[0-9A-Za-z]{15}$/.test(String(id)) ? completeId(String(id)) : String(id))),
  BR: { takes: [], compile: () => ({ type: 'Text', evaluate: () => '\n' }) },
  TEXT: {
    takes: [['Number', 'Date', 'DateTime', 'Picklist']],
    compile: ([operand]) => {
      const value = given(operand);
      return { type: 'Text', evaluate: (at) => shown(value, value.evaluate(at)) };
    },
  },
  VALUE: strict([TEXT], 'Number', ([text]) => {
    if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(String(text))) throw new FormulaFailure(`Invalid number: ${String(text)}`);
    return new FormulaNumber(String(text));
  }),
  ISNUMBER: ofTexts(1, 'Boolean', ([text = '']) => /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)),
};

function cased(text: string, locale: FormulaValue | undefined, to: 'upper' | 'lower'): string {
  const tag = typeof locale === 'string' ? locale.replaceAll('_', '-') : 'en';
  return to === 'upper' ? text.toLocaleUpperCase(tag) : text.toLocaleLowerCase(tag);
}

function padded(text: string, length: number, pad: FormulaValue | undefined, side: 'start' | 'end'): string | null {
  if (length <= 0) return null;
  const filler = typeof pad === 'string' ? pad : ' ';
  const full = side === 'start' ? text.padStart(length, filler) : text.padEnd(length, filler);
  return textOf(full.slice(0, length));
}

/** The whole text must fit. A blank one is the empty text, so that a pattern can allow it. */
function compileRegex(text: Expression, pattern: Expression): Expression {
  const known = new Map<string, RegExp>();
  const regexOf = (source: string): RegExp => {
    const seen = known.get(source);
    if (seen !== undefined) return seen;
    const fresh = javaRegex(source);
    known.set(source, fresh);
    return fresh;
  };
  return {
    type: 'Boolean',
    evaluate: (at) => regexOf(String(pattern.evaluate(at) ?? '')).test(String(text.evaluate(at) ?? '')),
  };
}

/** Java writes the flag for any case into the pattern; the other differences of the two dialects are left as they are. */
function javaRegex(source: string): RegExp {
  const plain = source.replaceAll('(?i)', '');
  try {
    return new RegExp(`^(?:${plain})$`, plain === source ? '' : 'i');
  } catch {
    throw new FormulaFailure('Invalid regular expression');
  }
}

function shown(expression: Expression, value: FormulaValue): string | null {
  if (value === null) return null;
  switch (expression.type) {
    case 'Number':
      return numberText(value as Decimal, expression.literal !== undefined);
    case 'Date':
      return new Date(Number(value)).toISOString().slice(0, 10);
    case 'DateTime':
      return new Date(Number(value))
        .toISOString()
        .replace('T', ' ')
        .replace(/\.\d+Z$/, 'Z');
    case 'Text':
    case 'Boolean':
    case 'Picklist':
    case 'Multipicklist':
    case 'Null':
      return textOf(String(value));
  }
}

/** Plain digits; the zero before the point is left out, unless the number is written so in the formula. */
function numberText(value: Decimal, isLiteral: boolean): string {
  const digits = value.toFixed();
  return isLiteral ? digits : digits.replace(/^(-?)0\./, '$1.');
}
