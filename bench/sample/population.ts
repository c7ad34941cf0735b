import { composeName, composeStem, slugOf } from './company-name.ts';
import { legalName } from './customer.ts';
import { fillPattern, pickMarket, type Market } from './market.ts';
import type { Random } from './random.ts';

/** An account of a large CRM: one of so many that names resemble each other, as those of real companies do. */
export interface PopulationAccount {
  readonly name: string;
  readonly domain: string | null;
  readonly market: Market;
  readonly postalCode: string | null;
}

const CONSONANTS = 'b c d f g h k l m n p r s t v w z br dr fl gr kr pl st tr'.split(' ');
const VOWELS = 'a e i o u ai ea io ou'.split(' ');
const CODAS = ['', '', 'l', 'n', 'r', 's', 'x', 'm'];

/**
 * Draws accounts without end. The sample's names are composed so that no two are alike; a million cannot be. Half of these join two of its stems, as
 * firms named for two founders or a place do, and half are coined words; most add what the company does. A tenth has no website.
 */
export function drawPopulationAccount(random: Random): PopulationAccount {
  const market = pickMarket(random);
  const bareName = random.chance(0.5) ? drawJoinedName(random, market) : drawCoinedName(random, market);
  return {
    name: legalName({ bareName, suffix: random.pick(market.suffixes) }),
    domain: random.chance(0.1) ? null : `${slugOf(bareName)}.${random.chance(0.8) ? 'example' : 'test'}`,
    market,
    postalCode: market.postalPattern === null || random.chance(0.15) ? null : fillPattern(random, market.postalPattern),
  };
}

function drawJoinedName(random: Random, { flavour }: Market): string {
  return `${composeStem(random, flavour)} ${composeName(random, flavour)}`;
}

function drawCoinedName(random: Random, { flavour }: Market): string {
  const syllable = (): string => random.pick(CONSONANTS) + random.pick(VOWELS);
  const word = Array.from({ length: random.integer(2, 4) }, syllable).join('') + random.pick(CODAS);
  const coined = word.charAt(0).toUpperCase() + word.slice(1);
  const [, ...trade] = composeName(random, flavour).split(' ');
  return random.chance(0.85) ? [coined, ...trade].join(' ') : coined;
}
