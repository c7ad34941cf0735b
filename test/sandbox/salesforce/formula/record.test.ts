import { ask, problemOf, USER_ID } from './asked.ts';

const OWNER = '005010000000002AAA';
const ACCOUNT = '001010000000001AAA';
const ROW = { Name: 'Deal', Amount: 100.1, Probability: 50, StageName: 'Closed Won', IsWon: 1, AccountId: ACCOUNT, OwnerId: OWNER };
const ROWS = {
  [ACCOUNT]: { Id: ACCOUNT, Name: 'Northwind', OwnerId: USER_ID, AnnualRevenue: null },
  [OWNER]: { Id: OWNER, Name: 'Robin', Alias: 'rep', ManagerId: USER_ID },
  [USER_ID]: { Id: USER_ID, Name: 'Mona', Username: 'manager@acme.example', Alias: 'manager' },
};

describe('a formula of a record', () => {
  it.each([
    ['Amount * 3', '300.3'],
    ['Probability', '0.5'],
    ['TEXT(Probability)', '.5'],
    ['amount > 100', true],
    ['IsWon', true],
    ['ISPICKVAL(StageName, "closed won")', true],
    ['CASE(StageName, "Closed Won", 1, "Closed Lost", 2, 3)', '1'],
    ['TEXT(StageName)', 'Closed Won'],
    ['Account.Name', 'Northwind'],
    ['Owner.Manager.Alias', 'manager'],
    ['Owner:User.Alias', 'rep'],
    ['ISBLANK(Account.Parent.Name)', true],
    ['Account.AnnualRevenue + 1', null],
    // Formulas know lookups by 15 characters.
    ['LEN(AccountId)', '15'],
    ['Account.OwnerId = $User.Id', true],
    ['$User.Username', 'manager@acme.example'],
    ['$Permission.Anything', false],
    ['$Profile.Name = "System Administrator"', false],
  ])('%s is %s', (source, expected) => {
    expect(ask(source, { row: ROW, rows: ROWS })).toBe(expected);
  });

  it.each([
    ['ISNEW()', false, true],
    ['ISCHANGED(Amount)', true, false],
    ['ISCHANGED(StageName)', false, false],
    ['ISCHANGED(NextStep)', true, false],
    ['ISCHANGED(Description)', false, false],
    ['PRIORVALUE(Amount)', '90', '100.1'],
    ['ISPICKVAL(PRIORVALUE(StageName), "Closed Won")', true, true],
    ['ISBLANK(PRIORVALUE(NextStep))', false, true],
  ])('%s is %s on a change, %s on a creation', (source, changed, created) => {
    const before = { ...ROW, Amount: 90, NextStep: 'Call', Description: null };
    const row = { ...ROW, NextStep: null, Description: null };
    expect([ask(source, { row, before }), ask(source, { row })]).toEqual([changed, created]);
  });
});

describe('the condition of a rule', () => {
  it.each([
    ['Amount > 1', null],
    ['AND(ISCHANGED(StageName), NOT(ISPICKVAL(PRIORVALUE(StageName), "Closed Won")))', null],
    ['', 'Syntax error'],
    ['AND(TRUE', "Syntax error. Missing ')'"],
    ['AND(TRUE))', "Syntax error. Extra ')'"],
    ['AND(TRUE,, FALSE)', "Syntax error. Extra ','"],
    ['Amount > 1 Amount', "Syntax error. Found 'Amount'"],
    ['Amount # 1', "Syntax error. Found '#'"],
    ['Amont > 1', 'Field Amont does not exist. Check spelling.'],
    ['Account.Nam = "a"', 'Field Account.Nam does not exist. Check spelling.'],
    ['$User.Shoe = "a"', 'Field $User.Shoe does not exist. Check spelling.'],
    ['ISBLNK(Name)', 'Unknown function ISBLNK. Check spelling.'],
    ['IFERROR(Amount, 1) > 1', 'Unknown function IFERROR. Check spelling.'],
    ['IF(TRUE)', "Incorrect number of parameters for function 'IF()'. Expected 3, received 1"],
    ['ISNEW(Name)', "Incorrect number of parameters for function 'ISNEW()'. Expected 0, received 1"],
    ['CASE(Amount, 1, TRUE, 2, FALSE)', "Incorrect number of parameters for function 'CASE()'. Expected 4, received 5"],
    ['LEN(Amount) > 1', "Incorrect parameter type for function 'LEN()'. Expected Text, received Number"],
    ['TEXT(Name) = "a"', "Incorrect parameter type for function 'TEXT()'. Expected Number, Date, DateTime, Picklist, received Text"],
    ['IF(TRUE, Name, Amount) = Name', "Incorrect parameter type for function 'IF()'. Expected Text, received Number"],
    ['Amount = "1"', "Incorrect parameter type for operator '='. Expected Number, received Text"],
    ['IsWon + 1 > 1', "Incorrect parameter type for operator '+'. Expected Number, Date, DateTime, received Boolean"],
    ['CloseDate + CloseDate > CloseDate', "Incorrect parameter type for operator '+'. Expected Number, received Date"],
    ['StageName = "Closed Won"', 'Field StageName is a picklist field. Picklist fields are only supported in certain functions.'],
    ['ISBLANK(StageName)', 'Field StageName is a picklist field. Picklist fields are only supported in certain functions.'],
    ['ISBLANK(IsWon)', "Incorrect argument type for function 'ISBLANK()'."],
    ['Amount + 1', 'Formula result is data type (Number), incompatible with expected data type (true or false).'],
    [`Name = "${'a'.repeat(3900)}"`, 'Formula is too long (3,909 characters). Maximum length is 3,900 characters'],
  ])('%s: %s', (source, problem) => {
    expect(problemOf(source)).toBe(problem);
  });

  it('is refused instead of exhausting the stack when it is too deep', () => {
    expect(problemOf(`${'('.repeat(1900)}TRUE${')'.repeat(1900)}`)).toBe('Formula is too complex');
    expect(problemOf(`${'('.repeat(200)}TRUE${')'.repeat(200)}`)).toBeNull();
  });
});
