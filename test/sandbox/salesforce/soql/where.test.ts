import { account, ask, deal, openSmallOrg, records } from './small-org.ts';

const org = openSmallOrg();
const names = (soql: string, includeDeleted = false): unknown[] =>
  records(ask(org, soql, { includeDeleted })).map((record) => record['Name']);
const accounts = (where: string): unknown[] =>
  names(`SELECT Name FROM Account WHERE ${where}${where.includes(' LIMIT ') ? '' : ' ORDER BY Id'}`);
const deals = (where: string): unknown[] => names(`SELECT Name FROM Opportunity WHERE ${where} ORDER BY Id`);
const ONEIL = "O'Neil 50% off";

describe('WHERE over text and ids', () => {
  it.each([
    ["Name = 'ACME'", ['Acme']],
    ["name = 'bÉTA'", ['Béta']],
    ["Name = 'BETA'", []],
    ["Name != 'acme'", ['acme west', 'Béta', ONEIL]],
    ["Name LIKE 'acme%'", ['Acme', 'acme west']],
    ["Name LIKE 'Acm_'", ['Acme']],
    ["Name LIKE '%ÉTA'", ['Béta']],
    ["Name LIKE '%50\\% off'", [ONEIL]],
    ["Name LIKE '%0\\%'", []],
    ["Name = 'O\\'Neil 50% off'", [ONEIL]],
    ["Name LIKE 'o\\u0027neil%'", [ONEIL]],
    ["Name IN ('acme', 'BÉTA', 'none')", ['Acme', 'Béta']],
    ["Name NOT IN ('acme', 'BÉTA')", ['acme west', ONEIL]],
    ["Name > 'acme' AND Name < 'b'", ['acme west']],
    ["Partner_Id__c = 'P-1'", ['Acme']],
    ["Partner_Id__c = 'p-1'", ['acme west']],
    ["Partner_Id__c LIKE 'P\\_4'", [ONEIL]],
    ["Partner_Id__c = ''", ['Béta']],
    ['Partner_Id__c = null', ['Béta']],
    ['Partner_Id__c != null', ['Acme', 'acme west', ONEIL]],
    ["Partner_Id__c != 'P-1'", ['acme west', 'Béta', ONEIL]],
    ["Partner_Id__c IN ('P-1', null)", ['Acme', 'Béta']],
    [`Id = '${account(2)}'`, ['acme west']],
    [`Id = '${account(2).slice(0, 15)}'`, ['acme west']],
    [`Id > '${account(2).slice(0, 15)}'`, ['Béta', ONEIL]],
    [`Account.Id = '${account(1)}'`, ['Acme']],
  ] as const)('%s', (where, expected) => expect(accounts(where)).toEqual(expected));

  it('sees a list of a thousand ids', () => {
    const others = Array.from({ length: 1000 }, (_each, index) => `'001${String(index).padStart(12, 'x')}'`);
    expect(accounts(`Id IN (${others.join(',')}, '${account(3)}')`)).toEqual(['Béta']);
  });
});

describe('WHERE with AND, OR, NOT and no third truth value', () => {
  it.each([
    ["Name = 'acme' OR Name = 'béta'", ['Acme', 'Béta']],
    ["(Name LIKE 'acme%' AND IsPartner = false) OR Name = 'béta'", ['acme west', 'Béta']],
    ["NOT Name LIKE 'acme%'", ['Béta', ONEIL]],
    ["NOT Partner_Id__c LIKE 'P%'", ['Béta']],
    ["NOT (IsPartner = TRUE OR Name = 'béta')", ['acme west']],
    ["NOT Name = 'acme' AND IsPartner = true", [ONEIL]],
    ["(NOT (NOT Name = 'acme')) AND ((IsPartner = true))", ['Acme']],
    ['IsPartner != true', ['acme west', 'Béta']],
    ["NOT (NOT (NOT Name = 'acme'))", ['acme west', 'Béta', ONEIL]],
    ["NOT NOT NOT Name = 'acme'", ['acme west', 'Béta', ONEIL]],
    ["NOT ((NOT ((NOT (Name = 'acme')) OR IsPartner = false)) OR Name LIKE 'b%')", ['acme west', ONEIL]],
    ["NOT (NOT (NOT Name IN ('acme', 'béta')) ) AND IsPartner = true ORDER BY Name LIMIT 5", [ONEIL]],
  ] as const)('%s', (where, expected) => expect(accounts(where)).toEqual(expected));
});

describe('long queries', () => {
  it('answers two thousand alternatives', () => {
    const others = Array.from({ length: 2000 }, (_each, index) => `Partner_Id__c = 'Q-${index}'`);
    expect(accounts(`${others.join(' OR ')} OR Name = 'béta'`)).toEqual(['Béta']);
  });
});

