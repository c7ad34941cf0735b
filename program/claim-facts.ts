import { NO_FACTS, type ClaimFacts, type Proof } from './claim.ts';

/** Some facts of a claim: those that are named, null for one that is taken back. Answers are named one by one. */
type FactChanges = {
  readonly [Fact in Exclude<keyof ClaimFacts, 'proofs' | 'answers'>]?: ClaimFacts[Fact] | undefined;
} & {
  readonly answers?: Readonly<Record<string, ClaimFacts['answers'][string] | null>> | undefined;
};

/**
 * The facts after a change: what is not named stays, so that a partner who is asked for one fact need not repeat the others.
 * `proofs` replace those before; undefined where the evidence did not change.
 */
export function changeFacts(before: ClaimFacts, changes: FactChanges | undefined, proofs: readonly Proof[] | undefined): ClaimFacts {
  const { answers, ...named } = changes ?? {};
  const given = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
  const answered = Object.entries({ ...before.answers, ...answers }).filter(([, answer]) => answer !== null);
  return { ...before, ...given, answers: Object.fromEntries(answered) as ClaimFacts['answers'], proofs: proofs ?? before.proofs };
}

/** The facts of a new claim. */
export function factsOf(changes: FactChanges | undefined, evidence: readonly unknown[] | undefined): ClaimFacts {
  return changeFacts(NO_FACTS, changes, proofsOf(evidence ?? []));
}

/**
 * What pieces of evidence prove: their kind as programs name kinds, in snake case, and their date. A text alone is of kind `text`.
 * Pieces were checked where they came in; of what is neither, nothing is known but that it is there.
 */
export function proofsOf(evidence: readonly unknown[]): readonly Proof[] {
  return evidence.map((piece) => {
    if (typeof piece !== 'object' || piece === null) return { kind: 'text', date: null };
    const { kind, date } = piece as { readonly kind?: unknown; readonly date?: unknown };
    return { kind: typeof kind === 'string' ? toSnakeCase(kind) : 'text', date: typeof date === 'string' ? date : null };
  });
}

/** `Customer letter` is `customer_letter`. */
function toSnakeCase(text: string): string {
  const words = text.toLowerCase().split(/[^\p{L}\p{M}\p{N}]+/u);
  return words.filter((word) => word !== '').join('_') || 'text';
}
