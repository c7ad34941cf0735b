/**
 * The codes of countries that the standard assigns (ISO 3166-1 alpha-2), and XK, which the European Union and banks use for Kosovo.
 * https://www.iso.org/iso-3166-country-codes.html
 */
const COUNTRIES: ReadonlySet<string> = new Set(
  (
    'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO ' +
    'CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR ' +
    'HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN ' +
    'MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD ' +
    'SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE ' +
    'YT ZA ZM ZW'
  ).split(' '),
);

/** Codes that people write and that the standard gives to no country, with the one it does. */
const MEANT: Readonly<Record<string, string>> = { EL: 'GR', UK: 'GB' };

/** Whether the standard gives the code, in capital letters, to a country. */
export function isCountry(code: string): boolean {
  return COUNTRIES.has(code);
}

/** What is expected in place of a code that is no country's. */
export function expectedCountry(code: string): string {
  const meant = Object.hasOwn(MEANT, code) ? MEANT[code] : undefined;
  return meant === undefined
    ? 'expected a country as two capital letters (ISO 3166)'
    : `expected ${meant}, the code of the country in ISO 3166`;
}
