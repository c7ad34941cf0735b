/** What the people of the year saw themselves, beside what the product keeps: the one is held against the other at the end. */
export interface Ledger {
  readonly received: (registrationId: string, externalId: string) => void;
  /** False where it was heard of before. */
  readonly asked: (question: { readonly subject: string; readonly number: number; readonly kind: string }) => boolean;
  /** A decision that somebody was told to be carried out. */
  readonly accepted: (subject: string, by: string, decision: string) => void;
  readonly answered: (deed: string, answer: string) => void;
  readonly registrations: ReadonlyMap<string, string>;
  readonly acceptedOf: ReadonlyMap<string, readonly { readonly by: string; readonly decision: string }[]>;
  readonly questions: ReadonlyMap<string, number>;
  /** By deed and answer. */
  readonly answers: ReadonlyMap<string, number>;
}

export function openLedger(): Ledger {
  const registrations = new Map<string, string>();
  const acceptedOf = new Map<string, { readonly by: string; readonly decision: string }[]>();
  const heard = new Set<string>();
  const questions = new Map<string, number>();
  const answers = new Map<string, number>();
  const count = (counts: Map<string, number>, name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
  return {
    registrations,
    acceptedOf,
    questions,
    answers,
    received: (registrationId, externalId) => void registrations.set(registrationId, externalId),
    asked({ subject, number, kind }) {
      const isNew = !heard.has(`${subject}#${number}`);
      heard.add(`${subject}#${number}`);
      if (isNew) count(questions, kind);
      return isNew;
    },
    accepted: (subject, by, decision) => void acceptedOf.set(subject, [...(acceptedOf.get(subject) ?? []), { by, decision }]),
    answered: (deed, answer) => count(answers, `${deed}: ${answer}`),
  };
}
