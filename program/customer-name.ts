import { withoutJoinedForms, withoutLegalSuffix, withoutNativeForms } from './legal-form.ts';
import { foldAllLookalikes, foldLookalikes, romanize } from './script.ts';

/**
 * What is left of a company's name when everything that two people write differently is gone.
 *
 * Compatibility forms and letter case are folded, Latin letters lose their marks, Cyrillic and Greek ones are read as Latin, punctuation and invisible characters
 * go (marks of direction among them), `&` becomes `and`, a leading *The* and legal forms are cut. Other scripts are kept as they are. An empty text is answered
 * when nothing but punctuation was given. A name that consists of suffixes alone (*The Limited*, *AG*) keeps its last word.
 */
export function normalizeCustomerName(name: string): string {
  let folded = fold(foldLookalikes(name.slice(0, MAX_LENGTH).normalize('NFKC')));
  // What is cut may uncover more to cut, and what is read as Latin makes letters beside it lookalikes; every round has less of either, or is the last.
  for (;;) {
    const again = fold(foldLookalikes(folded));
    if (again === folded) return folded;
    folded = again;
  }
}

/**
 * Every form in which others may have normalised the same name: the one above first, then with umlauts written out (*Müller* is *Mueller* to some and *Muller* to
 * others, who are not the same to each other), then with letters of another script taken by their look. Two names are the same where they share a form.
 */
export function customerNameForms(name: string): readonly string[] {
  const start = name.slice(0, MAX_LENGTH).normalize('NFKC');
  const writtenOut = start.toLowerCase().replace(/[äöüåø]/gu, (letter) => WRITTEN_OUT[letter] ?? letter);
  const byLook = foldAllLookalikes(start);
  const others = [...(writtenOut === start.toLowerCase() ? [] : [writtenOut]), ...(byLook === null ? [] : [byLook])];
  return [...new Set([name, ...others].map(normalizeCustomerName))].filter((form) => form !== '');
}

/** The forms under which a record of the same name may be kept: a record keeps the first of its own alone, and a name written out may be kept without. */
export function customerSearchForms(name: string): readonly string[] {
  const forms = customerNameForms(name);
  return [...new Set([...forms, ...forms.map((form) => form.replace(/(?<=[aou])e|a(?=a)/gu, ''))])];
}

function fold(text: string): string {
  const marked = ASCII.test(text) ? text.toLowerCase().replaceAll('&', ' and ') : foldLetters(text);
  const spaced = PLAIN_WORDS.test(marked) ? marked : withoutMarks(marked);
  if (spaced === '') return '';
  let words: readonly string[] = spaced.slice(0, MAX_LENGTH).trim().split(' ');
  while (words.length > 1 && words[0] === 'the') words = words.slice(1);
  const read = withoutNativeForms(words)
    .map(romanize)
    .filter((word) => word !== '');
  return withoutLegalSuffix(read).join(' ');
}

/** Most names, and all in their second round: nothing of what is done to other letters and marks touches them. */
const ASCII = /^[\x20-\x7e]*$/;
const PLAIN_WORDS = /^[a-z0-9]+(?: [a-z0-9]+)*$/;

function foldLetters(text: string): string {
  return (
    text
      .toLowerCase()
      .normalize('NFD')
      // The general combining marks and the vowels of Arabic and Hebrew; the marks of Japanese or Hindi are letters to their readers.
      .replace(/[\u0300-\u036f\u0591-\u05c7\u064b-\u0655\u0670\u0640]/gu, '')
      .normalize('NFC')
      .replace(/[ßæœøłđðþıىةٱ]/gu, (letter) => UNDECOMPOSED[letter] ?? letter)
      .replace(/\p{Cf}/gu, '')
      .replace(/&/gu, ' and ')
  );
}

/** Dots and slashes inside abbreviations (S.A., I.B.M., A/S) and apostrophes join; every other mark separates. */
function withoutMarks(text: string): string {
  return withoutJoinedForms(text)
    .replace(/(?<=(?:^|[^\p{L}\p{N}])\p{L})[./](?=\p{L}(?:[^\p{L}\p{N}]|$))/gu, '')
    .replace(/(?<=\p{Script=Hebrew})["״](?=\p{Script=Hebrew})/gu, '')
    .replace(/['’ʼ`´]/gu, '')
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim();
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

/** Letters that Unicode does not take apart into a base letter and a mark, and Arabic ones that are written one for the other. */
const UNDECOMPOSED: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ى: 'ي',
  ة: 'ه',
  ٱ: 'ا',
};

/** As German, Danish and Norwegian write them without the letter. */
const WRITTEN_OUT: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', å: 'aa', ø: 'oe' };
