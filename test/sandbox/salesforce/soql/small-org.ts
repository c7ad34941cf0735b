import { DatabaseSync } from 'node:sqlite';
import type { SObjectDefinition, SObjectField } from '../../../../sandbox/salesforce/schema/definition.ts';
import { NO_RULES } from '../../../../sandbox/salesforce/schema/object-rules.ts';
import { runQuery, type QueryOutcome } from '../../../../sandbox/salesforce/soql/run-query.ts';

/** Monday, 23 November 2026, noon UTC. */
export const NOW = Date.UTC(2026, 10, 23, 12);
export const REP = '005000000000001AAA';
const REP2 = '005000000000002AAA';

/** Twenty hand-written rows in three objects; every expected answer of the tests was worked out from this table by hand. */
export function openSmallOrg(): { db: DatabaseSync; schema: ReadonlyMap<string, SObjectDefinition> } {
  const definitions = [USER, ACCOUNT, OPPORTUNITY, TASK];
  const db = new DatabaseSync(':memory:');
  for (const definition of definitions) db.exec(createTableSql(definition));
  insert(
    db,
    'User',
    ['Id', 'Name', 'SystemModstamp'],
    [
      [REP, 'Rita Rep', STAMP],
      [REP2, 'Rob Rep', STAMP],
    ],
  );
  insert(
    db,
    'Account',
    ['Id', 'Name', 'ParentId', 'OwnerId', 'Partner_Id__c', 'IsPartner', 'Notes__c', 'SystemModstamp', 'IsDeleted'],
    [
      [account(1), 'Acme', null, REP, 'P-1', 1, 'long', '2026-11-20T10:00:00.000Z', 0],
      [account(2), 'acme west', account(1), REP, 'p-1', 0, null, '2026-11-20T10:00:00.000Z', 0],
      [account(3), 'Béta', account(2), REP2, null, 0, null, '2026-11-21T00:00:00.000Z', 0],
      [account(4), "O'Neil 50% off", null, REP2, 'P_4', 1, null, '2026-11-22T23:59:59.000Z', 0],
      [account(5), 'Gone', null, REP, 'P-5', 0, null, '2026-11-23T00:00:00.000Z', 1],
    ],
  );
  insert(
    db,
    'Opportunity',
    ['Id', 'Name', 'AccountId', 'OwnerId', 'StageName', 'Amount', 'CloseDate', 'SystemModstamp', 'IsDeleted'],
    [
      [deal(1), 'One', account(1), REP, 'Prospecting', 100.1, '2026-11-23', STAMP, 0],
      [deal(2), 'Two', account(1), REP, 'Closed Won', 200.2, '2026-11-22', STAMP, 0],
      [deal(3), 'Three', account(2), REP2, 'Prospecting', null, '2026-10-31', STAMP, 0],
      [deal(4), 'Four', null, REP2, 'Analysis', 50, '2025-12-31', STAMP, 0],
      [deal(5), 'Five', account(1), REP, 'Analysis', 7, null, STAMP, 1],
    ],
  );
  insert(
    db,
    'Task',
    ['Id', 'Subject', 'WhatId', 'SystemModstamp', 'IsDeleted'],
    [
      ['00T000000000001AAA', 'Call', account(1), STAMP, 0],
      ['00T000000000002AAA', 'Mail', deal(2), STAMP, 0],
      ['00T000000000003AAA', 'Rest', null, STAMP, 0],
    ],
  );
  return { db, schema: new Map(definitions.map((definition) => [definition.name.toLowerCase(), definition])) };
}

const STAMP = '2026-11-23T10:00:00.000Z';

export const account = (number: number): string => `00100000000000${number}AAA`;
export const deal = (number: number): string => `00600000000000${number}AAA`;

/** Asks the small org, with a page that holds all of its rows unless said otherwise. */
export function ask(
  org: ReturnType<typeof openSmallOrg>,
  soql: string,
  options: { includeDeleted?: boolean; limitRows?: number } = {},
): QueryOutcome {
  const page = { includeDeleted: false, limitRows: 2000, ...options };
  return runQuery({ ...org, ...page, soql, now: NOW, userId: REP, basePath: '/services/data/v66.0', keepChildren: () => 'more' });
}

