import { account, ask, deal, openSmallOrg, records, REP } from './small-org.ts';

const org = openSmallOrg();
const attributes = (type: string, id: string): object => ({ type, url: `/services/data/v66.0/sobjects/${type}/${id}` });

describe('runQuery, records', () => {
  it('spells names as the schema does, nests parents and answers null for a missing one', () => {
    const answer = ask(
      org,
      "select ID, amount, stagename, account.name, Account.PARENT.name, closedate FROM opportunity WHERE name IN ('one','four')",
    );
    expect(answer).toEqual({
      kind: 'rows',
      totalSize: 2,
      more: false,
      records: [
        {
          attributes: attributes('Opportunity', deal(1)),
          Id: deal(1),
          Amount: 100.1,
          StageName: 'Prospecting',
          Account: { attributes: attributes('Account', account(1)), Name: 'Acme', Parent: null },
          CloseDate: '2026-11-23',
        },
        {
          attributes: attributes('Opportunity', deal(4)),
          Id: deal(4),
          Amount: 50,
          StageName: 'Analysis',
          Account: null,
          CloseDate: '2025-12-31',
        },
      ],
    });
  });

  it('answers booleans and date-times in REST form', () => {
    expect(records(ask(org, "SELECT IsPartner, SystemModstamp FROM Account WHERE Name = 'acme'"))).toEqual([
      { attributes: attributes('Account', account(1)), IsPartner: true, SystemModstamp: '2026-11-20T10:00:00.000+0000' },
    ]);
  });

  it('nests children with their own order and limit, and answers null where there are none', () => {
    const soql =
      "SELECT Name, (SELECT Name, Owner.Name FROM Opportunities ORDER BY Amount DESC LIMIT 1), (SELECT Id FROM ChildAccounts) FROM Account WHERE Name LIKE '%e' OR Name = 'béta'";
    expect(records(ask(org, soql))).toEqual([
      {
        attributes: attributes('Account', account(1)),
        Name: 'Acme',
        Opportunities: {
          totalSize: 1,
          done: true,
          records: [
            {
              attributes: attributes('Opportunity', deal(2)),
              Name: 'Two',
              Owner: { attributes: attributes('User', REP), Name: 'Rita Rep' },
            },
          ],
        },
        ChildAccounts: { totalSize: 1, done: true, records: [{ attributes: attributes('Account', account(2)), Id: account(2) }] },
      },
      {
        attributes: attributes('Account', account(3)),
        Name: 'Béta',
        Opportunities: null,
        ChildAccounts: null,
      },
    ]);
  });

  it('reaches several objects through one lookup', () => {
    expect(records(ask(org, 'SELECT What.Name, What.Type FROM Task')).map((record) => record['What'])).toEqual([
      { attributes: attributes('Account', account(1)), Name: 'Acme', Type: 'Account' },
      { attributes: attributes('Opportunity', deal(2)), Name: 'Two', Type: 'Opportunity' },
      null,
    ]);
  });

  it.each([
    [
      'what WHEN names of each type',
      'TYPEOF What WHEN Account THEN Name, IsPartner WHEN Opportunity THEN Amount END',
      [{ Name: 'Acme', IsPartner: true }, { Amount: 200.2 }, null],
    ],
    ['null of a type without ELSE', 'TYPEOF What WHEN opportunity THEN stagename END', [null, { StageName: 'Closed Won' }, null]],
    ['what ELSE says of all others', 'TYPEOF what WHEN Opportunity THEN Id ELSE Name END', [{ Name: 'Acme' }, { Id: deal(2) }, null]],
  ])('shows by TYPEOF %s', (_what, field, expected) => {
    const answers = records(ask(org, `SELECT ${field} FROM Task`)).map((record) => record['What']);
    const types = [attributes('Account', account(1)), attributes('Opportunity', deal(2))];
    expect(answers).toEqual(expected.map((each, index) => (each === null ? null : { attributes: types[index], ...each })));
  });

  it('understands an alias of the object', () => {
    expect(records(ask(org, "SELECT a.Id, a.Owner.Name FROM Account a WHERE a.Name = 'acme'"))).toMatchObject([
      { Id: account(1), Owner: { Name: 'Rita Rep' } },
    ]);
  });

  it.each([
    ["SELECT o.Name, a.Name FROM Opportunity o, o.Account a WHERE a.Name = 'acme' ORDER BY o.Name", ['One', 'Two']],
    [
      "SELECT o.Name FROM Opportunity o, o.Account a, a.Owner u WHERE u.Name = 'Rita Rep' AND o.Name != 'a.x' ORDER BY o.Name",
      ['One', 'Three', 'Two'],
    ],
  ])('understands aliases of parents: %s', (soql, expected) => {
    expect(records(ask(org, soql)).map((record) => record['Name'])).toEqual(expected);
  });

  it('shows labels and formats', () => {
    const soql =
      "SELECT toLabel(StageName), FORMAT(Amount) money, FORMAT(CloseDate), FORMAT(SystemModstamp) at FROM Opportunity WHERE Name = 'four'";
    const [record] = records(ask(org, soql));
    expect(record).toMatchObject({ StageName: "Buyer's analysis", money: '$50.00', CloseDate: '12/31/2025' });
    expect(record?.['at']).toMatch(/^11\/23\/26, 10:00/);
  });

  it.each([
    ['FIELDS(ALL)', ['Id', 'Name', 'ParentId', 'OwnerId', 'Partner_Id__c', 'IsPartner', 'Notes__c', 'IsDeleted', 'SystemModstamp']],
    ['FIELDS(CUSTOM)', ['Partner_Id__c', 'Notes__c']],
    ['FIELDS(STANDARD)', ['Id', 'Name', 'ParentId', 'OwnerId', 'IsPartner', 'IsDeleted', 'SystemModstamp']],
  ] as const)('expands %s', (fields, expected) => {
    const [record] = records(ask(org, `SELECT ${fields} FROM Account LIMIT 200`));
    expect(Object.keys(record ?? {})).toEqual(['attributes', ...expected]);
  });

  it('limits a scope to the own records', () => {
    expect(records(ask(org, 'SELECT Name FROM Account USING SCOPE mine')).map((record) => record['Name'])).toEqual(['Acme', 'acme west']);
  });

  it('takes FOR UPDATE and FOR VIEW without effect', () => {
    expect(ask(org, 'SELECT Id FROM Account LIMIT 1 FOR UPDATE')).toMatchObject({ kind: 'rows', totalSize: 1 });
    expect(ask(org, 'SELECT Id FROM Account FOR VIEW')).toMatchObject({ kind: 'rows', totalSize: 4 });
  });
});

