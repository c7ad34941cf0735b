import { readSource, type SourceText } from './source-text.ts';

/**
 * A query whose FROM lists parents beside its object, `FROM Contact c, c.Account a`, with the names under those aliases written out; any other query as it is.
 *
 * Source: SOQL and SOSL Reference, "Alias Notation". The parser knows one object alone.
 */
export function expandAliases(source: SourceText): SourceText {
  const { words } = source;
  const from = indexOfFrom(source);
  const rootAlias = words[from + 2]?.text;
  const firstComma = from + 3;
  if (from === -1 || rootAlias === undefined || words[firstComma]?.text !== ',') return source;
  const paths = new Map<string, string>([[rootAlias.toLowerCase(), '']]);
  let next = firstComma;
  for (; words[next]?.text === ','; next += 3) {
    const [first = '', ...steps] = (words[next + 1]?.text ?? '').split('.');
    const above = paths.get(first.toLowerCase());
    const alias = words[next + 2]?.text;
    if (above === undefined || steps.length === 0 || alias === undefined) return source;
    paths.set(alias.toLowerCase(), `${above}${steps.join('.')}.`);
  }
  const listEnd = words[next - 1];
  const listStart = words[firstComma];
  if (listEnd === undefined || listStart === undefined) return source;
  const kept = words.filter((_word, index) => index < firstComma || index >= next);
  const edits = kept.flatMap(({ text, offset }) => {
    const dot = text.indexOf('.');
    const path = dot === -1 || text.startsWith("'") ? undefined : paths.get(text.slice(0, dot).toLowerCase());
    return path === undefined ? [] : [{ from: offset, to: offset + dot + 1, put: path }];
  });
  const cut = { from: listStart.offset, to: listEnd.offset + listEnd.text.length, put: '' };
  const text = [...edits, cut]
    .toSorted((left, right) => right.from - left.from)
    .reduce((done, edit) => done.slice(0, edit.from) + edit.put + done.slice(edit.to), source.text);
  return readSource(text);
}

/** The FROM of the query itself, outside all parentheses; -1 without one. */
function indexOfFrom({ words }: SourceText): number {
  let depth = 0;
  return words.findIndex(({ text }) => {
    if (text === '(') depth += 1;
    if (text === ')') depth -= 1;
    return depth === 0 && text.toUpperCase() === 'FROM';
  });
}
