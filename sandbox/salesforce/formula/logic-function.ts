/** Logical functions, and those of a record's change. Source: Salesforce Help, "Formula Functions: Logical". */

import type { Expression, FormulaType, FormulaValue } from './expression.ts';
import { FormulaProblem } from './expression.ts';
import { areEqual, commonType, compileJunction, compileNot } from './operator.ts';
import type { FormulaFunction } from './signature.ts';
import { ANY, BOOLEAN, PICKLIST, TEXT, wrongType } from './signature.ts';

const EVERY: readonly FormulaType[] = ['Text', 'Number', 'Boolean', 'Date', 'DateTime', 'Picklist', 'Multipicklist'];
const SCALAR: readonly FormulaType[] = ['Text', 'Number', 'Date', 'DateTime'];

export const LOGIC_FUNCTIONS: Readonly<Record<string, FormulaFunction>> = {
  AND: { takes: [BOOLEAN], repeats: true, compile: (args) => compileJunction(args, false) },
  OR: { takes: [BOOLEAN], repeats: true, compile: (args) => compileJunction(args, true) },
  NOT: { takes: [BOOLEAN], compile: ([operand]) => compileNot(given(operand)) },
  IF: {
    takes: [BOOLEAN, ANY, ANY],
    compile: ([condition, then, otherwise]) => {
      const [test, yes, no] = [given(condition), given(then), given(otherwise)];
      return { type: unified('IF', yes, no), evaluate: (at) => (test.evaluate(at) === true ? yes : no).evaluate(at) };
    },
  },
  CASE: { takes: [EVERY, ANY, ANY, ANY], repeats: true, compile: compileCase },
  ISBLANK: {
    takes: [ANY],
    compile: ([operand]) => {
      const tested = notBoolean('ISBLANK', given(operand));
      return { type: 'Boolean', evaluate: (at) => tested.evaluate(at) === null };
    },
  },
  // A text is never null to this function, also where it is blank.
  ISNULL: {
    takes: [ANY],
    compile: ([operand]) => {
      const tested = notBoolean('ISNULL', given(operand));
      return { type: 'Boolean', evaluate: (at) => tested.type !== 'Text' && tested.evaluate(at) === null };
    },
  },
  BLANKVALUE: { takes: [SCALAR, SCALAR], compile: ([tested, other]) => replaced('BLANKVALUE', given(tested), given(other)) },
  NULLVALUE: {
    takes: [SCALAR, SCALAR],
    compile: ([tested, other]) => (given(tested).type === 'Text' ? given(tested) : replaced('NULLVALUE', given(tested), given(other))),
  },
  ISPICKVAL: {
    takes: [PICKLIST, TEXT],
    compile: ([picklist, value]) => {
      const [field, wanted] = [given(picklist), literalOf('ISPICKVAL', given(value)).toLowerCase()];
      return { type: 'Boolean', evaluate: (at) => String(field.evaluate(at) ?? '').toLowerCase() === wanted };
    },
  },
  INCLUDES: {
    takes: [['Multipicklist'], TEXT],
    compile: ([picklist, value]) => {
      const [field, wanted] = [given(picklist), literalOf('INCLUDES', given(value)).toLowerCase()];
      return { type: 'Boolean', evaluate: (at) => chosenIn(field.evaluate(at)).includes(wanted) };
    },
  },
  ISNEW: { takes: [], compile: () => ({ type: 'Boolean', evaluate: ({ before }) => before === null }) },
  // No record is cloned through an API.
  ISCLONE: { takes: [], compile: () => ({ type: 'Boolean', evaluate: () => false }) },
  ISCHANGED: {
    takes: [EVERY],
    compile: ([operand]) => {
      const field = ownField('ISCHANGED', given(operand));
      const isSame = (a: FormulaValue, b: FormulaValue) => a === b || (a === null && b === null) || areEqual(a, b, field.type);
      return {
        type: 'Boolean',
        evaluate: (at) => at.before !== null && !isSame(field.evaluate(at), field.evaluate({ ...at, row: at.before })),
      };
    },
  },
  PRIORVALUE: {
    takes: [EVERY],
    compile: ([operand]) => {
      const field = ownField('PRIORVALUE', given(operand));
      return { ...field, isOwn: false, evaluate: (at) => field.evaluate({ ...at, row: at.before ?? at.row }) };
    },
  },
};

/** `checkCall` has counted; this tells the compiler so. */
export function given(expression: Expression | undefined): Expression {
  if (expression === undefined) throw new Error('A function was compiled with fewer values than it takes');
  return expression;
}

function unified(name: string, a: Expression, b: Expression): FormulaType {
  const type = commonType(a.type, b.type);
  if (type === null) throw wrongType(name, [a.type], b.type);
  return type;
}

function notBoolean(name: string, operand: Expression): Expression {
  if (operand.type === 'Boolean') throw new FormulaProblem(`Incorrect argument type for function '${name}()'.`);
  return operand;
}

function replaced(name: string, tested: Expression, other: Expression): Expression {
  return { type: unified(name, tested, other), evaluate: (at) => tested.evaluate(at) ?? other.evaluate(at) };
}

function literalOf(name: string, { literal }: Expression): string {
  if (typeof literal === 'string') return literal;
  throw new FormulaProblem(`Incorrect parameter for function '${name}()'. The second parameter must be a text literal`);
}

function chosenIn(value: FormulaValue): readonly string[] {
  return value === null ? [] : String(value).toLowerCase().split(';');
}

function ownField(name: string, operand: Expression): Expression {
  if (operand.isOwn === true) return operand;
  throw new FormulaProblem(`Incorrect parameter for function '${name}()'. A field of the object is expected`);
}

/** CASE(value, when, then, …, otherwise); a picklist is compared by its value. */
function compileCase(args: readonly Expression[]): Expression {
  if (args.length % 2 !== 0) {
    throw new FormulaProblem(`Incorrect number of parameters for function 'CASE()'. Expected ${args.length - 1}, received ${args.length}`);
  }
  const [tested, ...rest] = args;
  const value = given(tested);
  const otherwise = given(rest.at(-1));
  const whenType: FormulaType = value.type === 'Picklist' ? 'Text' : value.type;
  const branches: (readonly [when: Expression, then: Expression])[] = [];
  let type = otherwise.type;
  for (let index = 0; index + 1 < rest.length; index += 2) {
    const [when, then] = [given(rest[index]), given(rest[index + 1])];
    if (commonType(whenType, when.type) === null) throw wrongType('CASE', [whenType], when.type);
    type = unified('CASE', { ...otherwise, type }, then);
    branches.push([when, then]);
  }
  return {
    type,
    evaluate: (at) => {
      const actual = value.evaluate(at);
      const fits = ([when]: (typeof branches)[number]) => {
        const wanted = when.evaluate(at);
        return (actual === null && wanted === null) || areEqual(actual, wanted, whenType);
      };
      return (branches.find(fits)?.[1] ?? otherwise).evaluate(at);
    },
  };
}
