import { pipeline, Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { CrmFailure } from '../../failures.ts';

/** A line by the names of the columns. Every cell is text; an empty one is an empty field. */
export type CsvRow = Readonly<Record<string, string>>;

/**
 * The rows of CSV as it comes, a piece in memory at a time. Data that ends within a row, or has not the column `required`, is no answer: CRM_UNAVAILABLE.
 *
 * https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/datafiles_prepare_csv.htm
 */
export async function* readCsv(data: AsyncIterable<Uint8Array>, required: string): AsyncGenerator<CsvRow> {
  let isCsv = false;
  const columns = (header: string[]): string[] => {
    isCsv = header.includes(required);
    return header;
  };
  const parser = parse({ columns, record_delimiter: '\n', skip_empty_lines: true });
  const source = Readable.from(data, { objectMode: false });
  // The iteration below meets every failure; pipeline only wants to tell it too.
  pipeline(source, parser, () => undefined);
  try {
    for await (const row of parser) {
      if (!isCsv) break;
      yield row as CsvRow;
    }
    if (!isCsv) throw new CrmFailure('CRM_UNAVAILABLE', `The answer to a bulk job has no column ${required}`);
  } catch (error) {
    if (error instanceof CrmFailure) throw error;
    throw new CrmFailure('CRM_UNAVAILABLE', 'The rows of a bulk job are not readable as CSV', { cause: error });
  } finally {
    source.destroy();
    parser.destroy();
  }
}
