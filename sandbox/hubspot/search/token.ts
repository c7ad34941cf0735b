/** Words of a text, as searches by token see them. */

/** The words of `text` in lower case: runs of letters and digits, in any script. */
function tokensOf(text: unknown): readonly string[] {
  return (typeof text === 'string' ? text : '').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** True when every word of `wanted` is a word of `text`; `*` in a word stands for any characters. */
export function containsTokens(text: unknown, wanted: unknown): boolean {
  const tokens = tokensOf(text);
  const patterns = (typeof wanted === 'string' ? wanted : '').toLowerCase().match(/[\p{L}\p{N}*]+/gu) ?? [];
  return patterns.every((pattern) => tokens.some((token) => fits(token, pattern)));
}

/** True when every word of `wanted` begins a word of `text`. */
export function hasPrefixes(text: unknown, wanted: unknown): boolean {
  const tokens = tokensOf(text);
  return tokensOf(wanted).every((prefix) => tokens.some((token) => token.startsWith(prefix)));
}

/** The parts between the asterisks must follow one another; no expression is built, so that no pattern can take long. */
function fits(token: string, pattern: string): boolean {
  const parts = pattern.split('*');
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  if (parts.length === 1) return token === pattern;
  if (!token.startsWith(first) || !token.endsWith(last) || token.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = token.indexOf(part, at);
    if (found < 0 || found + part.length > token.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}
