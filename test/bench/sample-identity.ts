/** A customer reduced to what a careful reader would compare. Written apart from the generator and from the program, to check the one and not lean on the other. */
export interface Identity {
  readonly host: string | null;
  readonly label: string | null;
  readonly name: string;
  readonly country: string;
  readonly postalCode: string | null;
  readonly companyNumber: string | null;
  readonly grams: ReadonlySet<string>;
}

const SUFFIXES = new Set('inc llc ltd plc gmbh ag sa sas sarl bv ab oy kk spa'.split(' '));
const MAIL_PROVIDERS = new Set(['gmail.com']);

export interface StatedIdentity {
  readonly name: string;
  readonly domain?: string | null | undefined;
  readonly country: string;
  readonly postalCode?: string | null | undefined;
  readonly companyNumber?: string | null | undefined;
}

export function identify(stated: StatedIdentity): Identity {
  const host = registrableHost(stated.domain ?? null);
  const words = (
    stated.name
      .normalize('NFD')
      .replaceAll(/\p{Mn}/gu, '')
      .toLowerCase()
      .replaceAll('&', ' and ')
      .match(/[a-z0-9]+/g) ?? []
  ).filter((word, index) => !(index === 0 && word === 'the'));
  while (words.length > 1 && SUFFIXES.has(words.at(-1) ?? '')) words.pop();
  return {
    host,
    label: host?.split('.')[0] ?? null,
    name: words.join(' '),
    country: stated.country,
    postalCode: stated.postalCode?.replaceAll(' ', '') ?? null,
    companyNumber: stated.companyNumber?.toUpperCase().replaceAll(/[^A-Z0-9]/g, '') ?? null,
    grams: gramsOf(words),
  };
}

/** The last two labels: the sample uses `.example`, `.test` and one mail provider only. */
function registrableHost(text: string | null): string | null {
  if (text === null) return null;
  const host = text
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/.*$/, '');
  const registrable = host.split('.').slice(-2).join('.');
  return MAIL_PROVIDERS.has(registrable) ? null : registrable;
}

function gramsOf(words: readonly string[]): ReadonlySet<string> {
  return new Set(words.flatMap((word) => Array.from({ length: word.length + 1 }, (_, start) => `  ${word} `.slice(start, start + 3))));
}

/** `exact`: surely one customer; `probable`: people must look; null: two customers, or too little to say. */
export function compareIdentities(a: Identity, b: Identity): 'exact' | 'probable' | null {
  const bothHosts = a.host !== null && b.host !== null;
  if (bothHosts && a.host === b.host) return 'exact';
  const sameCountry = a.country === b.country;
  if (sameCountry && a.companyNumber !== null && a.companyNumber === b.companyNumber) return 'exact';
  const sameName = sameCountry && a.name === b.name;
  if (sameName && !bothHosts && a.postalCode !== null && a.postalCode === b.postalCode) return 'exact';
  const numbersContradict = a.companyNumber !== null && b.companyNumber !== null;
  if (sameName && !numbersContradict) return 'probable';
  if (bothHosts) return a.label === b.label && similarity(a, b) >= 0.5 ? 'probable' : null;
  return sameCountry && similarity(a, b) >= 0.85 ? 'probable' : null;
}

/** Shared trigrams over all trigrams. */
function similarity(a: Identity, b: Identity): number {
  const shared = [...a.grams].filter((gram) => b.grams.has(gram)).length;
  return shared / (a.grams.size + b.grams.size - shared);
}
