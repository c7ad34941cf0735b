import type { Condition, HavingClause, ValueQueryCondition, WhereClause } from '@jetstreamapp/soql-parser-js';
import { SoqlRefusal, unexpectedToken, type Clause } from './refusal.ts';
import { placeOf, type SourceText } from './source-text.ts';

/** One comparison, as the parser gives it. */
export type Comparison = Exclude<Condition, { openParen: number; field?: never; fn?: never }> | ValueQueryCondition;

export type ConditionTree =
  | { readonly kind: 'comparison'; readonly comparison: Comparison }
  | { readonly kind: 'not'; readonly inner: ConditionTree }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly ConditionTree[] };

/** Words after which a comparison may begin. */
const JOINTS = /^(?:WHERE|HAVING|AND|OR|NOT|\()$/i;
type Mark = '(' | ')' | 'AND' | 'OR' | 'NOT' | Comparison;

/**
 * Builds the tree of a WHERE or HAVING clause, which the parser gives as a chain with counted parentheses.
 *
 * NOT binds to the next comparison or parenthesis alone. AND beside OR without parentheses is refused, as in Salesforce.
 */
export function buildConditionTree(chain: WhereClause | HavingClause, source: SourceText, clause: Clause): ConditionTree {
  const marks = flatten(chain, source, clause);
  let next = 0;

  function readGroup(): ConditionTree {
    const first = readUnit();
    const joint = marks[next];
    if (joint !== 'AND' && joint !== 'OR') return first;
    const parts = [first];
    while (marks[next] === 'AND' || marks[next] === 'OR') {
      if (marks[next] !== joint) throw refuseMixed(source, joint === 'AND' ? 'OR' : 'AND', clause);
      next += 1;
      parts.push(readUnit());
    }
    return { kind: joint === 'AND' ? 'and' : 'or', parts };
  }

  function readUnit(): ConditionTree {
    const mark = marks[next];
    next += 1;
    if (mark === 'NOT') return { kind: 'not', inner: readUnit() };
    if (mark === '(') {
      const inner = readGroup();
      if (marks[next] !== ')') throw new SoqlRefusal('MALFORMED_QUERY', "expecting a right parentheses, found '<EOF>'");
      next += 1;
      return inner;
    }
    if (mark === undefined || typeof mark === 'string') throw unexpectedToken(source, source.text.length, '');
    return { kind: 'comparison', comparison: mark };
  }

  const tree = readGroup();
  if (next < marks.length) throw unexpectedToken(source, source.text.length, ')');
  return tree;
}

function flatten(chain: WhereClause | HavingClause, source: SourceText, clause: Clause): readonly Mark[] {
  const marks: Mark[] = [];
  let link: WhereClause | HavingClause | undefined = chain;
  while (link !== undefined) {
    const left: { openParen?: number; closeParen?: number } | null = link.left;
    const right: WhereClause | HavingClause | undefined = 'right' in link ? link.right : undefined;
    for (let count = left?.openParen ?? 0; count > 0; count -= 1) marks.push('(');
    if (left !== null && isComparison(left)) {
      marks.push(left);
      for (let count = left.closeParen ?? 0; count > 0; count -= 1) marks.push(')');
      // The parser lets two comparisons follow each other without a word between them.
      if (right !== undefined && !('operator' in link && link.operator)) throw refuseMissingJoint(source, right, clause);
    }
    if ('operator' in link) marks.push(link.operator);
    link = right;
  }
  return marks;
}

function isComparison(left: object): left is Comparison {
  return 'field' in left || 'fn' in left;
}

function refuseMixed(source: SourceText, joint: string, clause: Clause): SoqlRefusal {
  const written = source.words.find((word) => word.text.toUpperCase() === joint && word.offset > placeOf(source, clause, clause));
  return unexpectedToken(source, written?.offset ?? 0, written?.text ?? joint);
}

function refuseMissingJoint(source: SourceText, right: WhereClause | HavingClause, clause: Clause): SoqlRefusal {
  const written = right.left !== null && 'field' in right.left ? right.left.field : '';
  const start = placeOf(source, clause, clause);
  const word = source.words.find(
    (each, index) => each.text === written && each.offset > start && !JOINTS.test(source.words[index - 1]?.text ?? ''),
  );
  return unexpectedToken(source, word?.offset ?? start, written);
}
