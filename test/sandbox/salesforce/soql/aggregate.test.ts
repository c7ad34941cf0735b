import { ask, openSmallOrg, records } from './small-org.ts';

const org = openSmallOrg();
const rows = (soql: string): unknown[] =>
  records(ask(org, soql)).map(({ attributes, ...rest }) => {
    expect(attributes).toEqual({ type: 'AggregateResult' });
    return rest;
  });

describe('COUNT()', () => {
  it.each([
    ['SELECT COUNT() FROM Opportunity', 4],
    ['SELECT count() FROM Opportunity WHERE Amount > 100', 2],
    ['SELECT COUNT() FROM Opportunity LIMIT 3', 3],
    ["SELECT COUNT() FROM Opportunity WHERE Account.Name = 'nobody'", 0],
  ])('%s', (soql, totalSize) => expect(ask(org, soql)).toEqual({ kind: 'rows', totalSize, records: [], more: false }));
});

describe('aggregate functions and GROUP BY', () => {
  it.each([
    ['SELECT COUNT(Id) FROM Opportunity', [{ expr0: 4 }]],
    ['SELECT count(Id) c, COUNT(Amount), MAX(CloseDate) latest FROM Opportunity', [{ c: 4, expr0: 3, latest: '2026-11-23' }]],
    // 100.1 + 200.2 + 50 without the noise of binary fractions.
    [
      'SELECT SUM(Amount), MIN(Amount), MAX(Amount), AVG(Amount) FROM Opportunity WHERE CloseDate > 2026-01-01',
      [{ expr0: 300.3, expr1: 100.1, expr2: 200.2, expr3: 150.15 }],
    ],
    ["SELECT SUM(Amount) FROM Opportunity WHERE Name = 'nobody'", [{ expr0: null }]],
    ['SELECT COUNT_DISTINCT(AccountId) n FROM Opportunity', [{ n: 2 }]],
    ['SELECT MAX(SystemModstamp) FROM Opportunity', [{ expr0: '2026-11-23T10:00:00.000+0000' }]],
    [
      'SELECT StageName, COUNT(Id) FROM Opportunity GROUP BY StageName ORDER BY COUNT(Id) DESC, StageName',
      [
        { StageName: 'Prospecting', expr0: 2 },
        { StageName: 'Analysis', expr0: 1 },
        { StageName: 'Closed Won', expr0: 1 },
      ],
    ],
    ['SELECT stagename s FROM Opportunity GROUP BY StageName HAVING COUNT(Id) > 1', [{ s: 'Prospecting' }]],
    ["SELECT StageName FROM Opportunity GROUP BY StageName HAVING COUNT(Id) = 1 AND StageName LIKE 'a%'", [{ StageName: 'Analysis' }]],
    [
      'SELECT Account.Name, COUNT(Id) n FROM Opportunity GROUP BY Account.Name ORDER BY Account.Name NULLS LAST',
      [
        { Name: 'Acme', n: 2 },
        { Name: 'acme west', n: 1 },
        { Name: null, n: 1 },
      ],
    ],
    [
      'SELECT CALENDAR_YEAR(CloseDate) y, CALENDAR_QUARTER(CloseDate), COUNT(Id) FROM Opportunity GROUP BY CALENDAR_YEAR(CloseDate), CALENDAR_QUARTER(CloseDate)',
      [
        { y: 2025, expr0: 4, expr1: 1 },
        { y: 2026, expr0: 4, expr1: 3 },
      ],
    ],
    [
      'SELECT toLabel(StageName), FORMAT(MAX(Amount)) top FROM Opportunity GROUP BY StageName HAVING MAX(Amount) > 150',
      [{ StageName: 'Won', top: '$200.20' }],
    ],
    ['SELECT Name FROM Opportunity GROUP BY Name ORDER BY Name LIMIT 1 OFFSET 1', [{ Name: 'One' }]],
  ])('%s', (soql, expected) => expect(rows(soql)).toEqual(expected));

  it('counts groups in totalSize', () => {
    expect(ask(org, 'SELECT OwnerId FROM Opportunity GROUP BY OwnerId')).toMatchObject({ totalSize: 2, more: false });
  });
});