describe('WHERE over numbers, dates and date-times', () => {
  it.each([
    ['Amount > 100', ['One', 'Two']],
    ['Amount >= 200.2', ['Two']],
    ['Amount < 1000', ['One', 'Two', 'Four']],
    ['Amount != 50', ['One', 'Two', 'Three']],
    ['NOT Amount > 60', ['Three', 'Four']],
    ['Amount IN (50, 100.1)', ['One', 'Four']],
    ['Amount = USD50', ['Four']],
    ['CloseDate = 2026-11-22', ['Two']],
    ['CloseDate = TODAY', ['One']],
    ['CloseDate = YESTERDAY', ['Two']],
    ['CloseDate != TODAY', ['Two', 'Three', 'Four']],
    ['CloseDate < TODAY', ['Two', 'Three', 'Four']],
    ['CloseDate <= YESTERDAY', ['Two', 'Three', 'Four']],
    ['CloseDate > YESTERDAY', ['One']],
    ['CloseDate >= YESTERDAY', ['One', 'Two']],
    ['CloseDate = THIS_MONTH', ['One', 'Two']],
    ['CloseDate = LAST_MONTH', ['Three']],
    ['CloseDate = LAST_N_DAYS:1', ['One', 'Two']],
    ['CloseDate = LAST_YEAR', ['Four']],
    ['CloseDate IN (TODAY, 2025-12-31)', ['One', 'Four']],
    ['CALENDAR_YEAR(CloseDate) = 2025', ['Four']],
    ['CALENDAR_MONTH(CloseDate) = 10', ['Three']],
    ['DAY_IN_WEEK(CloseDate) = 2', ['One']],
    ['SystemModstamp = TODAY', ['One', 'Two', 'Three', 'Four']],
    ["toLabel(StageName) = 'won'", ['Two']],
  ] as const)('%s', (where, expected) => expect(deals(where)).toEqual(expected));

  it.each([
    ['SystemModstamp = 2026-11-20T10:00:00Z', ['Acme', 'acme west']],
    ['SystemModstamp = 2026-11-20T12:00:00+02:00', ['Acme', 'acme west']],
    ['SystemModstamp > 2026-11-20T10:00:00.000+0000', ['Béta', ONEIL]],
    ['SystemModstamp >= 2026-11-20T10:00:00.001Z', ['Béta', ONEIL]],
    ['SystemModstamp = YESTERDAY', [ONEIL]],
    ['SystemModstamp < YESTERDAY', ['Acme', 'acme west', 'Béta']],
    ['DAY_ONLY(SystemModstamp) = 2026-11-21', ['Béta']],
    ['HOUR_IN_DAY(SystemModstamp) = 23', [ONEIL]],
  ] as const)('%s', (where, expected) => expect(accounts(where)).toEqual(expected));
});

describe('WHERE over parents and subqueries', () => {
  it.each([
    ["Account.Name = 'acme'", ['One', 'Two']],
    ["Account.Parent.Name = 'acme'", ['Three']],
    ["Account.Name != 'acme'", ['Three', 'Four']],
    ["Owner.Name LIKE 'rob%'", ['Three', 'Four']],
    ["AccountId IN (SELECT Id FROM Account WHERE Partner_Id__c = 'p-1')", ['Three']],
    ["AccountId NOT IN (SELECT Id FROM Account WHERE Partner_Id__c = 'p-1')", ['One', 'Two', 'Four']],
  ] as const)('%s', (where, expected) => expect(deals(where)).toEqual(expected));

  it.each([
    ['Id IN (SELECT AccountId FROM Opportunity WHERE Amount > 150)', ['Acme']],
    // A subquery that finds a null does not empty an anti-join.
    ['Id NOT IN (SELECT AccountId FROM Opportunity)', ['Béta', ONEIL]],
  ] as const)('%s', (where, expected) => expect(accounts(where)).toEqual(expected));
});

describe('the recycle bin', () => {
  it('is seen only where deleted rows are asked for', () => {
    expect(names('SELECT Name FROM Account WHERE IsDeleted = true')).toEqual([]);
    expect(names('SELECT Name FROM Account WHERE IsDeleted = true', true)).toEqual(['Gone']);
    expect(names('SELECT Name FROM Account WHERE IsDeleted = true ALL ROWS')).toEqual(['Gone']);
  });

  it('is left out of subqueries too', () => {
    const children = (includeDeleted: boolean): unknown =>
      records(ask(org, `SELECT (SELECT Id FROM Opportunities) FROM Account WHERE Id = '${account(1)}'`, { includeDeleted }))[0]?.[
        'Opportunities'
      ];
    expect(children(false)).toMatchObject({ totalSize: 2, records: [{ Id: deal(1) }, { Id: deal(2) }] });
    expect(children(true)).toMatchObject({ totalSize: 3 });
    expect(accounts('Id IN (SELECT AccountId FROM Opportunity WHERE Amount = 7)')).toEqual([]);
  });
});
