/** The text of a query with its words and their places, so that refusals can point into it as Salesforce does. */
export interface SourceText {
  readonly text: string;
  readonly words: readonly SourceWord[];
}

interface SourceWord {
  readonly text: string;
  /** Characters from the start of the query, from 0. */
  readonly offset: number;
}

const WORD = /'(?:\\[^]|[^'\\])*'|[\p{L}\p{N}_$][\p{L}\p{N}_$.:]*|[^\s]/gu;
const CONTEXT_CHARS = 30;

/** Splits a query into dotted names, literals, quoted texts (one word each) and single signs. */
export function readSource(text: string): SourceText {
  return { text, words: Array.from(text.matchAll(WORD), (match) => ({ text: match[0], offset: match.index })) };
}

/**
 * The place of `word` in the query: its first occurrence after the first `clause` keyword (case-insensitive), else its first at all, else 0.
 * The parser keeps no places, so a name that stands twice in one clause is reported at the first of them.
 */
export function placeOf(source: SourceText, word: string, clause: string): number {
  const clauseAt = source.words.findIndex((each) => each.text.toUpperCase() === clause);
  const inClause = source.words.slice(Math.max(clauseAt, 0)).find((each) => each.text === word);
  const anywhere = inClause ?? source.words.find((each) => each.text === word || each.text.endsWith(`.${word}`));
  return anywhere?.offset ?? 0;
}

/**
 * `detail` under the excerpt, caret and row and column that Salesforce puts before it.
 *
 * The excerpt reaches 30 characters to both sides and on to the end of the word it would cut, as published error messages show.
 */
export function pointAt(source: SourceText, offset: number, detail: string): string {
  const before = source.text.slice(0, offset);
  const row = before.split('\n').length;
  const lineStart = before.lastIndexOf('\n') + 1;
  const nextBreak = source.text.indexOf('\n', offset);
  const lineEnd = nextBreak === -1 ? source.text.length : nextBreak;

  let start = Math.max(lineStart, offset - CONTEXT_CHARS);
  while (start > lineStart && !isGap(source.text[start - 1])) start -= 1;
  let end = Math.min(lineEnd, offset + CONTEXT_CHARS);
  while (end < lineEnd && !isGap(source.text[end])) end += 1;

  const excerpt = source.text.slice(start, end);
  return `\n${excerpt}\n${' '.repeat(offset - start)}^\nERROR at Row:${row}:Column:${offset - lineStart + 1}\n${detail}`;
}

function isGap(character: string | undefined): boolean {
  return character === undefined || character === ',' || /\s/.test(character);
}
