import fc from 'fast-check';
import { ask, openSmallOrg, records } from './small-org.ts';

/** The deals of the small org, by hand; what the query engine shares with this table is nothing. */
const DEALS = [
  { StageName: 'Prospecting', 'Account.Name': 'Acme', 'Owner.Name': 'Rita Rep', amount: 100.1 },
  { StageName: 'Closed Won', 'Account.Name': 'Acme', 'Owner.Name': 'Rita Rep', amount: 200.2 },
  { StageName: 'Prospecting', 'Account.Name': 'acme west', 'Owner.Name': 'Rob Rep', amount: null },
  { StageName: 'Analysis', 'Account.Name': null, 'Owner.Name': 'Rob Rep', amount: 50 },
] as const;
type Key = Exclude<keyof (typeof DEALS)[number], 'amount'>;
type Kind = 'plain' | 'rollup' | 'cube';

const org = openSmallOrg();

/** Which of the keys each grouping set groups by, by what the words mean. */
function setsOf(kind: Kind, keys: readonly Key[]): readonly (readonly Key[])[] {
  if (kind === 'plain') return [keys];
  if (kind === 'rollup') return [...keys.keys(), keys.length].map((length) => keys.slice(0, length));
  return keys.reduce<readonly (readonly Key[])[]>((sets, key) => [...sets, ...sets.map((set) => [...set, key])], [[]]);
}

function expected(kind: Kind, keys: readonly Key[]): readonly string[] {
  const lines = setsOf(kind, keys).flatMap((set) => {
    const groups = new Map<string, { readonly shown: readonly unknown[]; readonly amounts: (number | null)[] }>();
    for (const deal of DEALS) {
      const shown = keys.flatMap((key) => [set.includes(key) ? deal[key] : null, kind !== 'plain' && !set.includes(key) ? 1 : 0]);
      const group = groups.get(JSON.stringify(shown)) ?? { shown, amounts: [] };
      group.amounts.push(deal.amount);
      groups.set(JSON.stringify(shown), group);
    }
    return [...groups.values()].map(({ shown, amounts }) => {
      const known = amounts.filter((amount) => amount !== null);
      const sum = known.length === 0 ? null : Number(known.reduce((total, amount) => total + amount, 0).toPrecision(15));
      return JSON.stringify([shown, amounts.length, sum, known.length === 0 ? null : Math.max(...known)]);
    });
  });
  return lines.toSorted();
}

function answered(kind: Kind, keys: readonly Key[]): readonly string[] {
  const selected = keys.flatMap((key, index) => [`${key} k${index}`, ...(kind === 'plain' ? [] : [`GROUPING(${key}) g${index}`])]);
  const by = kind === 'plain' ? keys.join(', ') : `${kind.toUpperCase()}(${keys.join(', ')})`;
  const soql = `SELECT ${selected.join(', ')}, COUNT(Id) n, SUM(Amount) total, MAX(Amount) most FROM Opportunity GROUP BY ${by}`;
  return records(ask(org, soql))
    .map((row) =>
      JSON.stringify([keys.flatMap((_key, index) => [row[`k${index}`], row[`g${index}`] ?? 0]), row['n'], row['total'], row['most']]),
    )
    .toSorted();
}

describe('GROUP BY, against grouping by hand', () => {
  it('answers the same groups, subtotals and totals', () => {
    const keys = fc.shuffledSubarray<Key>(['StageName', 'Account.Name', 'Owner.Name'], { minLength: 1 });
    fc.assert(
      fc.property(fc.constantFrom<Kind>('plain', 'rollup', 'cube'), keys, (kind, chosen) =>
        expect(answered(kind, chosen)).toEqual(expected(kind, chosen)),
      ),
      { numRuns: 60 },
    );
  });

  it('puts each subtotal behind what it sums up, and the total last', () => {
    const soql = 'SELECT Account.Name, StageName, COUNT(Id) FROM Opportunity GROUP BY ROLLUP(Account.Name, StageName)';
    expect(records(ask(org, soql)).map((row) => [row['Name'], row['StageName'], row['expr0']])).toEqual([
      [null, 'Analysis', 1],
      [null, null, 1],
      ['Acme', 'Closed Won', 1],
      ['Acme', 'Prospecting', 1],
      ['Acme', null, 2],
      ['acme west', 'Prospecting', 1],
      ['acme west', null, 1],
      [null, null, 4],
    ]);
  });

  it('sorts, restricts and limits subtotals like all other rows', () => {
    const soql =
      'SELECT StageName, COUNT(Id) n FROM Opportunity GROUP BY ROLLUP(StageName) HAVING COUNT(Id) > 1 ORDER BY GROUPING(StageName), StageName DESC LIMIT 5';
    expect(records(ask(org, soql)).map((row) => [row['StageName'], row['n']])).toEqual([
      ['Prospecting', 2],
      [null, 4],
    ]);
  });

  it.each([
    ['SELECT GROUPING(StageName) FROM Opportunity GROUP BY StageName', 'MALFORMED_QUERY', 'GROUPING() can only be asked'],
    [
      'SELECT COUNT(Id) FROM Opportunity GROUP BY CUBE(StageName, Name, OwnerId, AccountId)',
      'MALFORMED_QUERY',
      'GROUP BY CUBE takes at most 3 fields, and names 4',
    ],
  ])('%s is refused', (soql, errorCode, words) => {
    expect(ask(org, soql)).toEqual({ kind: 'error', errorCode, message: expect.stringContaining(words) });
  });
});
