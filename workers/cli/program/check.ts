import { InvalidArgumentError, type Command } from 'commander';
import { checkDefinition, formatFinding, type CheckFinding } from '../../../program/definition/check.ts';
import { describeCodes } from '../../../program/definition/code-document.ts';
import type { PlainDate } from '../../../program/vocabulary.ts';
import { loadHolidayTables } from '../../compose/holiday-tables.ts';
import { CommandFailure } from '../command-failure.ts';
import { print, printJson } from '../print.ts';
import { allDefinitions, readDefinition } from './definition-file.ts';

interface CheckOptions {
  readonly json?: true;
  readonly codes?: true;
  readonly today: PlainDate;
}

/** `program check`: everything that is wrong with a definition or left open by it, each with its code, file and line. */
export function addCheckCommand(program: Command): void {
  program
    .command('check')
    .argument('[file...]', 'definitions to check; all of programs/ where none is named')
    .description(
      'find what is wrong with a definition or left open by it, each with its code, file and line; docs/program-check.md says more',
    )
    .option('--json', 'print JSON')
    .option('--today <date>', 'judge the age of documents and rates as on this date', readDate, new Date().toISOString().slice(0, 10))
    .option('--codes', 'print what every code means, as in docs/program-check.md')
    .action(check);
}

interface CheckedFile {
  readonly file: string;
  readonly findings: readonly CheckFinding[];
}

function check(named: readonly string[], { codes, json, today }: CheckOptions): void {
  if (codes === true) {
    print(describeCodes());
    return;
  }
  const files = (named.length > 0 ? named : allDefinitions()).map((file): CheckedFile => {
    const { findings } = checkDefinition(readDefinition(file), file, today, loadHolidayTables());
    return { file, findings };
  });
  if (json === true) printJson({ files });
  else for (const file of files) print(renderFile(file));
  const errors = files.reduce((sum, { findings }) => sum + countOf(findings, 'error'), 0);
  if (errors === 0) return;
  throw new CommandFailure(`${counted(errors, 'error')} found.`, 'mend the lines that are named and check again.');
}

function renderFile({ file, findings }: CheckedFile): string {
  const errors = countOf(findings, 'error');
  const warnings = countOf(findings, 'warning');
  const counts = [...(errors > 0 ? [counted(errors, 'error')] : []), ...(warnings > 0 ? [counted(warnings, 'warning')] : [])];
  const verdict = errors > 0 ? 'refused' : 'good';
  const lines = findings.map((found) => `${formatFinding(file, found)}${found.severity === 'warning' ? ' (warning)' : ''}`);
  return [...lines, `${file}: ${[verdict, ...counts].join(', ')}`].join('\n');
}

function countOf(findings: readonly CheckFinding[], severity: CheckFinding['severity']): number {
  return findings.filter((found) => found.severity === severity).length;
}

function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

function readDate(text: string): PlainDate {
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);
  if (!isDate) throw new InvalidArgumentError('expected a date such as 2026-01-31.');
  return text;
}
