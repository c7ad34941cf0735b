/** True where both name a site and the sites differ: then two claims at one customer, or in one group, may be two opportunities. */
export function areSitesApart(one: string | null, other: string | null): boolean {
  const [first, second] = [siteOf(one), siteOf(other)];
  return first !== null && second !== null && first !== second;
}

/** Sites are compared without case and spacing; one that is blank is not named. */
function siteOf(site: string | null): string | null {
  const plain = (site ?? '').normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();
  return plain === '' ? null : plain;
}
