import { ProgramsRefused } from './program-shelf.ts';

/** Ends a process whose program definitions do not allow a start: every problem on standard error, exit code 1. Any other error is handed on. */
export function refuseBadPrograms(error: unknown): never {
  if (!(error instanceof ProgramsRefused)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
