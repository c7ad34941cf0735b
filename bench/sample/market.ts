import type { Random } from './random.ts';

export type Flavour = 'english' | 'german' | 'french' | 'dutch' | 'nordic' | 'italian' | 'japanese' | 'gulf';

/** What a country lends to the companies in it. */
export interface Market {
  readonly country: string;
  readonly flavour: Flavour;
  readonly currency: string;
  /** Legal suffixes in use there, all of a kind that ordinary name normalisation strips. */
  readonly suffixes: readonly string[];
  /** `#` stands for a digit, `@` for a letter; null where addresses have no postal code. */
  readonly postalPattern: string | null;
  /** Numbers that the country's regulator keeps for fiction; null where we know of none. */
  readonly phonePattern: string | null;
  /** Share of the customers. */
  readonly weight: number;
}

// Phone ranges for drama: NANPA 555-01xx, Ofcom 020 7946 0xxx, Bundesnetzagentur 030 23125 xxx, Arcep 01 99 00 xx xx, PTS 08-465 004 xx, ACMA 02 5550 xxxx.
export const MARKETS: readonly Market[] = [
  row('US', 'english', 'USD', ['Inc', 'LLC', 'Inc'], '#####', '+1 ### 555 01##', 38),
  row('DE', 'german', 'EUR', ['GmbH', 'AG', 'GmbH'], '#####', '+49 30 23125 ###', 14),
  row('GB', 'english', 'GBP', ['Ltd', 'PLC', 'Ltd'], '@@# #@@', '+44 20 7946 0###', 12),
  row('FR', 'french', 'EUR', ['SA', 'SAS', 'SARL'], '#####', '+33 1 99 00 ## ##', 6),
  row('JP', 'japanese', 'JPY', ['KK'], '###-####', null, 6),
  row('AE', 'gulf', 'AED', ['LLC'], null, null, 5),
  row('CA', 'english', 'CAD', ['Inc', 'Ltd'], '@#@ #@#', '+1 ### 555 01##', 5),
  row('CH', 'german', 'CHF', ['AG', 'SA', 'GmbH'], '####', null, 4),
  row('NL', 'dutch', 'EUR', ['BV'], '#### @@', null, 4),
  row('IT', 'italian', 'EUR', ['SpA'], '#####', null, 2),
  row('SE', 'nordic', 'EUR', ['AB'], '### ##', '+46 8 465 004 ##', 2),
  row('FI', 'nordic', 'EUR', ['Oy'], '#####', null, 1),
  row('AU', 'english', 'USD', ['Ltd'], '####', '+61 2 5550 ####', 1),
];

export function pickMarket(random: Random): Market {
  return random.pickWeighted(MARKETS.map((market) => [market, market.weight] as const));
}

/** Fills a pattern of `#` and `@`; a leading digit is never 0. */
export function fillPattern(random: Random, pattern: string): string {
  let first = true;
  return pattern.replaceAll(/[#@]/g, (mark) => {
    const filled = mark === '@' ? random.pick('ABCDEGHKLMNPRSTW'.split('')) : String(random.integer(first ? 1 : 0, 9));
    first = false;
    return filled;
  });
}

function row(
  country: string,
  flavour: Flavour,
  currency: string,
  suffixes: readonly string[],
  postalPattern: string | null,
  phonePattern: string | null,
  weight: number,
): Market {
  return { country, flavour, currency, suffixes, postalPattern, phonePattern, weight };
}
