/** A piece of evidence as partners bring it: a text, or a summary with where it is found. What is of another shape says nothing. */
export type Piece = unknown;

/**
 * What makes two pieces one: where it is found, otherwise its words. Case, punctuation and white space do not count, nor does how an address is written: who brings the same
 * letter with other words brings nothing new.
 */
export function identityOfPiece(piece: Piece): string | null {
  if (typeof piece === 'string') return identityOfText(piece);
  if (typeof piece !== 'object' || piece === null) return null;
  const { summary, url } = piece as { readonly summary?: unknown; readonly url?: unknown };
  if (typeof url === 'string') return `at ${identityOfAddress(url)}`;
  return typeof summary === 'string' ? identityOfText(summary) : null;
}

/** True where at least one piece was not there before. `known` may hold texts of any kind, such as a statement or a description. */
export function bringsSomethingNew(brought: readonly Piece[], known: readonly Piece[]): boolean {
  const before = new Set(known.map(identityOfPiece));
  return brought.some((piece) => {
    const identity = identityOfPiece(piece);
    return identity !== null && !before.has(identity);
  });
}

/** Null where a text has no letter and no digit. */
function identityOfText(text: string): string | null {
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.length === 0 ? null : `words ${words.join(' ')}`;
}

function identityOfAddress(url: string): string {
  return url
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\/(www\.)?/, '')
    .replace(/#.*$/s, '')
    .replace(/\/+(?=\?|$)/, '');
}
