import type { SourceText } from './source-text.ts';

const CLAUSE_START = /^(?:GROUP|ORDER|HAVING|LIMIT|OFFSET|FOR|WITH|USING|UPDATE|ALL)$/i;

/**
 * The query's text with a comparison that always holds between a NOT and a NOT directly inside it: `NOT (NOT x)` becomes
 * `NOT ((Id != null AND NOT x))`. The parser drops the third of three such negations without a word; apart from each other it keeps them all.
 */
export function separateNegations({ text, words }: SourceText): string {
  const at = (index: number): string => words[index]?.text.toUpperCase() ?? '';
  const isNegation = (index: number): boolean => at(index) === 'NOT' && at(index + 1) !== 'IN';

  function isInsideNegation(index: number): boolean {
    let before = index - 1;
    while (at(before) === '(') before -= 1;
    return isNegation(before);
  }

  /** The last word of what the NOT at `index` negates: a group, or one comparison. */
  function endOfUnit(index: number): number {
    let next = index + 1;
    while (isNegation(next)) next += 1;
    const isGroup = at(next) === '(';
    let depth = 0;
    for (; next < words.length; next += 1) {
      if (at(next) === '(') depth += 1;
      else if (at(next) === ')') {
        if (depth === 0) return next - 1;
        depth -= 1;
        if (depth === 0 && isGroup) return next;
      } else if (depth === 0 && (at(next) === 'AND' || at(next) === 'OR' || CLAUSE_START.test(at(next)))) return next - 1;
    }
    return words.length - 1;
  }

  const insertions = words.flatMap((word, index) => {
    if (!isNegation(index) || !isInsideNegation(index)) return [];
    const last = words[endOfUnit(index)];
    if (last === undefined) return [];
    return [
      { offset: word.offset, added: '(Id != null AND ' },
      { offset: last.offset + last.text.length, added: ')' },
    ];
  });
  return insertions
    .toSorted((left, right) => right.offset - left.offset)
    .reduce((done, { offset, added }) => done.slice(0, offset) + added + done.slice(offset), text);
}
