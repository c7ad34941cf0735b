import type { Path } from '../definition/source-place.ts';
import { LINT_CATALOGUE, type LintCode, type Severity } from './catalogue.ts';

/** Something in a definition that makes no sense, though its shape is right and its ids lead somewhere. */
export interface LintFinding {
  readonly code: LintCode;
  readonly severity: Severity;
  readonly path: Path;
  /** What is wrong here, with the values of the definition. */
  readonly message: string;
  readonly remedy: string;
}

export function finding(code: LintCode, path: Path, message: string, remedy: string = LINT_CATALOGUE[code].remedy): LintFinding {
  return { code, severity: LINT_CATALOGUE[code].severity, path, message, remedy };
}
