import { BUSINESS_CODES } from './business-code.ts';
import { CONVERSION_CODES } from './conversion-code.ts';
import { DOCUMENT_CODES } from './document-code.ts';
import { PEOPLE_CODES } from './people-code.ts';
import { ROW_CODES } from './row-code.ts';
import { TIME_CODES } from './time-code.ts';

/**
 * `error` refuses the definition: what it says contradicts itself, decides nothing, or leaves open what registrations are decided by. `warning` is shown, and the
 * definition is taken. What depends on today's date is never an error, since a program that runs must not be refused because time has passed.
 */
export type Severity = 'error' | 'warning';

/** What a code stands for, as docs/program-check.md shows it. `example` is the passage of a definition that the code is reported for. */
export interface CodeDescription {
  readonly severity: Severity;
  readonly title: string;
  readonly why: string;
  /** What an author does about it, where the finding itself does not say it more exactly. */
  readonly remedy: string;
  readonly example: string;
}

/** All findings of sense. Codes are stable: one that is given up is not used again. */
export const LINT_CATALOGUE = {
  ...ROW_CODES,
  ...TIME_CODES,
  ...PEOPLE_CODES,
  ...BUSINESS_CODES,
  ...DOCUMENT_CODES,
  ...CONVERSION_CODES,
} as const satisfies Readonly<Record<`L${number}`, CodeDescription>>;

export type LintCode = keyof typeof LINT_CATALOGUE;
