/** What an org with several currencies has beside the rest. Source: Object Reference, pages CurrencyType, DatedConversionRate; Salesforce Help, "Implications of Enabling Multiple Currencies". */

import { checkBox, decimal, field, picklist, READ_ONLY, text } from './field.ts';
import type { FieldSource, ObjectSource } from './field.ts';
import { setupObject } from './setup-object.ts';

/** The currencies that the org is active in, and how much of each one unit of the corporate currency buys. */
export const CURRENCIES: readonly { readonly isoCode: string; readonly rate: number; readonly decimalPlaces: number }[] = [
  { isoCode: 'USD', rate: 1, decimalPlaces: 2 },
  { isoCode: 'EUR', rate: 0.8, decimalPlaces: 2 },
  { isoCode: 'GBP', rate: 0.75, decimalPlaces: 2 },
  { isoCode: 'JPY', rate: 150, decimalPlaces: 0 },
];
export const CORPORATE_CURRENCY = 'USD';

const ISO_CODES = CURRENCIES.map((each) => each.isoCode);
/** Standard objects whose records have a currency; all custom objects do. */
const WITH_CURRENCY = new Set(['Account', 'Contact', 'Lead', 'Opportunity', 'User', 'Task']);

function isoCode(name: string, label: string): FieldSource {
  return picklist(name, label, ISO_CODES, { length: 3, restrictedPicklist: true });
}

/** `source` with the currency of its records, and of a user's own amounts. */
export function withCurrency(source: ObjectSource): ObjectSource {
  if (!source.custom && !WITH_CURRENCY.has(source.name)) return source;
  const own = isoCode('CurrencyIsoCode', 'Currency ISO Code');
  return {
    ...source,
    fields: [...source.fields, own, ...(source.name === 'User' ? [isoCode('DefaultCurrencyIsoCode', 'Default Currency ISO Code')] : [])],
  };
}

export const CURRENCY_TYPE: ObjectSource = setupObject(
  'CurrencyType',
  '01L',
  [
    text('IsoCode', 'Currency ISO Code', 3, { nillable: false, unique: true }),
    field('ConversionRate', 'Conversion Rate', 'double', { precision: 18, scale: 6, nillable: false }),
    field('DecimalPlaces', 'Decimal Places', 'int', { precision: 1, nillable: false }),
    checkBox('IsActive', 'Active'),
    checkBox('IsCorporate', 'Corporate Currency', READ_ONLY),
  ],
  { writable: true },
);

export const DATED_CONVERSION_RATE: ObjectSource = setupObject(
  'DatedConversionRate',
  '04w',
  [
    text('IsoCode', 'Currency ISO Code', 3, { nillable: false }),
    field('StartDate', 'Start Date', 'date', { nillable: false }),
    field('NextStartDate', 'Next Start Date', 'date', READ_ONLY),
    decimal('ConversionRate', 'Conversion Rate', 'double', 18, 6),
  ],
  { writable: true, deletable: true },
);
