/** Whether the org has several currencies, and what that makes of its records. Source: Salesforce Help, "Implications of Enabling Multiple Currencies". */

import { insertSetupRow } from './access/permission-row.ts';
import { CORPORATE_CURRENCY, CURRENCIES } from './schema/built-in-currency.ts';
import { quoted } from './store/database.ts';
import type { RecordStore } from './store/record-store.ts';

const MULTI_CURRENCY = 'multiCurrency';

export function isMultiCurrency(store: RecordStore, initial: boolean): boolean {
  return (store.readMeta(MULTI_CURRENCY) ?? String(initial)) === 'true';
}

/** In an org this cannot be taken back. */
export function enableMultiCurrency(store: RecordStore): void {
  store.writeMeta(MULTI_CURRENCY, 'true');
}

/** Writes the currencies that are missing, and gives records without a currency the corporate one; does nothing in an org of one currency. */
export function furnishCurrencies(store: RecordStore, nowMs: number): void {
  if (!store.schema.has('currencytype')) return;
  const known = new Set(store.select('SELECT "IsoCode" FROM "CurrencyType"').map((row) => row['IsoCode']));
  for (const { isoCode, rate, decimalPlaces } of CURRENCIES.filter((each) => !known.has(each.isoCode))) {
    const isCorporate = isoCode === CORPORATE_CURRENCY ? 1 : 0;
    const values = { IsoCode: isoCode, ConversionRate: rate, DecimalPlaces: decimalPlaces, IsActive: 1, IsCorporate: isCorporate };
    insertSetupRow(store, 'CurrencyType', values, nowMs);
  }
  for (const definition of store.schema.values()) {
    for (const field of definition.fields.filter((each) => each.name === 'CurrencyIsoCode' || each.name === 'DefaultCurrencyIsoCode')) {
      const column = quoted(field.name);
      store.run(`UPDATE ${quoted(definition.name)} SET ${column} = ? WHERE ${column} IS NULL`, CORPORATE_CURRENCY);
    }
  }
}

/** The currency of what the user makes without naming one. */
export function currencyOfUser(store: RecordStore, userId: string): string {
  const [row] = store.select('SELECT "DefaultCurrencyIsoCode" FROM "User" WHERE "Id" = ?', userId);
  return String(row?.['DefaultCurrencyIsoCode'] ?? CORPORATE_CURRENCY);
}
