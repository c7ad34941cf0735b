import { CrmFailure } from '../failures.ts';

const NAME = /^[A-Za-z][A-Za-z0-9_]{0,79}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z$/;

// https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_quotedstringescapes.htm
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

/** Quotes `value` as a SOQL string. Every value that reaches a query as text goes through here. */
export function quoteText(value: string): string {
  return `'${value.replace(/[\\'"\n\r\t\u0008\f]/g, (character) => ESCAPES[character] ?? character)}'`;
}

/** Writes an ISO 8601 UTC instant as a SOQL datetime, which stands without quotes; anything else is refused. */
export function datetimeLiteral(instant: string): string {
  if (!INSTANT.test(instant))
    throw new CrmFailure('CRM_REQUEST_INVALID', `${quoteText(instant)} is not an instant; expected such as 2026-11-23T10:00:00.000Z`);
  return instant;
}

/** Lets the name of an object or a field through, and nothing that could be more than a name. */
export function checkName(name: string): string {
  if (!NAME.test(name)) throw new CrmFailure('CRM_FIELD_UNKNOWN', `${quoteText(name)} is not the name of an object or a field`);
  return name;
}
