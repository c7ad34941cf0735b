/** Amounts in an org of several currencies. Source: SOQL and SOSL Reference, "Querying Currency Fields in Multicurrency Orgs". */

import { CORPORATE_CURRENCY } from '../schema/built-in-currency.ts';
import { quoteText } from './sql-part.ts';

/** An amount as SQL, and its currency; none where the org has one currency. */
interface Amount {
  readonly sql: string;
  readonly currencySql?: string;
}

function rateSql(currencySql: string): string {
  return `(SELECT "ConversionRate" FROM "CurrencyType" WHERE "IsoCode" = ${currencySql})`;
}

/** SQL of the operand in the corporate currency, in which aggregates are; as it is where the org has one currency. */
export function inCorporateCurrency({ sql, currencySql }: Amount): string {
  return currencySql === undefined ? sql : `(${sql} / ${rateSql(currencySql)})`;
}

/** The operand in the currency of a user. */
export function inCurrencyOf<Operand extends Amount>(userId: string, operand: Operand): Operand {
  if (operand.currencySql === undefined) return operand;
  const wanted = `COALESCE((SELECT "DefaultCurrencyIsoCode" FROM "User" WHERE "Id" = ${quoteText(userId)}), ${quoteText(CORPORATE_CURRENCY)})`;
  return { ...operand, sql: `(${inCorporateCurrency(operand)} * ${rateSql(wanted)})`, currencySql: wanted };
}

/** An amount with its currency before it, such as `EUR 1250.5`, which is what FORMAT() shows. */
export function namedAmount(currencySql: string, sql: string): string {
  return `(${currencySql} || ' ' || ${sql})`;
}
