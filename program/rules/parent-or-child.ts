import type { DirectOpportunity, RivalClaim } from '../claim.ts';
import { precedenceAmong } from '../precedence.ts';
import { isUndecided } from '../registration-life.ts';
import { byActivity, compareText, exhibitOpportunity, nameOpportunity, phaseOf, stoodAtReceipt } from './opportunity.ts';
import { contestedLines, exhibitRival, idsOf, overlap, standingLines } from './rival.ts';
import { NOTHING_AGAINST, quiet, type Exhibit, type Rule, type RuleInput } from './rule.ts';
import { areSitesApart } from './site.ts';

/**
 * C15: at another company of the customer's group (parent, child, sibling) another partner stands on a line that is asked for (`registered`), or the direct team
 * has an open opportunity (`direct`; told where no partner stands). It stands in the way as it would at the customer itself: a protection, an undecided claim
 * that precedes this one, an opportunity that was there at the receipt and is not stale.
 *
 * Two claims that name different sites are two opportunities, unless the program says otherwise (`sitesDiffer`); an opportunity names no site. Hierarchy alone is
 * never the same customer: weak matches are noted. Source: handbook (no conflict where site or buyer differ, else people); Sophos and GitLab register opportunities.
 */
export const parentOrChild: Rule<'C15_parent_or_child'> = {
  id: 'C15_parent_or_child',
  examine: (input) => {
    const { claim, parameters } = input;
    const relatives = standingRelatives(input);
    const apart = relatives.filter(({ site }) => parameters.sitesDiffer && areSitesApart(claim.facts.site, site));
    const registered = relatives.filter((rival) => !apart.includes(rival) && rival.match.band !== 'weak');
    const direct = standingOpportunities(input);
    const exhibits = [
      ...registered.map((rival) => exhibitRelative(rival, 'relative')),
      ...direct.map((opportunity) => exhibitOpportunity(opportunity, 'relative_opportunity')),
      ...apart.map((rival) => exhibitRelative(rival, 'relative_at_other_site')),
      ...relatives
        .filter((rival) => rival.match.band === 'weak' && !apart.includes(rival))
        .map((rival) => exhibitRelative(rival, 'weak_match')),
    ];
    const latest = direct[0];
    const opportunity = latest === undefined ? null : { connection: latest.connection, remoteId: latest.remoteId };
    const found = { kind: 'found', exhibits, rivalIds: idsOf(registered), opportunity } as const;
    if (registered.length > 0) {
      return {
        ...found,
        situation: 'registered',
        message: `Registered at the customer's group: ${registered.map((rival) => `${rival.registrationId} of partner ${rival.partnerId} (${rival.relation})`).join(', ')}.`,
        partnerMessage:
          'It has to be checked by a person whether a company of the same group is already registered. Name the site that buys.',
        lines: contestedLines(claim.productLines, registered, standingLines),
      };
    }
    if (latest !== undefined) {
      return {
        ...found,
        situation: 'direct',
        message: `Open direct opportunity at the customer's group: ${direct.map((one) => `${nameOpportunity(one)} (${one.relation})`).join('; ')}.`,
        partnerMessage: 'It has to be checked by a person whether our sales team is in contact with a company of the same group.',
      };
    }
    return quiet(`Nobody stands in the way at other companies of the customer's group.`, NOTHING_AGAINST, exhibits);
  },
};

/** In order of receipt, so that a verdict does not depend on the order of its evidence. */
function standingRelatives({ program, claim, evidence }: RuleInput): readonly RivalClaim[] {
  const precedenceOf = precedenceAmong(program, claim, evidence);
  return evidence.relatives
    .filter(({ partnerId, relation }) => partnerId !== evidence.partner.partnerId && relation !== 'same')
    .filter(
      (rival) =>
        overlap(claim.productLines, rival.protectedLines).length > 0 ||
        (isUndecided(rival.status) && overlap(claim.productLines, rival.productLines).length > 0 && precedenceOf(rival).first === 'rival'),
    )
    .toSorted((left, right) => left.sequence - right.sequence || compareText(left.registrationId, right.registrationId));
}

function standingOpportunities(input: RuleInput): readonly DirectOpportunity[] {
  return input.evidence.opportunities
    .filter(({ relation, isClosed, match }) => relation !== 'same' && !isClosed && match.band !== 'weak')
    .filter((opportunity) => stoodAtReceipt(opportunity, input) && phaseOf(opportunity, input) !== 'stale')
    .sort(byActivity);
}

function exhibitRelative(rival: RivalClaim, kind: string): Exhibit {
  const site = rival.site === null ? 'no site named' : `site ${rival.site}`;
  return { kind, summary: `at the ${rival.relation}, ${site}: ${exhibitRival(rival).summary}` };
}
