import type { RegistrationCommand } from '../../program/registration-life.ts';
import type { CommandAnswer } from '../../program/messages.ts';
import { shortMoment } from '../../program/short-moment.ts';
import type { Instant, RegistrationStatus } from '../../program/vocabulary.ts';

/** What a registration became by a command, as reps call it. */
const BECAME: Partial<Readonly<Record<RegistrationStatus, string>>> = {
  approved: 'Approved',
  denied: 'Denied',
  returned: 'Returned to the partner',
};

/** A command that was made in a CRM, by whom, and what became of it. */
export interface AnsweredCommand {
  readonly command: RegistrationCommand;
  readonly answer: CommandAnswer;
  /** The name of the person in the CRM; null where nobody is known under the alias. */
  readonly name: string | null;
  readonly status: { readonly before: RegistrationStatus; readonly after: RegistrationStatus };
  readonly at: Instant;
}

/** The answer as a rep reads it on the record: `Approved by Mona Gerber (manager) on 16 Nov 2026, 15:00 UTC.` A yes that others have to confirm approves nothing yet. */
export function answerNote({ command, answer, name, status, at }: AnsweredCommand): string {
  const { actor } = command;
  const asked = command.kind === 'decide' ? command.decision : command.kind;
  const who = name === null ? actor : `${name} (${actor})`;
  if (answer.kind === 'refused') return `${asked} by ${who} was refused: ${answer.message}`;
  const became = status.before === status.after ? undefined : BECAME[status.after];
  if (became !== undefined) return `${became} by ${who} on ${shortMoment(at)}.`;
  return `${asked.charAt(0).toUpperCase()}${asked.slice(1)} by ${who} was carried out on ${shortMoment(at)}.`;
}
