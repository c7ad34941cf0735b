import type { Flavour } from './market.ts';
import type { Random } from './random.ts';
import { trigramSimilarity, trigrams } from './similarity.ts';

/** Two names of different companies are never more alike than this, so that no similarity rule finds a conflict nobody planned. */
const MOST_ALIKE = 0.55;

const words = (text: string): readonly string[] => text.split(' ');

const BEGINNINGS: Readonly<Record<Flavour, readonly string[]>> = {
  english: words(
    'Thorn Marl Ash Brack Wex Hal Stan Kel Rad Whit Cold Fern Lang Pem Quill Tarn Wick Oak Brim Dun Elm Fal Grim Hazel Juni Kirk Lowen Nether Orch Pell Rook Sal Tam Ull Vern Wren Yar Aldo Bex Copper',
  ),
  german: words(
    'Ebers Grün Lind Falken Rosen Stein Wald Bren Hohen Kess Lauter Mühl Nieder Ober Schön Tannen Uhlen Vogel Wester Arn Dorn Gries Hagen',
  ),
  french: words('Beau Clair Mont Val Roche Fonte Belle Cour Champ Vert Lou Marne Saule Tour Breu Épin Orme Chênes'),
  dutch: words('Wester Ooster Haar Linden Veld Brouw Kloos Zand Molen Rijn Dorp Eiken Goud'),
  nordic: words('Halv Sker Björk Strand Lund Norr Öster Gran Hammar Sjö Åker Elg Ravn Tjäder'),
  italian: words('Bella Ros Cast Fior Lug Verr Torr Camp Sant Mar Pint Gar'),
  japanese: words('Aka Kita Naga Mori Haru Shio Taka Yuki Asa Kuro Matsu Miya Sugi Tani Hoshi Nishi Oku'),
  gulf: words('Zafir Rimal Qasr Nakh Sahil Wad Burh Jaw Lulu Marj Najm Rawd Sadaf Tib'),
};

const ENDINGS: Readonly<Record<Flavour, readonly string[]>> = {
  english: words('field stead wick ford bridge combe mere worth gate ley haven moor dale ridge water brook croft minster'),
  german: words('grund feld bach berg hausen stedt mark hof tal brück burg au horst loh'),
  french: words('vigne rivière ville court fort nais lac bois lieu valle roux don'),
  dutch: words('dijk veen horst waard broek hoven kamp zicht loo'),
  nordic: words('sund vik holm borg dal näs ström by fors lind'),
  italian: words('ano etti onda aldi ignano era ello anza orio'),
  japanese: words('sawa hara mura shima gawa moto zaki bashi numa mizu'),
  gulf: words('an iya ara een oun ari'),
};

const phrases = (text: string): readonly string[] => text.split(', ');

const TRADES = phrases(
  'Logistics, Dental, Robotics, Insurance, Foods, Energy, Textiles, Optics, Pharma, Freight, Paper & Board, Marine, Aviation, ' +
    'Health, Plastics, Instruments, Timber, Mobility, Ceramics, Water, Retail, Publishing, Steel & Wire, Credit Union, ' +
    'Breweries, Hotels, Diagnostics, Software, Packaging, Farms, Tools & Dies, Cycles, Observatory, Printing, Lighting, ' +
    'Savings Bank',
);

const LOCAL_TRADES: Partial<Readonly<Record<Flavour, readonly string[]>>> = {
  german: ['Maschinenbau', 'Werkzeuge', 'Brauerei', 'Spedition', 'Möbel', 'Verlag', 'Feinmechanik', 'Kältetechnik'],
  french: ['Conseil', 'Cosmétique', 'Transports', 'Assurances', 'Boulangerie', 'Santé'],
  dutch: ['Tuinbouw', 'Scheepsbouw', 'Zuivel', 'Techniek'],
  nordic: ['Skog', 'Varv', 'Konsult', 'Fisk'],
  italian: ['Ceramiche', 'Mobili', 'Tessuti', 'Vini'],
};

/** Gives out invented company names, none of them mistakable for another. */
export interface CompanyNames {
  /** A customer's name, or with `trades` given one that ends in one of them. */
  take(flavour: Flavour, trades?: readonly string[]): string;
}

/** Starts with an empty register; throws when a flavour is used up, which is a reason to add beginnings or endings above. */
export function openCompanyNames(random: Random): CompanyNames {
  const taken: ReadonlySet<string>[] = [];
  return {
    take: (flavour, trades) => {
      for (let attempt = 0; attempt < 5_000; attempt += 1) {
        const name = composeName(random, flavour, trades);
        const grams = trigrams(name);
        if (taken.every((other) => trigramSimilarity(grams, other) <= MOST_ALIKE)) {
          taken.push(grams);
          return name;
        }
      }
      throw new RangeError(`no ${flavour} company name is left that differs enough from the ${taken.length} taken`);
    },
  };
}

/** The invented word that a name of this flavour begins with. */
export function composeStem(random: Random, flavour: Flavour): string {
  return random.pick(BEGINNINGS[flavour]) + random.pick(ENDINGS[flavour]);
}

/** A name that may resemble others: an invented word and a trade, one of `trades` where they are given. */
export function composeName(random: Random, flavour: Flavour, trades?: readonly string[]): string {
  const stem = composeStem(random, flavour);
  if (trades !== undefined) return `${stem} ${random.pick(trades)}`;
  const local = LOCAL_TRADES[flavour];
  return `${stem} ${local !== undefined && random.chance(0.5) ? random.pick(local) : random.pick(TRADES)}`;
}

/** The part of a domain name before the suffix: `Müller & Söhne` becomes `mullerandsohne`. */
export function slugOf(name: string): string {
  return stripDiacritics(name)
    .toLowerCase()
    .replaceAll('&', 'and')
    .replaceAll(/[^a-z0-9]+/g, '');
}

export function stripDiacritics(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{Mn}/gu, '');
}
