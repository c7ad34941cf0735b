/** Reads a formula into a tree. Products bind tighter than powers, as in Salesforce; everything is grouped from the left. */

import { FormulaProblem } from './expression.ts';
import { readTokens } from './token.ts';
import type { Token } from './token.ts';

export type Syntax =
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'word'; readonly word: 'TRUE' | 'FALSE' | 'NULL' }
  | { readonly kind: 'name'; readonly path: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Syntax[] }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Syntax }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Syntax; readonly right: Syntax };

/** From the loosest on. */
const LEVELS: readonly (readonly string[])[] = [['||'], ['&&'], ['=', '<>'], ['<', '<=', '>', '>='], ['+', '-', '&'], ['^'], ['*', '/']];
const OTHER_SPELLINGS: Readonly<Record<string, string>> = { '==': '=', '!=': '<>' };
const UNARY = new Set(['-', '+', '!']);
const WORDS = new Set(['TRUE', 'FALSE', 'NULL']);
/** Deeper formulas cannot be compiled by Salesforce either: its limit of characters ends them first. */
const MOST_LEVELS = 400;

/** @throws FormulaProblem where the formula is not well formed. */
export function readSyntax(source: string): Syntax {
  const tokens = readTokens(source);
  let at = 0;
  let depth = 0;
  const peek = (): Token => tokens[at] ?? { kind: 'end', text: '' };
  const isSign = (text: string) => peek().kind === 'sign' && peek().text === text;
  const take = (): Token => {
    const token = peek();
    at += 1;
    return token;
  };
  const close = () => {
    if (!isSign(')')) throw peek().kind === 'end' ? new FormulaProblem("Syntax error. Missing ')'") : unexpected(peek());
    at += 1;
  };

  const readLevel = (level: number): Syntax => {
    const operators = LEVELS[level];
    if (operators === undefined) return readUnary();
    let left = readLevel(level + 1);
    for (;;) {
      const token = peek();
      const operator = OTHER_SPELLINGS[token.text] ?? token.text;
      if (token.kind !== 'sign' || !operators.includes(operator)) return left;
      at += 1;
      left = { kind: 'binary', operator, left, right: readLevel(level + 1) };
    }
  };
  const readUnary = (): Syntax => {
    const token = peek();
    if (token.kind !== 'sign' || !UNARY.has(token.text)) return readPrimary();
    at += 1;
    return deeper(() => ({ kind: 'unary', operator: token.text, operand: readUnary() }));
  };
  const readPrimary = (): Syntax => {
    const token = take();
    if (token.kind === 'number' || token.kind === 'text') return token;
    if (token.kind === 'name') return isSign('(') ? readCall(token.text) : readName(token.text);
    if (token.kind !== 'sign' || token.text !== '(') throw unexpected(token);
    const inner = deeper(() => readLevel(0));
    close();
    return inner;
  };
  const readCall = (name: string): Syntax => {
    at += 1;
    const args: Syntax[] = [];
    if (!isSign(')')) {
      do {
        if (isSign(',')) at += 1;
        if (isSign(')') || isSign(',')) throw new FormulaProblem("Syntax error. Extra ','");
        args.push(deeper(() => readLevel(0)));
      } while (isSign(','));
    }
    close();
    return { kind: 'call', name: name.toUpperCase(), args };
  };
  const deeper = (read: () => Syntax): Syntax => {
    depth += 1;
    if (depth > MOST_LEVELS) throw new FormulaProblem('Formula is too complex');
    const inner = read();
    depth -= 1;
    return inner;
  };

  const whole = readLevel(0);
  const rest = peek();
  if (rest.kind === 'end') return whole;
  throw rest.text === ')' || rest.text === ',' ? new FormulaProblem(`Syntax error. Extra '${rest.text}'`) : unexpected(rest);
}

function readName(text: string): Syntax {
  const word = text.toUpperCase();
  return WORDS.has(word) ? { kind: 'word', word: word as 'TRUE' | 'FALSE' | 'NULL' } : { kind: 'name', path: text };
}

function unexpected(token: Token): FormulaProblem {
  return new FormulaProblem(token.kind === 'end' ? 'Syntax error' : `Syntax error. Found '${token.text}'`);
}
