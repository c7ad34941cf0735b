import type { Proof } from '../claim.ts';
import type { Exhibit } from './rule.ts';

/** True where one of the proofs is of one of these kinds, such as `customer_letter`. */
export function hasProofOf(proofs: readonly Proof[], kinds: readonly string[]): boolean {
  return proofs.some(({ kind }) => kinds.includes(kind));
}

/** How many different proofs there are: the same kind of the same date is the same proof, however often it is named. */
export function countProofs(proofs: readonly Proof[]): number {
  return new Set(proofs.map(nameProof)).size;
}

/** What the partner itself brought, so it may see it. */
export function exhibitProofs(proofs: readonly Proof[]): readonly Exhibit[] {
  return [...new Set(proofs.map(nameProof))].sort().map((summary) => ({ kind: 'proof', summary }));
}

function nameProof({ kind, date }: Proof): string {
  return date === null ? kind : `${kind} of ${date}`;
}
