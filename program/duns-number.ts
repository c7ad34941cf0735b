/**
 * The nine digits of a D-U-N-S number, where the text says that it is one: `DUNS 15-048-3782`. Null for everything else, also for nine bare digits, which may be a
 * number of the country's register, and for nine digits that are all the same.
 *
 * Numbers given out since 2006 have no check digit, so nothing but the form can be checked. https://en.wikipedia.org/wiki/Data_Universal_Numbering_System
 */
export function dunsNumber(text: string | null): string | null {
  const match = /^\s*d-?u-?n-?s(?:\s*(?:no\.?|nr\.?|number|#))?[\s:.#-]*(\d(?:[\s-]?\d){8})\s*$/iu.exec(
    (text ?? '').slice(0, 80).normalize('NFKC'),
  );
  const digits = match?.[1]?.replace(/\D/gu, '') ?? '';
  return digits === '' || /^(\d)\1{8}$/u.test(digits) ? null : digits;
}
