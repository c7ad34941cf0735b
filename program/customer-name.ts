/**
 * What is left of a company's name when everything that two people write differently is gone.
 *
 * Compatibility forms and letter case are folded, Latin letters lose their marks, punctuation and invisible characters go, `&` becomes `and`, a leading *The* and
 * legal suffixes at the end (also several, also *and Co*) are cut. Other scripts are kept as they are. An empty text is answered when nothing but punctuation was given.
 * A name that consists of suffixes alone (*The Limited*, *AG*) keeps its last word.
 */
export function normalizeCustomerName(name: string): string {
  const folded = name
    .slice(0, MAX_LENGTH)
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    // Only the general combining marks: the marks of Japanese, Hebrew or Hindi are letters to their readers.
    .replace(/[\u0300-\u036f]/gu, '')
    .normalize('NFC')
    .replace(/[ßæœøłđðþı]/gu, (letter) => UNDECOMPOSED[letter] ?? letter)
    .replace(/\p{Cf}/gu, '')
    .replace(/&/gu, ' and ')
    .replace(JAPANESE_FORMS, ' ')
    // Dots and slashes inside abbreviations (S.A., I.B.M., A/S) and apostrophes join; every other mark separates.
    .replace(/(?<=(?:^|[^\p{L}\p{N}])\p{L})[./](?=\p{L}(?:[^\p{L}\p{N}]|$))/gu, '')
    .replace(/['’ʼ`´]/gu, '')
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim();
  if (folded === '') return '';
  const words = folded.split(' ');
  while (words.length > 1 && words[0] === 'the') words.shift();
  return withoutLegalSuffix(words).join(' ');
}

/** The words of a normalised name that carry a digit, sorted: *Plant 7* and *Plant 8* are different places however alike their names are. */
export function wordsWithDigits(normalizedName: string): readonly string[] {
  return normalizedName
    .split(' ')
    .filter((word) => /\p{N}/u.test(word))
    .sort();
}

/** Longer than any registered name; the rest of an absurd input decides nothing. */
const MAX_LENGTH = 400;

/** Letters that Unicode does not take apart into a base letter and a mark. */
const UNDECOMPOSED: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' };

/** Written before or behind the name, often without a space: kabushiki, yugen and godo kaisha, youxian gongsi. */
const JAPANESE_FORMS = /株式会社|有限会社|合同会社|\(株\)|\(有\)|股份有限公司|有限责任公司|有限公司/gu;

/** As they look after folding. Longer forms first, so that `pty ltd` is cut whole. */
const LEGAL_SUFFIXES: readonly (readonly string[])[] = [
  'gmbh and co kg',
  'gmbh and co kgaa',
  'ag and co kg',
  'kabushiki kaisha',
  'sociedad anonima',
  'societa per azioni',
  'societe anonyme',
  'limited liability company',
  's de rl de cv',
  'sa de cv',
  'sdn bhd',
  'pty ltd',
  'pty limited',
  'pte ltd',
  'pvt ltd',
  'private limited',
  'sp z oo',
  'sp zoo',
  'spolka z oo',
  'and co',
  'und co',
  'et cie',
  'y cia',
  'inc',
  'incorporated',
  'corp',
  'corporation',
  'co',
  'company',
  'llc',
  'llp',
  'lp',
  'lllp',
  'pllc',
  'ltd',
  'limited',
  'plc',
  'gmbh',
  'mbh',
  'ag',
  'kg',
  'kgaa',
  'ohg',
  'ug',
  'se',
  'ev',
  'sa',
  'sas',
  'sasu',
  'sarl',
  'eurl',
  'sl',
  'slu',
  'srl',
  'spa',
  'sapa',
  'bv',
  'nv',
  'bvba',
  'cv',
  'ab',
  'oy',
  'oyj',
  'as',
  'asa',
  'aps',
  'ks',
  'hf',
  'ehf',
  'kk',
  'yk',
  'gk',
  'pty',
  'pte',
  'pvt',
  'bhd',
  'sro',
  'doo',
  'dd',
  'kft',
  'zrt',
  'nyrt',
  'oo',
  'ooo',
  'zao',
  'oao',
  'lda',
  'ltda',
  'eireli',
  'fzco',
  'fze',
  'fz llc',
  'pjsc',
  'jsc',
  'wll',
]
  .map((suffix) => suffix.split(' '))
  .sort((left, right) => right.length - left.length);

function withoutLegalSuffix(words: readonly string[]): readonly string[] {
  let rest = words;
  for (;;) {
    const suffix = LEGAL_SUFFIXES.find(
      (candidate) => rest.length > candidate.length && candidate.every((word, at) => rest[rest.length - candidate.length + at] === word),
    );
    if (suffix === undefined) return rest;
    rest = rest.slice(0, rest.length - suffix.length);
  }
}
