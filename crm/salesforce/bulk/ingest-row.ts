import { CrmFailure } from '../../failures.ts';
import type { BulkOutcome, BulkTarget, RemoteWrite } from '../../port.ts';
import { refusalOf, type RowComplaint } from '../write-outcome.ts';
import type { CsvRow } from './read-csv.ts';

/** A row of `successfulResults`: the record's id and whether it was made, then the row as it was uploaded. */
export function readWrittenRow(row: CsvRow, target: BulkTarget): BulkOutcome {
  const { sf__Id: id = '', sf__Created: created = '' } = row;
  if (id === '') throw new CrmFailure('CRM_UNAVAILABLE', 'A written row of a bulk job has no id');
  return { key: keyOf(row, target), outcome: { kind: 'written', id, created: created === 'true' } };
}

/** A row of `failedResults`, judged as a refused row of a collection is. */
export function readFailedRow(row: CsvRow, target: BulkTarget): BulkOutcome {
  return { key: keyOf(row, target), outcome: refusalOf([readComplaint(row['sf__Error'] ?? '')], writeOf(row, target)) };
}

/**
 * `sf__Error` is `CODE:message:fields --`, such as `REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --`.
 * https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/get_job_failed_results.htm
 */
function readComplaint(words: string): RowComplaint {
  const [, code = null, rest = words] = /^([A-Z][A-Z0-9_]*):(.*)$/s.exec(words) ?? [];
  const [, message = rest, fields = ''] = /^(.*):((?:[\w.]+(?:, ?)?)*) ?--$/s.exec(rest) ?? [];
  return { code, message, fields: fields.split(',').flatMap((field) => (field.trim() === '' ? [] : [field.trim()])) };
}

function keyOf(row: CsvRow, target: BulkTarget): string {
  const key = row[target.kind === 'id' ? 'Id' : target.field];
  if (key === undefined || key === '') throw new CrmFailure('CRM_UNAVAILABLE', 'A row of a bulk job does not say what it was found by');
  return key;
}

/** What was asked for, as far as judging a refusal needs it. */
function writeOf(row: CsvRow, target: BulkTarget): RemoteWrite {
  const key = keyOf(row, target);
  const cells = Object.entries(row).filter(([name, cell]) => cell !== '' && name !== 'Id' && !name.startsWith('sf__'));
  const parents = cells.filter(([name]) => name.includes('.')).map(([name, value]) => [name, { object: '', field: name, value }] as const);
  return {
    target: target.kind === 'id' ? { kind: 'id', id: key } : { kind: 'external_id', field: target.field, value: key },
    fields: Object.fromEntries(cells),
    parents: Object.fromEntries(parents),
  };
}
