import type { RemoteRow } from '../port.ts';
import { definitionOf } from './describe.ts';
import { columnsOf, readRow } from './remote-row.ts';
import { chunkLiterals, runQuery } from './run-query.ts';
import type { Session } from './session.ts';
import { checkName, quoteText } from './soql-literal.ts';

const RECORD_ID = /^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/;

/**
 * Rows by id, deleted ones included; ids that do not exist, cannot be seen or are none are left out.
 * By queryAll rather than by Collections retrieve, which answers null for a deleted row as for one that never was. 500 ids make one call.
 */
export async function read(
  session: Session,
  object: string,
  ids: readonly string[],
  fields: readonly string[],
): Promise<readonly RemoteRow[]> {
  const literals = [...new Set(ids)].filter((id) => RECORD_ID.test(id)).map(quoteText);
  if (literals.length === 0) return [];
  const select = `SELECT ${columnsOf(await definitionOf(session, object), fields)} FROM ${checkName(object)} WHERE Id IN`;
  const soql = (chunk: readonly string[]): string => `${select} (${chunk.join(',')})`;
  const rows: RemoteRow[] = [];
  for (const chunk of chunkLiterals(literals, soql)) {
    const answer = await runQuery(session, { operation: 'read', soql: soql(chunk), includeDeleted: true });
    rows.push(...answer.records.map((record) => readRow(record, fields)));
  }
  return rows;
}
