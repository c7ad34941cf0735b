import type { Customer } from './customer.ts';
import type { SamplePartner } from './partner.ts';
import type { Random } from './random.ts';
import type { SampleRegistration } from './registration.ts';

/** A clean claim that later ones may meet. */
export interface BookedClaim {
  readonly registration: SampleRegistration;
  readonly customer: Customer;
  readonly partner: SamplePartner;
  readonly approved: boolean;
  /** What already followed on it; each at most once, so that every follower has one plain cause. */
  readonly followers: Set<'duplicate' | 'active' | 'probable' | 'companion'>;
  /** Partners who hold or seek something of this customer. */
  readonly partnerIds: Set<string>;
}

/** The clean claims so far, for duplicates and conflicts to choose from. */
export interface ClaimBook {
  add(claim: BookedClaim): void;
  /** Candidates in the order in which they should be tried. */
  candidates(fits: (claim: BookedClaim) => boolean): readonly BookedClaim[];
}

export function openClaimBook(random: Random): ClaimBook {
  const claims: BookedClaim[] = [];
  return {
    add: (claim) => {
      claims.push(claim);
    },
    candidates: (fits) => {
      // One in six follows within minutes (handbook §7: near-simultaneous receipts), the others at any time.
      const ordered = random.chance(1 / 6) ? claims.toReversed() : random.shuffle(claims);
      // A probable match stays open, so whatever followed it would have two causes.
      return ordered.filter((claim) => !claim.followers.has('probable') && fits(claim));
    },
  };
}
