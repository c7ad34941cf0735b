/** Letters of other scripts as matching reads them: by sound where a name is written in them, by look where they pass for Latin ones. */

/**
 * What Cyrillic and Greek letters sound like, in letters of English (after the romanisations of BGN/PCGN and ISO 843). Other scripts are not read so:
 * Arabic and Hebrew leave vowels out and Chinese characters have several readings, so a spelling would be a guess. Their names are matched as they are written.
 */
const SOUND: Readonly<Record<string, string>> = {
  ...letters('абвгдезиклмнопрстуфхы', 'a b v g d e z i k l m n o p r s t u f kh y'),
  ...letters('жцчшщъьэюя', 'zh ts ch sh shch - - e yu ya'),
  ...letters('іїєґђјљњћџѕ', 'i i ye g dj j lj nj c dz dz'),
  ...letters('қңөүұһәғўѳѣ', 'k n o u u h a g u f e'),
  ...letters('αβγδεζηθικλμνξοπρσςτυφχψω', 'a v g d e z i th i k l m n x o p r s s t y f ch ps o'),
};

/**
 * Cyrillic and Greek letters that a reader takes for Latin ones: a part of the table of UTS #39 (https://www.unicode.org/reports/tr39/), capitals and small
 * letters apart, since Н looks like H and ν like v.
 */
const LOOK: Readonly<Record<string, string>> = {
  ...letters('АВЕЗІЈКМНОРСТУХЅԚԜҮҺӀ', 'a b e 3 i j k m h o p c t y x s q w y h l'),
  ...letters('авеіјкмнорстухѕԁԛԝүһӏ', 'a b e i j k m h o p c t y x s d q w y h l'),
  ...letters('ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'a b e z h i k m n o p t y x'),
  ...letters('αικνορτυχ', 'a i k v o p t u x'),
};

const FOREIGN = /[\p{Script=Cyrillic}\p{Script=Greek}]/u;
const LATIN = /\p{Script=Latin}/u;
const WORDS = /[\p{L}\p{M}]+/gu;

/** A normalised word in Latin letters, by sound; letters of scripts that are not read so stay. */
export function romanize(word: string): string {
  if (!FOREIGN.test(word)) return word;
  return word.replace(/ου/gu, 'ou').replace(/[\p{Script=Cyrillic}\p{Script=Greek}]/gu, (letter) => SOUND[letter] ?? letter);
}

/** The text with letters that only look Latin replaced, in words that have Latin letters besides: nobody writes half a word in another script by chance. */
export function foldLookalikes(text: string): string {
  if (!FOREIGN.test(text)) return text;
  return text.replace(WORDS, (word) => (LATIN.test(word) ? byLook(word) : word));
}

/** As `foldLookalikes`, and words wholly of letters that look Latin, too: `сосо` may be `coco` or be read *soso*. Null where there is no such word. */
export function foldAllLookalikes(text: string): string | null {
  if (!FOREIGN.test(text)) return null;
  const folded = text.replace(WORDS, (word) => (LATIN.test(word) || [...word].every((letter) => letter in LOOK) ? byLook(word) : word));
  return folded === foldLookalikes(text) ? null : folded;
}

/** Whether letters of another script stand in for Latin ones inside a word. */
export function hasLookalikes(text: string): boolean {
  return foldLookalikes(text) !== text;
}

function byLook(word: string): string {
  return word.replace(/[\p{Script=Cyrillic}\p{Script=Greek}]/gu, (letter) => LOOK[letter] ?? letter);
}

/** Pairs each letter with the word at its place; `-` is no letter at all. */
function letters(from: string, to: string): Readonly<Record<string, string>> {
  const words = to.split(' ');
  return Object.fromEntries([...from].map((letter, at) => [letter, words[at] === '-' ? '' : (words[at] ?? letter)]));
}
