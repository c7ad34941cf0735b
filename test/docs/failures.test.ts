import { CRM_FAILURES } from '../../crm/failures.ts';
import { ACTIVITY_FAILURES, REFUSALS } from '../../program/failures.ts';
import { MESSAGE_FAILURES } from '../../program/notification/message-failure.ts';
import { readDocument, sectionOf, tableIn } from './document.ts';

const document = readDocument('docs/failures.md');

function documented(heading: string, ...columns: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const rows = tableIn(sectionOf(document, heading));
  const entries = rows.map((row) => [row['code'] ?? '', columns.map((column) => row[column] ?? '')] as const);
  expect(new Set(entries.map(([code]) => code)).size).toBe(rows.length);
  for (const row of rows) expect(Object.entries(row).filter(([, text]) => text === '')).toEqual([]);
  return Object.fromEntries(entries);
}

const yesOrNo = (retryable: boolean): string => (retryable ? 'yes' : 'no');

describe('docs/failures.md', () => {
  it('has exactly the refusals, each with its status', () => {
    const catalogue = Object.entries(REFUSALS).map(([code, { status }]) => [code, [String(status)]]);
    expect(documented('Refusals', 'status')).toEqual(Object.fromEntries(catalogue));
  });

  it('has exactly the failures of activities, and says which are repeated', () => {
    const catalogue = Object.entries(ACTIVITY_FAILURES).map(([code, { retryable }]) => [code, [yesOrNo(retryable)]]);
    expect(documented('Failures of activities', 'retryable')).toEqual(Object.fromEntries(catalogue));
  });

  it('has exactly the failures of a CRM, with the category and the remedy that a sync issue shows', () => {
    const catalogue = Object.entries(CRM_FAILURES).map(([code, { retryable, category, remedy }]) => [
      code,
      [yesOrNo(retryable), category, remedy],
    ]);
    expect(documented('Failures of a CRM', 'retryable', 'category', 'remedy')).toEqual(Object.fromEntries(catalogue));
  });

  it('has exactly the failures of messages, and says which are repeated and which call for a person', () => {
    const catalogue = Object.entries(MESSAGE_FAILURES).map(([code, { retryable, needsPerson }]) => [
      code,
      [yesOrNo(retryable), yesOrNo(needsPerson)],
    ]);
    expect(documented('Failures of messages', 'retryable', 'person')).toEqual(Object.fromEntries(catalogue));
  });

  it('would be caught with a code too few', () => {
    const shortened = document.replace(/^\| `CASE_UNKNOWN`.*\n/m, '');
    expect(tableIn(sectionOf(shortened, 'Refusals'))).toHaveLength(Object.keys(REFUSALS).length - 1);
  });
});
