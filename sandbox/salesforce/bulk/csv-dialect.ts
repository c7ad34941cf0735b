/** The dialects of CSV that Bulk API 2.0 speaks, read and written. Source: Bulk API 2.0 Developer Guide, "Create a Job", "Prepare CSV Files". */

import { Readable, pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';

export const COLUMN_DELIMITERS = { BACKQUOTE: '`', CARET: '^', COMMA: ',', PIPE: '|', SEMICOLON: ';', TAB: '\t' } as const;
export const LINE_ENDINGS = { LF: '\n', CRLF: '\r\n' } as const;

export interface CsvDialect {
  readonly columnDelimiter: keyof typeof COLUMN_DELIMITERS;
  readonly lineEnding: keyof typeof LINE_ENDINGS;
}

/** "Limits", Bulk API 2.0: characters in a record. A longer one cannot be told from a file with the wrong line ending. */
const MOST_RECORD_CHARS = 400_000;

/** Data that cannot be read: the job fails with `message`, and what lies behind stays unprocessed. */
export class UnreadableData extends Error {}

/** One line with every value in quotes, as Salesforce writes its results; null is an empty value. */
export function formatCsvLine(dialect: CsvDialect, values: readonly (string | null)[]): string {
  const cells = values.map((value) => `"${(value ?? '').replaceAll('"', '""')}"`);
  return cells.join(COLUMN_DELIMITERS[dialect.columnDelimiter]) + LINE_ENDINGS[dialect.lineEnding];
}

/**
 * The rows of `chunks`, the header first, as they come: no more than a chunk is in memory. Blank lines are none.
 *
 * @throws UnreadableData where a quote or the line ending is wrong. A byte order mark is not skipped: Salesforce takes it for data.
 */
export async function* readCsvRows(dialect: CsvDialect, chunks: Iterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  const parser = parse({
    delimiter: COLUMN_DELIMITERS[dialect.columnDelimiter],
    record_delimiter: LINE_ENDINGS[dialect.lineEnding],
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MOST_RECORD_CHARS,
  });
  const source = Readable.from(checkedChunks(dialect, chunks));
  // The iteration below meets every failure; pipeline only wants to tell it too.
  pipeline(source, parser, () => undefined);
  try {
    for await (const row of parser) yield row as readonly string[];
  } catch (error) {
    throw error instanceof CsvError ? new UnreadableData(wordsOf(error)) : error;
  } finally {
    source.destroy();
    parser.destroy();
  }
}

/** Passes the chunks on when the first line ends as the job says. */
function* checkedChunks(dialect: CsvDialect, chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  let head: Buffer | null = Buffer.alloc(0);
  for (const chunk of chunks) {
    if (head !== null) {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\n');
      if (end !== -1) {
        const ending = head[end - 1] === 0x0d ? 'CRLF' : 'LF';
        if (ending !== dialect.lineEnding) throw new UnreadableData(wrongLineEnding(dialect));
        head = null;
      } else if (head.length > MOST_RECORD_CHARS) throw new UnreadableData(wrongLineEnding(dialect));
    }
    yield chunk;
  }
}

function wrongLineEnding(dialect: CsvDialect): string {
  return `ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is ${dialect.lineEnding}`;
}

const OPEN_QUOTE = 'EOF reached before closing an opened quote';
const STRAY_QUOTE = 'Found unescaped quote. A value with quote should be within a quote';

function wordsOf(error: CsvError): string {
  const words: Partial<Record<typeof error.code, string>> = {
    CSV_QUOTE_NOT_CLOSED: OPEN_QUOTE,
    CSV_INVALID_CLOSING_QUOTE: STRAY_QUOTE,
    INVALID_OPENING_QUOTE: STRAY_QUOTE,
    CSV_MAX_RECORD_SIZE: `A record has more than ${MOST_RECORD_CHARS} characters`,
  };
  return `InvalidBatch : Failed to parse CSV. ${words[error.code] ?? error.message}`;
}
