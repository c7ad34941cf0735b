import { CRM_FAILURES, CrmFailure } from '../../crm/failures.ts';

/** A command cannot do what was asked, and a person can mend it: the message is a plain sentence, the remedy what to do. */
export class CommandFailure extends Error {
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.name = 'CommandFailure';
    this.remedy = remedy;
  }
}

/** What ends a command, as it is printed: what is wrong, and what to do about it. */
export function describeFailure(error: unknown): string {
  if (error instanceof CommandFailure) return `${error.message}\nRemedy: ${error.remedy}`;
  if (error instanceof CrmFailure) return `${error.code}: ${error.message}\nRemedy: ${CRM_FAILURES[error.code].remedy}`;
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${message}\nRemedy: nobody expected this; report it with the lines above.`;
}
