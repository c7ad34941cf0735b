import { ask, openSmallOrg } from './small-org.ts';

const org = openSmallOrg();
const CONSULT = 'Please reference your WSDL or the describe call for the appropriate names.';
const refusal = (soql: string): unknown => {
  const answer = ask(org, soql);
  return answer.kind === 'error' ? [answer.errorCode, answer.message] : answer;
};
const noColumn = (name: string, entity: string): string =>
  `No such column '${name}' on entity '${entity}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. ${CONSULT}`;

describe('runQuery refuses in the words of Salesforce', () => {
  it('an unknown object, under a caret', () => {
    expect(refusal('SELECT Id FROM Foo__c')).toEqual([
      'INVALID_TYPE',
      `\nSELECT Id FROM Foo__c\n               ^\nERROR at Row:1:Column:16\nsObject type 'Foo__c' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. ${CONSULT}`,
    ]);
  });

  it('an unknown column, with 30 characters of the query on both sides and whole words', () => {
    expect(refusal('SELECT Id, Name, ParentId, OwnerId, IsPartner, Bar__c, Partner_Id__c, Notes__c, SystemModstamp FROM Account')).toEqual([
      'INVALID_FIELD',
      `\nParentId, OwnerId, IsPartner, Bar__c, Partner_Id__c, Notes__c\n                              ^\nERROR at Row:1:Column:48\n${noColumn('Bar__c', 'Account')}`,
    ]);
  });

  it('an unknown column on the second row', () => {
    expect(refusal('SELECT Id\nFROM Account\nWHERE Foo = 1')).toEqual([
      'INVALID_FIELD',
      `\nWHERE Foo = 1\n      ^\nERROR at Row:3:Column:7\n${noColumn('Foo', 'Account')}`,
    ]);
  });

  it.each([
    ['SELECT Account.Foo FROM Opportunity', 'INVALID_FIELD', noColumn('Foo', 'Account')],
    ['SELECT What.Foo FROM Task', 'INVALID_FIELD', noColumn('Foo', 'Name')],
    ['SELECT Id FROM Account ORDER BY Foo', 'INVALID_FIELD', noColumn('Foo', 'Account')],
    ['SELECT Foo__r.Name FROM Account', 'INVALID_FIELD', "Didn't understand relationship 'Foo__r' in field path."],
    ['SELECT (SELECT Id FROM Foos) FROM Account', 'INVALID_TYPE', "Didn't understand relationship 'Foos' in FROM part of query call."],
    ['SELECT Id, Id FROM Account', 'INVALID_FIELD', 'duplicate field selected: Id'],
    ["SELECT Id FROM Account WHERE Id = '53'", 'INVALID_QUERY_FILTER_OPERATOR', 'ERROR at Row:1:Column:30\ninvalid ID field: 53'],
    ["SELECT Id FROM Account WHERE Id LIKE '001%'", 'INVALID_QUERY_FILTER_OPERATOR', 'invalid operator on id field'],
    [
      "SELECT Id FROM Account WHERE SystemModstamp > '2026'",
      'INVALID_FIELD',
      "value of filter criterion for field 'SystemModstamp' must be of type dateTime and should not be enclosed in quotes",
    ],
    ['SELECT Id FROM Account WHERE SystemModstamp > 2026-01-01', 'INVALID_FIELD', 'must be of type dateTime'],
    ["SELECT Id FROM Opportunity WHERE CloseDate = '2026-01-01'", 'INVALID_FIELD', 'must be of type date and should not'],
    ['SELECT Id FROM Opportunity WHERE CloseDate = 2026-02-30', 'INVALID_FIELD', 'must be of type date and should not'],
    ["SELECT Id FROM Opportunity WHERE Amount = '5'", 'INVALID_FIELD', 'must be of type double and should not'],
    ["SELECT Id FROM Account WHERE IsPartner = 'true'", 'INVALID_FIELD', 'must be of type boolean and should not'],
    ['SELECT Id FROM Account WHERE Name = 5', 'INVALID_FIELD', 'must be of type string and should be enclosed in quotes'],
    ["SELECT Id FROM Account WHERE Notes__c = 'x'", 'INVALID_FIELD', "field 'Notes__c' can not be filtered in a query call"],
    ['SELECT Id FROM Account ORDER BY Notes__c', 'INVALID_FIELD', "field 'Notes__c' can not be sorted in a query call"],
    ['SELECT Notes__c FROM Account GROUP BY Notes__c', 'INVALID_FIELD', "field 'Notes__c' can not be grouped in a query call"],
    ['SELECT Name, COUNT(Id) FROM Account', 'MALFORMED_QUERY', 'ERROR at Row:1:Column:8\nField must be grouped or aggregated: Name'],
    ['SELECT Name FROM Account GROUP BY Name ORDER BY OwnerId', 'MALFORMED_QUERY', 'Ordered field must be grouped or aggregated: OwnerId'],
    ['SELECT SUM(Name) FROM Account', 'MALFORMED_QUERY', 'field Name does not support aggregate operator SUM'],
    ['SELECT COUNT(IsPartner) FROM Account', 'MALFORMED_QUERY', 'field IsPartner does not support aggregate operator COUNT'],
    [
      'SELECT COUNT(Id) FROM Account LIMIT 1',
      'MALFORMED_QUERY',
      'Non-grouped query that uses overall aggregate functions cannot also use LIMIT',
    ],
    ['SELECT Name n FROM Account', 'MALFORMED_QUERY', 'only aggregate expressions use field aliasing'],
    ['SELECT (SELECT COUNT(Id) FROM Opportunities) FROM Account', 'MALFORMED_QUERY', 'only root queries support aggregate expressions'],
    ['SELECT FIELDS(ALL) FROM Account', 'MALFORMED_QUERY', 'The SOQL FIELDS function must have a LIMIT of at most 200'],
    ['SELECT FIELDS(CUSTOM) FROM Account LIMIT 201', 'MALFORMED_QUERY', 'The SOQL FIELDS function must have a LIMIT of at most 200'],
    ['SELECT Id, FIELDS(ALL) FROM Account LIMIT 200', 'INVALID_FIELD', 'duplicate field selected: Id'],
    ['SELECT Id FROM Account OFFSET 2001', 'NUMBER_OUTSIDE_VALID_RANGE', 'Maximum SOQL offset allowed is 2000'],
    ['SELECT Id FROM Account WHERE Name IN (SELECT Id FROM Account)', 'MALFORMED_QUERY', 'should be an id field'],
    ['SELECT Id FROM Account WHERE Id IN (SELECT ParentId FROM Account)', 'MALFORMED_QUERY', 'should not be on the same object type'],
    [
      "SELECT Id FROM Account WHERE Name = 'x' OR Id IN (SELECT AccountId FROM Opportunity)",
      'MALFORMED_QUERY',
      'only allowed at the top level WHERE expressions',
    ],
    ['SELECT Id FROM Account WHERE NOT (Id IN (SELECT AccountId FROM Opportunity))', 'MALFORMED_QUERY', 'only allowed at the top level'],
    [
      'SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Opportunity) AND Id NOT IN (SELECT WhatId FROM Task) AND OwnerId IN (SELECT OwnerId FROM Opportunity)',
      'MALFORMED_QUERY',
      'Maximum 2 semi join sub-selects',
    ],
    ['SELECT Id FROM Account WHERE COUNT(Id) > 1', 'MALFORMED_QUERY', "unexpected token: '('"],
    ['SELECT TYPEOF What WHEN Account THEN Foo END FROM Task', 'INVALID_FIELD', noColumn('Foo', 'Account')],
    ['SELECT TYPEOF What WHEN Account THEN Id ELSE StageName2 END FROM Task', 'INVALID_FIELD', noColumn('StageName2', 'Name')],
    ['SELECT TYPEOF What WHEN Foo__c THEN Id END FROM Task', 'INVALID_TYPE', "sObject type 'Foo__c' is not supported."],
    ['SELECT TYPEOF Whom WHEN Account THEN Id END FROM Task', 'INVALID_FIELD', "Didn't understand relationship 'Whom' in field path."],
  ])('%s', (soql, errorCode, words) => expect(refusal(soql)).toEqual([errorCode, expect.stringContaining(words)]));
});

