import type { Program } from '../../../program/definition/program.ts';
import { listedAccount } from '../../../program/rules/listed-account.ts';
import { ACME, customer, ruleInput } from '../example.ts';
import { situationOf } from './finding.ts';

type Account = Program['accounts'][number];

function listing(...changes: readonly Partial<Account>[]): Program {
  const listed: Account = {
    kind: 'named',
    name: 'Northwind',
    domains: ['northwind.example'],
    companyNumber: undefined,
    country: 'US',
    from: '2026-01-01',
    until: null,
    reservedFor: null,
  };
  return { ...ACME, accounts: changes.map((change) => ({ ...listed, ...change })) };
}

describe('C13_listed_account', () => {
  it.each<[string, readonly Partial<Account>[], string | null]>([
    ['an empty list', [], null],
    ['a named account', [{}], 'named'],
    ['a house account', [{ kind: 'house' }], 'house'],
    ['a direct-only account', [{ kind: 'direct_only' }], 'direct_only'],
    ['the strictest of several entries', [{}, { kind: 'direct_only' }, { kind: 'house' }], 'direct_only'],
    ['an entry by name alone', [{ domains: [] }], 'probable'],
    ['a certain entry beside one by name', [{ domains: [], kind: 'direct_only' }, {}], 'named'],
    ['an entry for this partner', [{ reservedFor: 'aster' }], null],
    ['an entry for another partner', [{ reservedFor: 'birch' }], 'named'],
    ['an entry for this partner and one against all', [{ reservedFor: 'aster' }, { kind: 'house' }], 'house'],
    ['another customer', [{ name: 'Southwind', domains: ['southwind.example'] }], null],
  ])('looks at %s', (_what, accounts, expected) => {
    expect(situationOf(listedAccount, { program: listing(...accounts) })).toBe(expected);
  });

  // New York is five hours behind UTC in November.
  it.each([
    ['the last instant of the day before', '2026-11-10T04:59:59.999Z', null],
    ['the first instant of its first day', '2026-11-10T05:00:00.000Z', 'named'],
    ['the last instant of its last day', '2026-11-20T04:59:59.999Z', 'named'],
    ['the first instant of the day of its end', '2026-11-20T05:00:00.000Z', null],
  ])('counts days where the default office is: %s', (_when, submittedAt, expected) => {
    const program = listing({ from: '2026-11-10', until: '2026-11-20' });
    expect(situationOf(listedAccount, { program, claim: { submittedAt } })).toBe(expected);
  });

  it('does not tell a partner for whom the entry is kept, and shows insiders where it stands', () => {
    const finding = listedAccount.examine(ruleInput('C13_listed_account', { program: listing({ reservedFor: 'birch' }) }));
    expect(finding.partnerMessage).not.toContain('birch');
    expect(finding.exhibits).toEqual([
      {
        kind: 'listed_account',
        summary:
          'entry 1 "Northwind", named, from 2026-01-01, reserved for partner birch; exact match: same registrable domain northwind.example',
      },
    ]);
  });

  it('does not take a domain of free mail that nobody listed for a hit', () => {
    const claim = { customer: customer({ domain: 'gmail.com', name: 'Somebody' }) };
    expect(situationOf(listedAccount, { program: listing({}), claim })).toBeNull();
  });
});
