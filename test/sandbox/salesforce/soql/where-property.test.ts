import fc from 'fast-check';
import { ask, openSmallOrg, records } from './small-org.ts';

interface Deal {
  readonly name: string;
  readonly amount: number | null;
  readonly closeDate: string;
  readonly accountName: string | null;
}

/** A condition with its SOQL and, beside it, what it means in plain JavaScript: the two share nothing. */
interface Condition {
  readonly soql: string;
  readonly holds: (deal: Deal) => boolean;
}

const org = openSmallOrg();
const DEALS: readonly Deal[] = [
  { name: 'One', amount: 100.1, closeDate: '2026-11-23', accountName: 'acme' },
  { name: 'Two', amount: 200.2, closeDate: '2026-11-22', accountName: 'acme' },
  { name: 'Three', amount: null, closeDate: '2026-10-31', accountName: 'acme west' },
  { name: 'Four', amount: 50, closeDate: '2025-12-31', accountName: null },
];

const COMPARE: Readonly<Record<string, (left: string | number, right: string | number) => boolean>> = {
  '=': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<>': (left, right) => left !== right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

/** Null differs from every value and is neither smaller nor larger. */
function compare(operator: string, left: string | number | null, right: string | number): boolean {
  return left === null ? operator === '!=' || operator === '<>' : (COMPARE[operator]?.(left, right) ?? false);
}

const operator = fc.constantFrom(...Object.keys(COMPARE));
const amount = fc
  .tuple(operator, fc.constantFrom(49.9, 50, 100.1, 150, 200.2))
  .map(([sign, value]): Condition => ({ soql: `Amount ${sign} ${value}`, holds: (deal) => compare(sign, deal.amount, value) }));
const closeDate = fc
  .tuple(operator, fc.constantFrom('2025-12-31', '2026-11-22', '2026-11-23', '2027-01-01'))
  .map(([sign, value]): Condition => ({ soql: `CloseDate ${sign} ${value}`, holds: (deal) => compare(sign, deal.closeDate, value) }));
const accountName = fc.tuple(operator, fc.constantFrom('ACME', 'Acme West', 'zeta')).map(([sign, value]): Condition => ({
  soql: `Account.Name ${sign} '${value}'`,
  holds: (deal) => compare(sign, deal.accountName, value.toLowerCase()),
}));
const empty = fc.constantFrom<Condition>(
  { soql: 'Amount = null', holds: (deal) => deal.amount === null },
  { soql: 'AccountId != null', holds: (deal) => deal.accountName !== null },
);
const list = fc.tuple(fc.boolean(), fc.subarray(['ONE', 'two', 'Three', 'none'], { minLength: 1 })).map(([negated, names]): Condition => ({
  soql: `Name ${negated ? 'NOT IN' : 'IN'} (${names.map((name) => `'${name}'`).join(', ')})`,
  holds: (deal) => names.some((name) => name.toLowerCase() === deal.name.toLowerCase()) !== negated,
}));
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4 },
    amount,
    closeDate,
    accountName,
    empty,
    list,
    tie('condition').map((inner): Condition => ({ soql: `(NOT (${inner.soql}))`, holds: (deal) => !inner.holds(deal) })),
    fc.array(tie('condition'), { minLength: 2, maxLength: 3 }).map((all): Condition => ({
      soql: `(${all.map((each) => `(${each.soql})`).join(' AND ')})`,
      holds: (deal) => all.every((each) => each.holds(deal)),
    })),
    fc.array(tie('condition'), { minLength: 2, maxLength: 3 }).map((all): Condition => ({
      soql: `(${all.map((each) => `(${each.soql})`).join(' OR ')})`,
      holds: (deal) => all.some((each) => each.holds(deal)),
    })),
  ),
}));

describe('WHERE, any condition', () => {
  it('finds the rows for which the condition holds, and COUNT() counts them', () => {
    fc.assert(
      fc.property(condition, ({ soql, holds }) => {
        const expected = DEALS.filter(holds).map((deal) => deal.name);
        const found = records(ask(org, `SELECT Name FROM Opportunity WHERE ${soql} ORDER BY Id`)).map((record) => record['Name']);
        expect(found).toEqual(expected);
        expect(ask(org, `SELECT COUNT() FROM Opportunity WHERE ${soql}`)).toMatchObject({ totalSize: expected.length });
      }),
      { numRuns: 500 },
    );
  });

  it('knows keyset conditions in both directions, negated or not', () => {
    const stamps = fc.constantFrom('2026-11-20T10:00:00Z', '2026-11-21T00:00:00Z', '2026-11-22T23:59:59Z');
    const rows = [
      ['2026-11-20T10:00:00Z', '001000000000001AAA'],
      ['2026-11-20T10:00:00Z', '001000000000002AAA'],
      ['2026-11-21T00:00:00Z', '001000000000003AAA'],
      ['2026-11-22T23:59:59Z', '001000000000004AAA'],
    ] as const;
    const run = fc.property(
      stamps,
      fc.integer({ min: 0, max: 5 }),
      fc.constantFrom('>', '<'),
      fc.boolean(),
      (stamp, number, sign, negated) => {
        const id = `00100000000000${number}AAA`;
        const beyond = COMPARE[sign] ?? (() => false);
        const keyset = `SystemModstamp ${sign} ${stamp} OR (SystemModstamp = ${stamp} AND Id ${sign} '${id}')`;
        const expected = rows
          .filter(([at, row]) => (beyond(at, stamp) || (at === stamp && beyond(row, id))) !== negated)
          .map(([, row]) => row);
        const found = records(ask(org, `SELECT Id FROM Account WHERE ${negated ? `NOT (${keyset})` : keyset} ORDER BY Id`)).map(
          (record) => record['Id'],
        );
        expect(found).toEqual(expected);
      },
    );
    fc.assert(run, { numRuns: 200 });
  });
});
