/** Legal forms of companies: what the name of a customer is read without. */

/** At the end of a name, as they look after folding: forms of several words, and of one. */
const SEVERAL_WORDS =
  'gmbh and co kg, gmbh and co kgaa, ag and co kg, kabushiki kaisha, sociedad anonima, societa per azioni, societe anonyme, ' +
  'limited liability company, s de rl de cv, sa de cv, sdn bhd, pty ltd, pty limited, pte ltd, pvt ltd, private limited, sp z oo, ' +
  'sp zoo, spolka z oo, and co, und co, et cie, y cia, fz llc, spolka akcyjna, naamloze vennootschap';
const ONE_WORD =
  'inc incorporated corp corporation co company llc llp lp lllp pllc ltd limited plc gmbh mbh ag kg kgaa ohg ug se ev sa sas sasu ' +
  'sarl eurl sl slu srl spa sapa bv nv bvba cv ab oy oyj as asa aps ks hf ehf kk yk gk pty pte pvt bhd sro doo dd kft zrt nyrt oo ooo ' +
  'zao oao lda ltda eireli fzco fze pjsc jsc wll tbk pjs kda ead eood ood sia uab';

/** By their last word; longer forms first, so that `pty ltd` is cut whole. */
const LEGAL_SUFFIXES: ReadonlyMap<string, readonly (readonly string[])[]> = Map.groupBy(
  [...SEVERAL_WORDS.split(', ').map((suffix) => suffix.split(' ')), ...ONE_WORD.split(' ').map((suffix) => [suffix])].sort(
    (left, right) => right.length - left.length,
  ),
  (suffix) => suffix.at(-1) ?? '',
);

/** Written before or behind the name, often without a space: kabushiki, yugen and godo kaisha, youxian gongsi. */
const JOINED_FORMS = /株式会社|有限会社|合同会社|\(株\)|\(有\)|股份有限公司|有限责任公司|有限公司/gu;

/** Written before or behind the name, in their own script: Latin *AO* begins names such as A. O. Smith. */
const NATIVE_FORMS: ReadonlySet<string> = new Set(
  'ооо оао зао пао ао нао тов тоо ип оод еоод ад αε επε οε ικε μον בעמ שמ ذمم شمم'.split(' '),
);
/** As Russian forms are romanised; no Latin name begins with these. */
const ROMANIZED_FORMS: ReadonlySet<string> = new Set(['ooo', 'oao', 'zao', 'pao']);

/** Blanks in the place of forms that are joined to the name. */
export function withoutJoinedForms(text: string): string {
  return text.replace(JOINED_FORMS, ' ');
}

/** The words without forms in their own script at either end; the last word stays whatever it is. */
export function withoutNativeForms(words: readonly string[]): readonly string[] {
  let rest = words;
  while (rest.length > 1 && (NATIVE_FORMS.has(rest[0] ?? '') || ROMANIZED_FORMS.has(rest[0] ?? ''))) rest = rest.slice(1);
  while (rest.length > 1 && NATIVE_FORMS.has(rest.at(-1) ?? '')) rest = rest.slice(0, -1);
  return rest;
}

/** The words without legal suffixes at the end, also several; the first word stays whatever it is. */
export function withoutLegalSuffix(words: readonly string[]): readonly string[] {
  let rest = words;
  for (;;) {
    const suffix = LEGAL_SUFFIXES.get(rest.at(-1) ?? '')?.find(
      (candidate) => rest.length > candidate.length && candidate.every((word, at) => rest[rest.length - candidate.length + at] === word),
    );
    if (suffix === undefined) return rest;
    rest = rest.slice(0, rest.length - suffix.length);
  }
}