/** The records of an answer, or the refusal as text. */
export function records(outcome: QueryOutcome): readonly Record<string, unknown>[] {
  if (outcome.kind === 'error') throw new Error(`${outcome.errorCode}: ${outcome.message}`);
  return outcome.records as Record<string, unknown>[];
}

function field(name: string, type: SObjectField['type'], more: Partial<SObjectField> = {}): SObjectField {
  return {
    name,
    helpText: null,
    label: name,
    type,
    length: type === 'textarea' ? 32_000 : 80,
    precision: 0,
    scale: 0,
    nillable: true,
    unique: false,
    caseSensitive: false,
    externalId: false,
    createable: true,
    updateable: true,
    restrictedPicklist: false,
    picklistValues: [],
    referenceTo: [],
    relationshipName: null,
    trackHistory: false,
    defaultValue: null,
    ...more,
  };
}

function lookup(name: string, relationshipName: string, ...referenceTo: string[]): SObjectField {
  return field(name, 'reference', { referenceTo, relationshipName });
}

function object(name: string, keyPrefix: string, fields: SObjectField[], more: Partial<SObjectDefinition> = {}): SObjectDefinition {
  return {
    name,
    label: name,
    labelPlural: `${name}s`,
    keyPrefix,
    custom: false,
    createable: true,
    updateable: true,
    deletable: true,
    replicateable: true,
    fields: [field('Id', 'id', { nillable: false }), ...fields, field('SystemModstamp', 'datetime', { nillable: false })],
    childRelationships: [],
    rules: NO_RULES,
    recordTypes: [],
    ...more,
  };
}

const picklist = (...values: [string, string][]): Partial<SObjectField> => ({
  picklistValues: values.map(([value, label]) => ({ value, label, isDefault: false })),
});
const BIN = field('IsDeleted', 'boolean', { nillable: false });

const USER = object('User', '005', [field('Name', 'string')]);
const ACCOUNT = object(
  'Account',
  '001',
  [
    field('Name', 'string', { nillable: false }),
    lookup('ParentId', 'Parent', 'Account'),
    lookup('OwnerId', 'Owner', 'User'),
    field('Partner_Id__c', 'string', { caseSensitive: true, externalId: true }),
    field('IsPartner', 'boolean'),
    field('Notes__c', 'textarea'),
    BIN,
  ],
  {
    childRelationships: [
      { relationshipName: 'Opportunities', childSObject: 'Opportunity', field: 'AccountId' },
      { relationshipName: 'ChildAccounts', childSObject: 'Account', field: 'ParentId' },
    ],
  },
);
const OPPORTUNITY = object('Opportunity', '006', [
  field('Name', 'string', { nillable: false }),
  lookup('AccountId', 'Account', 'Account'),
  lookup('OwnerId', 'Owner', 'User'),
  field('StageName', 'picklist', picklist(['Prospecting', 'Looking'], ['Analysis', "Buyer's analysis"], ['Closed Won', 'Won'])),
  field('Amount', 'currency'),
  field('CloseDate', 'date'),
  BIN,
]);
const TASK = object('Task', '00T', [field('Subject', 'string'), lookup('WhatId', 'What', 'Account', 'Opportunity'), BIN]);

function createTableSql(definition: SObjectDefinition): string {
  const columns = definition.fields.map((each) => {
    if (['double', 'currency', 'percent'].includes(each.type)) return `"${each.name}" REAL`;
    if (each.type === 'boolean') return `"${each.name}" INTEGER`;
    const exact = each.type === 'id' || each.type === 'reference' || each.caseSensitive;
    return `"${each.name}" TEXT${exact ? '' : ' COLLATE NOCASE'}`;
  });
  const indexes = `CREATE UNIQUE INDEX "${definition.name}_id" ON "${definition.name}"("Id");
    CREATE INDEX "${definition.name}_stamp" ON "${definition.name}"("SystemModstamp", "Id");`;
  return `CREATE TABLE "${definition.name}" (${columns.join(', ')}); ${indexes}`;
}

function insert(db: DatabaseSync, table: string, columns: string[], rows: (string | number | null)[][]): void {
  const statement = db.prepare(`INSERT INTO "${table}" ("${columns.join('", "')}") VALUES (${columns.map(() => '?').join(', ')})`);
  for (const row of rows) statement.run(...row);
}
