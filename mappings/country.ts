/** Codes for which the runtime has a name though they are no country's: unions, old states, islands that only post offices and telephones set apart. */
const NOT_COUNTRIES: ReadonlySet<string> = new Set(
  'AC AN BU CP CQ CS DD DG DY EA EU EZ FX HV IC NH NT QO RH SU TA TP UK UN VD XA XB YD YU ZR ZZ'.split(' '),
);

/** Names that people type and that the standard's English names do not have. */
const FAMILIAR_NAMES: Readonly<Record<string, string>> = {
  america: 'US',
  'czech republic': 'CZ',
  'great britain': 'GB',
  holland: 'NL',
  korea: 'KR',
  'republic of korea': 'KR',
  'russian federation': 'RU',
  'the netherlands': 'NL',
  turkey: 'TR',
  uae: 'AE',
  uk: 'GB',
  usa: 'US',
  'united states of america': 'US',
};

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const regionNames = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
const nameByCode: ReadonlyMap<string, string> = new Map(
  LETTERS.flatMap((first) => LETTERS.map((second) => first + second))
    .filter((code) => !NOT_COUNTRIES.has(code))
    .flatMap((code) => {
      const name = regionNames.of(code);
      return name === undefined ? [] : [[code, name.toLowerCase()] as const];
    }),
);
const codeByName: ReadonlyMap<string, string> = new Map([
  ...[...nameByCode].map(([code, name]) => [name, code] as const),
  ...Object.entries(FAMILIAR_NAMES),
]);

/**
 * The ISO 3166-1 alpha-2 code of a country as people write it: the code in any case, the English name, or a familiar one.
 * Null where the text names no country.
 */
export function countryCode(text: string): string | null {
  const trimmed = text.trim();
  const code = trimmed.toUpperCase();
  return nameByCode.has(code) ? code : (codeByName.get(trimmed.toLowerCase().replaceAll('.', '')) ?? null);
}
