import type { ClaimSnapshot, MatchBand, RivalClaim } from '../claim.ts';
import { isUndecided } from '../registration-life.ts';
import type { RuleInput, Exhibit } from './rule.ts';

/** The lines that both lists name, in the order of the first. */
export function overlap(lines: readonly string[], others: readonly string[]): readonly string[] {
  return lines.filter((line) => others.includes(line));
}

/** What is left of `lines` without the contested ones. */
export function withoutLines(lines: readonly string[], contested: readonly string[]): readonly string[] {
  return lines.filter((line) => !contested.includes(line));
}

/** The lines of `lines` that any of the rivals asks for or holds, as `linesOf` says. */
export function contestedLines(
  lines: readonly string[],
  rivals: readonly RivalClaim[],
  linesOf: (rival: RivalClaim) => readonly string[],
): readonly string[] {
  return lines.filter((line) => rivals.some((rival) => linesOf(rival).includes(line)));
}

/** The rivals of another partner. The claim itself is never its own rival, whatever the evidence holds. */
export function otherPartners({ claim, evidence }: RuleInput): readonly RivalClaim[] {
  return inOrderOfReceipt(
    evidence.rivals.filter((rival) => rival.registrationId !== claim.registrationId && rival.partnerId !== evidence.partner.partnerId),
  );
}

/** The other claims of the same partner. */
export function ownOthers({ claim, evidence }: RuleInput): readonly RivalClaim[] {
  return inOrderOfReceipt(
    evidence.rivals.filter((rival) => rival.registrationId !== claim.registrationId && rival.partnerId === evidence.partner.partnerId),
  );
}

/** A verdict must not depend on the order in which the store found its evidence. */
function inOrderOfReceipt(rivals: readonly RivalClaim[]): readonly RivalClaim[] {
  return rivals.toSorted((left, right) => left.sequence - right.sequence || (left.registrationId < right.registrationId ? -1 : 1));
}

/** The lines on which `rival` stands against others now: what it asks for while it is undecided, what it holds while it is protected. */
export function standingLines(rival: RivalClaim): readonly string[] {
  return isUndecided(rival.status) ? [...new Set([...rival.protectedLines, ...rival.productLines])] : rival.protectedLines;
}

export function isEarlier(rival: RivalClaim, claim: ClaimSnapshot): boolean {
  return rival.sequence < claim.sequence;
}

/** The certain ones if there are any, otherwise the probable ones; weak matches never make a situation. */
export function strongestBand<T extends { readonly match: { readonly band: MatchBand } }>(
  found: readonly T[],
): { readonly band: 'exact' | 'probable'; readonly all: readonly T[] } | null {
  for (const band of ['exact', 'probable'] as const) {
    const all = found.filter((one) => one.match.band === band);
    if (all.length > 0) return { band, all };
  }
  return null;
}

/** For insiders: `reg-7 of partner p-1, reg-8 of partner p-2`. */
export function nameRivals(rivals: readonly RivalClaim[]): string {
  return rivals.map((rival) => `${rival.registrationId} of partner ${rival.partnerId}`).join(', ');
}

/** A rival for insiders, with the reasons of the match. */
export function exhibitRival(rival: RivalClaim, kind: 'rival' | 'weak_match' = 'rival'): Exhibit {
  const held = rival.protectedLines.length === 0 ? '' : `, protected on ${rival.protectedLines.join(', ')}`;
  return {
    kind,
    summary:
      `registration ${rival.registrationId} of partner ${rival.partnerId}, received as number ${rival.sequence}, ${rival.status}, ` +
      `asks for ${rival.productLines.join(', ')}${held}; ${rival.match.band} match: ${rival.match.signals.join('; ')}`,
  };
}

/** Another claim of the same partner, for the partner too: without its number of receipt, which would tell how many claims others file. */
export function exhibitOwn(other: RivalClaim): Exhibit {
  return { kind: 'own_claim', summary: `your registration ${other.registrationId} for ${other.productLines.join(', ')}, ${other.status}` };
}

export function idsOf(rivals: readonly RivalClaim[]): readonly string[] {
  return rivals.map((rival) => rival.registrationId);
}
