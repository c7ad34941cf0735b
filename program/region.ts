import type { PartnerSnapshot } from './claim.ts';
import { normalizeCountry } from './customer-key.ts';
import type { Program } from './definition/program.ts';

/** The region of a country by its ISO code, in any case; null for what is no code, and for a country that no region of the program names. */
export function regionOfCountry({ regions }: Program, country: string): string | null {
  const code = normalizeCountry(country);
  return code === null ? null : (regions.find(({ countries }) => countries.includes(code))?.id ?? null);
}

/**
 * Where a partner may sell: the regions of its agreement, and where that names none, the region of its own country. Regions that this version of the program does
 * not declare count for nothing. Empty: it is not known.
 */
export function regionsOfPartner(program: Program, partner: Pick<PartnerSnapshot, 'regions' | 'country'>): readonly string[] {
  if (partner.regions.length > 0) return program.regions.map(({ id }) => id).filter((id) => partner.regions.includes(id));
  const own = regionOfCountry(program, partner.country);
  return own === null ? [] : [own];
}
