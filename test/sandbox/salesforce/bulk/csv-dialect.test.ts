import fc from 'fast-check';
import { COLUMN_DELIMITERS, formatCsvLine, LINE_ENDINGS, readCsvRows } from '../../../../sandbox/salesforce/bulk/csv-dialect.ts';
import type { CsvDialect } from '../../../../sandbox/salesforce/bulk/csv-dialect.ts';

const DIALECTS = Object.keys(COLUMN_DELIMITERS).flatMap((columnDelimiter) =>
  Object.keys(LINE_ENDINGS).map((lineEnding) => ({ columnDelimiter, lineEnding }) as CsvDialect),
);

async function read(dialect: CsvDialect, text: string, cuts: readonly number[] = []): Promise<readonly (readonly string[])[]> {
  const bytes = Buffer.from(text);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
  const rows: (readonly string[])[] = [];
  for await (const row of readCsvRows(dialect, chunks)) rows.push(row);
  return rows;
}

/** Text in which what is special to some dialect is frequent. */
const cell = fc.string({
  unit: fc.oneof(fc.constantFrom('"', ',', ';', '|', '^', '`', '\t', '\n', '\r', ' ', 'é', '漢', '😀'), fc.string({ maxLength: 3 })),
});
const table = fc
  .integer({ min: 1, max: 5 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }));
// The line ending is known by the first line, so a header is one line.
const header = (rows: readonly (readonly string[])[]) => (rows[0] ?? []).map((_each, index) => `Column${index}`);

describe('formatCsvLine and readCsvRows', () => {
  it('give back what was written, in every dialect and however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...DIALECTS), table, fc.array(fc.nat(), { maxLength: 8 }), async (dialect, rows, cuts) => {
        const whole = [header(rows), ...rows];
        const text = whole.map((row) => formatCsvLine(dialect, row)).join('');
        expect(await read(dialect, text, cuts)).toEqual(whole);
      }),
      { numRuns: 300 },
    );
  });

  it('write an empty value for null, in quotes as everything', () => {
    expect(formatCsvLine({ columnDelimiter: 'PIPE', lineEnding: 'CRLF' }, ['a"b', null, ''])).toBe('"a""b"|""|""\r\n');
  });
});

describe('readCsvRows', () => {
  const LF: CsvDialect = { columnDelimiter: 'COMMA', lineEnding: 'LF' };
  const CRLF: CsvDialect = { columnDelimiter: 'COMMA', lineEnding: 'CRLF' };

  it.each([
    [
      'a last line without an end',
      LF,
      'A,B\n1,2',
      [
        ['A', 'B'],
        ['1', '2'],
      ],
    ],
    ['blank lines', LF, 'A\n\n1\n\n', [['A'], ['1']]],
    ['a quoted empty value, which is a row', LF, 'A\n""\n', [['A'], ['']]],
    ['rows of other lengths, which are for the job to judge', LF, 'A,B\n1\n1,2,3\n', [['A', 'B'], ['1'], ['1', '2', '3']]],
    ['a line feed within quotes', CRLF, 'A\r\n"1\n2"\r\n', [['A'], ['1\n2']]],
    ['nothing', LF, '', []],
  ])('reads %s', async (_what, dialect, text, rows) => {
    expect(await read(dialect, text)).toEqual(rows);
  });

  it.each([
    ['CRLF where LF is set', LF, 'A\r\n1\r\n', 'ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is LF'],
    ['LF where CRLF is set', CRLF, 'A\n1\n', 'ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is CRLF'],
    ['a quote within a value', LF, 'A\n1"2\n', /Found unescaped quote/],
    ['text behind a closed quote', LF, 'A\n"1"2\n', /Found unescaped quote/],
    ['an open quote at the end', LF, 'A\n"1\n', /EOF reached before closing an opened quote/],
    ['a record without end', LF, `A\n${'x'.repeat(400_100)}\n`, /more than 400000 characters/],
  ])('refuses %s', async (_what, dialect, text, message) => {
    await expect(read(dialect, text)).rejects.toThrow(message);
  });

  it('reads as much as it is asked for', async () => {
    let taken = 0;
    const chunks = (function* () {
      for (taken = 1; taken <= 1000; taken += 1) yield Buffer.from(`${'A\n'.repeat(10_000)}`);
    })();
    for await (const _row of readCsvRows(LF, chunks)) break;
    expect(taken).toBeLessThan(50);
  });
});
