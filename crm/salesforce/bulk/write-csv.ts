import { stringify } from 'csv-stringify/sync';
import { CrmFailure } from '../../failures.ts';
import type { RemoteValue, RemoteWrite } from '../../port.ts';
import type { ObjectDefinition } from '../object-definition.ts';
import { checkName } from '../soql-literal.ts';

/** Empties the field; an empty cell leaves it as it is. */
const EMPTIED = '#N/A';

/** Salesforce takes 150 MB once it is in base 64, which is 100 MB here. https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta/salesforce_app_limits_cheatsheet/salesforce_app_limits_platform_bulkapi.htm */
const MOST_UPLOAD_BYTES = 100_000_000;
const ROWS_AT_A_TIME = 500;

export type Cells = Readonly<Record<string, string>>;

/**
 * The cells of one row by column, the record's own key first; null where CSV cannot carry it: the text `#N/A` would empty its field, a carriage return would
 * be taken for another line ending than the job's, and a lookup that describe does not know has no column.
 */
export function cellsOf({ target, fields, parents = {} }: RemoteWrite, definition: ObjectDefinition): Cells | null {
  const cells: Record<string, string> = {};
  const [key, value] = target.kind === 'id' ? ['Id', target.id] : [checkName(target.field), target.value];
  if (!isCarried(value) || value === '') return null;
  cells[key] = value;
  for (const [name, each] of Object.entries(fields)) {
    if (parents[name] !== undefined) continue;
    if (/^(id|attributes)$/i.test(name) || !isCarried(each)) return null;
    cells[checkName(name)] = each === null || each === '' ? EMPTIED : String(each);
  }
  for (const [name, parent] of Object.entries(parents)) {
    const relationship = definition.relationships.get(name);
    if (relationship === undefined || !isCarried(parent.value) || parent.value === '') return null;
    const isPolymorphic = (definition.fields.get(name)?.referenceTo.length ?? 1) > 1;
    cells[`${isPolymorphic ? `${checkName(parent.object)}:` : ''}${relationship}.${checkName(parent.field)}`] = parent.value;
  }
  return cells;
}

function isCarried(value: RemoteValue): boolean {
  return typeof value !== 'string' || (value.trim().toUpperCase() !== EMPTIED && !value.includes('\r'));
}

/**
 * CSV of rows, a piece at a time: one header for all of them, each cell in quotes unless it is empty. The rows are gone through twice, first for their columns.
 */
export async function* writeCsv(rows: () => AsyncIterable<RemoteWrite>, definition: ObjectDefinition): AsyncGenerator<Uint8Array> {
  const columns = new Set<string>();
  for await (const row of rows()) for (const column of Object.keys(fitted(row, definition))) columns.add(column);
  const names = [...columns];
  let bytes = 0;
  const encode = (lines: readonly (readonly string[])[]): Uint8Array => {
    const piece = Buffer.from(stringify([...lines], { quoted: true, quoted_empty: false, record_delimiter: '\n' }), 'utf8');
    bytes += piece.length;
    if (bytes > MOST_UPLOAD_BYTES)
      throw new CrmFailure('CRM_REQUEST_INVALID', `The rows of a job have more than ${MOST_UPLOAD_BYTES} bytes`);
    return piece;
  };
  let lines: string[][] = [names];
  for await (const row of rows()) {
    const cells = fitted(row, definition);
    lines.push(names.map((name) => cells[name] ?? ''));
    if (lines.length < ROWS_AT_A_TIME) continue;
    yield encode(lines);
    lines = [];
  }
  if (lines.length > 0) yield encode(lines);
}

function fitted(row: RemoteWrite, definition: ObjectDefinition): Cells {
  const cells = cellsOf(row, definition);
  if (cells === null) throw new CrmFailure('CRM_REQUEST_INVALID', `A row of ${definition.remote.name} does not fit into a bulk job`);
  return cells;
}