describe('runQuery refuses what is no SOQL', () => {
  it.each([
    ['', 'unexpected token: <EOF>'],
    ['DELETE FROM Account', 'unexpected token: DELETE'],
    ['SELECT Id, FROM Account', "\nSELECT Id, FROM Account\n           ^\nERROR at Row:1:Column:12\nunexpected token: 'FROM'"],
    ['SELECT Id FROM', "\nSELECT Id FROM\n              ^\nERROR at Row:1:Column:15\nunexpected token: '<EOF>'"],
    ['SELECT * FROM Account', "\nSELECT * FROM Account\n       ^\nERROR at Row:1:Column:8\nunexpected token: '*'"],
    [
      'SELECT Id FROM Account WHERE Id IS NULL',
      "\nSELECT Id FROM Account WHERE Id IS NULL\n                                ^\nERROR at Row:1:Column:33\nunexpected token: 'IS'",
    ],
    ["SELECT Id FROM Account WHERE (Name = 'x'", "unexpected token: '<EOF>'"],
    ["SELECT Id FROM Account WHERE Name = 'x')", "unexpected token: ')'"],
    ["SELECT Id FROM Account WHERE Name = 'x' Name = 'y'", "ERROR at Row:1:Column:41\nunexpected token: 'Name'"],
    ["SELECT Id FROM Account WHERE Name = 'x' AND Name = 'y' OR Name = 'z'", "ERROR at Row:1:Column:56\nunexpected token: 'OR'"],
    ["SELECT Id FROM Account WHERE Name = 'O'Neil'", "line 1:43 mismatched character '<EOF>' expecting '''"],
    ["SELECT Id FROM Account WHERE Name = 'x", "mismatched character '<EOF>' expecting '''"],
    ['SELECT Id FROM Account WHERE Name = :name', 'Bind variables only allowed in Apex code'],
    ['SELECT Id FROM Account LIMIT -1', "unexpected token: '-1'"],
    ['SELECT Id FROM Account;', "unexpected token: ';'"],
  ])('%s', (soql, words) => expect(refusal(soql)).toEqual(['MALFORMED_QUERY', expect.stringContaining(words)]));
});
