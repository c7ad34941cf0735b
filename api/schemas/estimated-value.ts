import { Decimal } from 'decimal.js';
import { z } from 'zod';
import { isCurrency } from '../../program/currency.ts';
import { problemOfMoney } from '../../program/money.ts';
import { body } from './text.ts';

// A constructor of our own: the library's default one is global and could be reconfigured elsewhere.
const Exact = Decimal.clone({ precision: 60 });

/** What is larger is a slip of the keyboard, not a deal. */
const MOST = '1000000000000';
/** The field of the CRM and the column of the store keep two decimals; a third one (KWD) would be lost without a word. */
const KEPT_DECIMALS = 2;

const amount = z
  .string({ error: 'expected a decimal in quotes, such as "25000.00"' })
  .regex(/^-?\d{1,16}(\.\d{1,16})?$/, { error: 'expected a plain decimal with at most 16 digits before the point, such as "25000.00"' })
  .refine((text) => !isDecimal(text) || new Exact(text).gt(0), { error: 'expected an amount above zero' })
  .refine((text) => !isDecimal(text) || new Exact(text).lte(MOST), { error: `expected an amount of at most ${MOST}` });

/** Handed on with two decimals, as it is stored. */
export const estimatedValue = body({
  amount,
  currency: z
    .string({ error: 'expected an ISO 4217 currency code' })
    .refine(isCurrency, { error: 'expected an ISO 4217 currency code in capitals, such as USD' }),
})
  .check((context) => {
    // What is wrong with the amount by itself was said already.
    if (context.issues.length > 0) return;
    const { value } = context;
    const decimals = new Exact(value.amount).decimalPlaces();
    const message = problemOfMoney(value) ?? (decimals > KEPT_DECIMALS ? `expected at most ${KEPT_DECIMALS} decimals` : null);
    if (message !== null) context.issues.push({ code: 'custom', message, path: ['amount'], input: value.amount });
  })
  .transform((money) => ({ amount: new Exact(money.amount).toFixed(KEPT_DECIMALS), currency: money.currency }));

/** Checks of one field all run, also after one that failed; `Decimal` throws at what is none. */
function isDecimal(text: string): boolean {
  return /^-?\d{1,16}(\.\d{1,16})?$/.test(text);
}
