import { regionOfCountry, regionsOfPartner } from '../region.ts';
import { quiet, type Rule } from './rule.ts';

/**
 * C14: the customer's country lies outside the partner's regions: those of its agreement, else that of its own country. `unknown`: the customer's country is
 * missing or in no region of the program, or it is not known where the partner may sell. Source: GitLab (agreements are for one region).
 */
export const outsideRegion: Rule<'C14_outside_region'> = {
  id: 'C14_outside_region',
  examine: ({ program, claim, evidence: { partner } }) => {
    const country = claim.customer.country.trim().toUpperCase();
    const region = regionOfCountry(program, country);
    const allowed = regionsOfPartner(program, partner);
    const exhibits = [
      { kind: 'claim', summary: `customer in ${country === '' ? 'no country' : country}, region ${region ?? 'unknown'}` },
      { kind: 'partner', summary: `regions ${allowed.join(', ') || 'unknown'}, own country ${partner.country}` },
    ];
    const found = { kind: 'found', exhibits, rivalIds: [], opportunity: null } as const;
    if (region === null) {
      const message =
        country === '' ? 'The country of the customer is not given.' : `No region of the program holds the customer's country, ${country}.`;
      return { ...found, situation: 'unknown', message, partnerMessage: message };
    }
    if (allowed.length === 0) {
      const message = `It is not known in which regions partner ${partner.partnerId} may sell.`;
      return { ...found, situation: 'unknown', message, partnerMessage: 'It is not known in which regions you may sell.' };
    }
    const labels = program.regions.filter(({ id }) => allowed.includes(id)).map(({ label }) => label);
    const label = program.regions.find(({ id }) => id === region)?.label ?? region;
    if (allowed.includes(region)) {
      const message = `The customer's region, ${label}, is one of the partner's.`;
      return quiet(message, message, exhibits);
    }
    return {
      ...found,
      situation: 'outside',
      message: `The customer is in ${label}; partner ${partner.partnerId} may sell in ${labels.join(', ')}.`,
      partnerMessage: `This customer is in ${label}; your agreement is for ${labels.join(', ')}. Ask your partner manager who can serve the customer there.`,
    };
  },
};
