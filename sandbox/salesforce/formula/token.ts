/** Takes a formula apart. Source: Salesforce Help, "Formula Operators and Functions"; the grammar that Salesforce published with its formula engine. */

import { FormulaProblem } from './expression.ts';

export type Token =
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'sign'; readonly text: string }
  | { readonly kind: 'end'; readonly text: '' };

/** Comments do not nest: the first end closes. A name may lead over parents, and name the object of a lookup that has several (`Owner:User.Email`). */
const PATTERNS: readonly (readonly [kind: 'blank' | 'number' | 'text' | 'name' | 'sign', pattern: RegExp])[] = [
  ['blank', /\s+|\/\*[\s\S]*?\*\//y],
  ['number', /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['text', /"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'/y],
  ['name', /\$?[A-Za-z_]\w*(?:[.:]\$?[A-Za-z_]\w*)*/y],
  ['sign', /==|!=|<>|<=|>=|&&|\|\||[-+*/^&=<>!(),]/y],
];
/** What may follow a backslash. Of these, only the backslash and the double quote lose it. */
const ESCAPES = /^[nrtNRT"'\\]$/;

/** @throws FormulaProblem at the first character that no formula has there. */
export function readTokens(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const found = matchAt(source, at);
    if (found === null) throw new FormulaProblem(`Syntax error. Found '${source.charAt(at)}'`);
    at += found.text.length;
    if (found.kind !== 'blank') tokens.push(found.kind === 'text' ? { kind: 'text', text: unescape(found.text) } : (found as Token));
  }
  return [...tokens, { kind: 'end', text: '' }];
}

function matchAt(source: string, at: number): { readonly kind: (typeof PATTERNS)[number][0]; readonly text: string } | null {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const text = pattern.exec(source)?.[0];
    if (text !== undefined) return { kind, text };
  }
  return null;
}

function unescape(quoted: string): string {
  return quoted.slice(1, -1).replaceAll(/\\([\s\S])/g, (whole, escaped: string) => {
    if (!ESCAPES.test(escaped)) throw new FormulaProblem(`Syntax error. Found '${whole}'`);
    return escaped === '\\' || escaped === '"' ? escaped : whole;
  });
}
