import type { PartnerSnapshot } from '../claim.ts';
import { NOTHING_AGAINST, quiet, type Rule } from './rule.ts';

/**
 * C24: what is quoted does not fit who registers. `other_reseller`: the reseller on the quote is not the claim's partner, by our id or its own. `no_distributor`: no
 * distributor is named; which partners have to buy through one is said by the rule's row (`when`). Where both hold, `other_reseller` is told.
 * A quote that names nobody says nothing. Source: GitLab (Open partners buy through a distributor; quoted and registered partner have to be one).
 */
export const distributorMismatch: Rule<'C24_distributor_mismatch'> = {
  id: 'C24_distributor_mismatch',
  examine: ({ claim, evidence: { partner } }) => {
    const quoted = nameOf(claim.facts.quotedPartner);
    const distributor = nameOf(claim.facts.distributor);
    const exhibits = [{ kind: 'claim', summary: `quoted reseller ${quoted ?? 'not named'}, distributor ${distributor ?? 'not named'}` }];
    const found = { kind: 'found', exhibits, rivalIds: [], opportunity: null } as const;
    if (quoted !== null && !isPartner(quoted, partner)) {
      return {
        ...found,
        situation: 'other_reseller',
        message: `The quote names reseller ${quoted}, the registration is of partner ${partner.partnerId} (${partner.externalId}).`,
        partnerMessage: `The quote names ${quoted} as reseller, and you are somebody else. Have the quote corrected, or explain it.`,
      };
    }
    if (distributor === null) {
      const message = 'The registration names no distributor.';
      return { ...found, situation: 'no_distributor', message, partnerMessage: `${message} Name the one through which you buy.` };
    }
    return quiet('Quote and distributor fit the partner.', NOTHING_AGAINST, exhibits);
  },
};

/** Ids are compared as they are written, but for spaces around them and letter case. */
function isPartner(quoted: string, { partnerId, externalId }: PartnerSnapshot): boolean {
  return [partnerId, externalId].some((id) => id.toLowerCase() === quoted.toLowerCase());
}

function nameOf(text: string | null): string | null {
  const plain = (text ?? '').trim();
  return plain === '' ? null : plain;
}
