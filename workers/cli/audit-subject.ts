import { CommandFailure } from './command-failure.ts';

const SUBJECT = /^[a-z][a-z-]*\/\S+$/;

/** What the audit is asked about, by kind and id. Throws `CommandFailure` for a text that names nothing of the sort. */
export function auditSubject(named: string): string {
  if (SUBJECT.test(named)) return named;
  throw new CommandFailure(
    `${JSON.stringify(named)} names no subject.`,
    'name it by kind and id, such as registration/0beca7e1-8c2f-4dbd-bcde-8109b06b0173 or connection/salesforce.',
  );
}
