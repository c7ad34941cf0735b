import { LINT_CATALOGUE, type LintCode, type Severity } from '../lint/catalogue.ts';
import { lintProgram } from '../lint/lint-program.ts';
import type { PlainDate } from '../vocabulary.ts';
import { findUnknownHolidays, type HolidayCode, type HolidayTables } from './holiday-check.ts';
import { parseProgram, type ProblemCode } from './parse.ts';
import { PROBLEM_CATALOGUE } from './problem-catalogue.ts';
import type { Program } from './program.ts';
import { formatPath, readSource } from './source-place.ts';

export type CheckCode = ProblemCode | HolidayCode | LintCode;

/** One thing that is wrong with a definition, or that it leaves open. */
export interface CheckFinding {
  readonly code: CheckCode;
  readonly severity: Severity;
  /** `routing.rows[2].when`; empty for the whole file. */
  readonly path: string;
  /** Of the file, counted from 1. */
  readonly line: number;
  readonly message: string;
  readonly remedy: string;
}

/** `program` is null where any finding is an error: such a definition is refused whole. */
export interface CheckedDefinition {
  readonly program: Program | null;
  readonly findings: readonly CheckFinding[];
}

/**
 * Checks one definition completely: what `parseProgram` refuses, and in a definition that it takes, what makes no sense. All findings at once, in the order of the file.
 *
 * `today` is for documents and rates only: it brings warnings, never an error, so that a program that runs is not refused because time has passed.
 * Without `holidays` nothing is said of the calendars' public holidays.
 */
export function checkDefinition(yamlText: string, fileName: string, today: PlainDate, holidays?: HolidayTables): CheckedDefinition {
  const parsed = parseProgram(yamlText, fileName);
  if (parsed.kind === 'invalid') {
    const findings = parsed.problems.map(({ code, path, line, detail, remedy }): CheckFinding => {
      const { severity, remedy: usual } = PROBLEM_CATALOGUE[code];
      return { code, severity, path, line, message: detail, remedy: remedy ?? usual };
    });
    return { program: null, findings };
  }
  const { written, lineOf } = readSource(yamlText);
  const unknownHolidays = holidays === undefined ? [] : findUnknownHolidays(parsed.program, holidays);
  const findings = [
    ...lintProgram(parsed.program, written, today),
    ...unknownHolidays.map(({ code, path, message }) => ({ ...PROBLEM_CATALOGUE[code], code, path, message })),
  ]
    .map(({ code, severity, path, message, remedy }): CheckFinding => ({
      code,
      severity,
      path: formatPath(path),
      line: lineOf(path),
      message,
      remedy,
    }))
    .sort((left, right) => left.line - right.line);
  return { program: findings.some(({ severity }) => severity === 'error') ? null : parsed.program, findings };
}

/** `programs/acme.yaml:88 L201 protection.window: what is wrong; what to do.` */
export function formatFinding(fileName: string, { code, path, line, message, remedy }: CheckFinding): string {
  return `${fileName}:${line} ${code} ${path === '' ? '' : `${path}: `}${message}; ${remedy}`;
}

/** Every code that `checkDefinition` may report, in the order of the codes. */
export const CHECK_CATALOGUE = { ...PROBLEM_CATALOGUE, ...LINT_CATALOGUE } as const;
