import type { RemoteRow } from '../port.ts';
import { definitionOf } from './describe.ts';
import { columnsOf, readRow } from './remote-row.ts';
import { chunkLiterals, runQuery } from './run-query.ts';
import type { Session } from './session.ts';
import { checkName, quoteText } from './soql-literal.ts';

/**
 * Rows in which the text field `field` has one of `values`, deleted ones left out. Salesforce compares texts without regard to case,
 * unless the field is defined as case-sensitive; a row is given once even when several values match it.
 */
export async function find(
  session: Session,
  object: string,
  field: string,
  values: readonly string[],
  fields: readonly string[],
): Promise<readonly RemoteRow[]> {
  const literals = [...new Set(values)].filter((value) => value !== '').map(quoteText);
  if (literals.length === 0) return [];
  const select = `SELECT ${columnsOf(await definitionOf(session, object), fields)} FROM ${checkName(object)} WHERE ${checkName(field)} IN`;
  const soql = (chunk: readonly string[]): string => `${select} (${chunk.join(',')})`;
  const rows = new Map<string, RemoteRow>();
  for (const chunk of chunkLiterals(literals, soql)) {
    const answer = await runQuery(session, { operation: 'find', soql: soql(chunk), includeDeleted: false });
    for (const record of answer.records) {
      const row = readRow(record, fields);
      rows.set(row.id, row);
    }
  }
  return [...rows.values()];
}
