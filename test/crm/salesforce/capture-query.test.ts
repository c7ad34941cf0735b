import type { CaptureRequest } from '../../../crm/port.ts';
import { captureQuery } from '../../../crm/salesforce/capture.ts';
import { readDefinition } from '../../../crm/salesforce/object-definition.ts';
import { DESCRIBED_ACCOUNT } from './stub-org.ts';

const ACCOUNT = readDefinition(DESCRIBED_ACCOUNT);
const USER = readDefinition({
  name: 'User',
  fields: [
    { name: 'Id', type: 'id' },
    { name: 'LastModifiedById', type: 'reference' },
  ],
});

const request = (change: Partial<CaptureRequest> = {}): CaptureRequest => ({
  object: 'Account',
  fields: ['Name'],
  after: null,
  limit: 200,
  ...change,
});

describe('captureQuery', () => {
  const columns = 'Id, SystemModstamp, IsDeleted, MasterRecordId, CreatedById, LastModifiedById';

  it.each<[string, CaptureRequest, string]>([
    ['from the beginning', request(), `SELECT ${columns}, Name FROM Account ORDER BY SystemModstamp, Id LIMIT 200`],
    [
      'after a row',
      request({ after: { stamp: '2026-11-23T10:00:00.000Z', id: '001000000000001AAA' } }),
      `SELECT ${columns}, Name FROM Account WHERE ((SystemModstamp = 2026-11-23T10:00:00.000Z AND Id > '001000000000001AAA') OR SystemModstamp > 2026-11-23T10:00:00.000Z) ORDER BY SystemModstamp, Id LIMIT 200`,
    ],
    [
      'from a stamp on, ids and stamps alone, partners only',
      request({ fields: [], after: { stamp: '2026-11-23T10:00:00.000Z', id: '' }, whereNotNull: 'Partner_Id__c' }),
      `SELECT ${columns} FROM Account WHERE SystemModstamp >= 2026-11-23T10:00:00.000Z AND Partner_Id__c != null ORDER BY SystemModstamp, Id LIMIT 200`,
    ],
    [
      'what fits, an empty field being another value',
      request({
        fields: [],
        where: [
          { field: 'Type', is: "Partner's" },
          { field: 'Site', isNot: 'old' },
          { field: 'Partner_Id__c', isEmpty: true },
        ],
      }),
      `SELECT ${columns} FROM Account WHERE Type = 'Partner\\'s' AND Site != 'old' AND Partner_Id__c = null ORDER BY SystemModstamp, Id LIMIT 200`,
    ],
  ])('asks %s', (_what, asked, soql) => {
    expect(captureQuery(ACCOUNT, asked)).toBe(soql);
  });

  it('asks only for what the object has: users are neither deleted nor merged', () => {
    expect(captureQuery(USER, request({ object: 'User', fields: [] }))).toBe(
      'SELECT Id, SystemModstamp, LastModifiedById FROM User ORDER BY SystemModstamp, Id LIMIT 200',
    );
  });

  it.each<[string, Partial<CaptureRequest>]>([
    ['a stamp that is none', { after: { stamp: 'yesterday', id: '' } }],
    ['a field that is more than a name', { fields: ['Name FROM User'] }],
    ['an object that is more than a name', { object: 'Account WHERE' }],
    ['a limit of nothing', { limit: 0 }],
    ['a limit that is no whole number', { limit: 1.5 }],
  ])('refuses %s', (_what, change) => {
    expect(() => captureQuery(ACCOUNT, request(change))).toThrow(/is not|limit/);
  });
});