describe('ORDER BY', () => {
  const order = (by: string): unknown[] => records(ask(org, `SELECT Name FROM Opportunity ORDER BY ${by}`)).map((record) => record['Name']);

  it.each([
    ['Amount', ['Three', 'Four', 'One', 'Two']],
    ['Amount DESC', ['Three', 'Two', 'One', 'Four']],
    ['Amount NULLS LAST', ['Four', 'One', 'Two', 'Three']],
    ['Amount DESC NULLS LAST', ['Two', 'One', 'Four', 'Three']],
    ['Name', ['Four', 'One', 'Three', 'Two']],
    // Picklists sort by the position of their values: Prospecting, Analysis, Closed Won.
    ['StageName DESC, Name', ['Two', 'Four', 'One', 'Three']],
    ['Account.Name DESC NULLS LAST, CloseDate', ['Three', 'Two', 'One', 'Four']],
  ] as const)('%s', (by, expected) => expect(order(by)).toEqual(expected));
});

describe('pages, LIMIT and OFFSET', () => {
  const page = (soql: string, limitRows: number): object => {
    const answer = ask(org, soql, { limitRows });
    if (answer.kind === 'error') throw new Error(answer.message);
    return { ids: records(answer).map((record) => record['Id']), totalSize: answer.totalSize, more: answer.more };
  };
  const ids = (...numbers: number[]): string[] => numbers.map(account);

  it.each([
    ['', 3, ids(1, 2, 3), 4, true],
    ['', 4, ids(1, 2, 3, 4), 4, false],
    ['LIMIT 3', 2, ids(1, 2), 3, true],
    ['LIMIT 2', 2, ids(1, 2), 2, false],
    ['LIMIT 0', 2, [], 0, false],
    ['LIMIT 2 OFFSET 3', 2, ids(4), 1, false],
    ['OFFSET 1', 2, ids(2, 3), 3, true],
    ['', Infinity, ids(1, 2, 3, 4), 4, false],
  ])('%s: the first %d rows', (tail, limitRows, expected, totalSize, more) => {
    expect(page(`SELECT Id FROM Account ${tail}`, limitRows)).toEqual({ ids: expected, totalSize, more });
  });

  it('walks rows of one stamp by id without loss or repetition', () => {
    const walk = (stamp: string, id: number): object =>
      page(
        `SELECT Id FROM Account WHERE SystemModstamp > ${stamp} OR (SystemModstamp = ${stamp} AND Id > '${account(id)}') ORDER BY SystemModstamp, Id LIMIT 2`,
        2000,
      );
    expect(walk('2026-11-20T10:00:00Z', 1)).toMatchObject({ ids: ids(2, 3) });
    expect(walk('2026-11-20T10:00:00Z', 2)).toMatchObject({ ids: ids(3, 4) });
    expect(walk('2026-11-20T09:59:59Z', 4)).toMatchObject({ ids: ids(1, 2) });
    expect(walk('2026-11-22T23:59:59Z', 4)).toMatchObject({ ids: [] });
  });

  it('answers such a page from the index on stamp and id', () => {
    const prepared: string[] = [];
    const spy = new Proxy(org.db, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key);
        if (typeof member !== 'function') return member;
        return (...values: unknown[]) => {
          if (key === 'prepare') prepared.push(String(values[0]));
          return Reflect.apply(member, target, values) as unknown;
        };
      },
    });
    const stamp = '2026-11-20T10:00:00Z';
    ask(
      { ...org, db: spy },
      `SELECT Id FROM Account WHERE SystemModstamp > ${stamp} OR (SystemModstamp = ${stamp} AND Id > '${account(1)}') ORDER BY SystemModstamp, Id LIMIT 2`,
    );
    const plan = org.db.prepare(`EXPLAIN QUERY PLAN ${prepared[0] ?? ''}`).all('', '');
    expect(plan.map((step) => step['detail'])).toEqual([expect.stringContaining('USING INDEX Account_stamp ((SystemModstamp,Id)>(?,?))')]);
  });
});
