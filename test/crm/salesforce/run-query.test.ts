import { chunkLiterals, encodeSoql } from '../../../crm/salesforce/run-query.ts';
import { salesforceRegistration } from '../../../mappings/salesforce/registration.ts';
import { quoteText } from '../../../crm/salesforce/soql-literal.ts';
import { connectTo, failureOf, openStubOrg, sendJson, withDescribe, type StubOrg } from './stub-org.ts';

let org: StubOrg;
beforeEach(async () => {
  org = await openStubOrg();
});
afterEach(() => org.close());

const rowOf = (number: number): object => ({
  attributes: { type: 'Account' },
  Id: `001000000000${String(number).padStart(6, '0')}`,
  SystemModstamp: '2026-11-23T10:00:00.000+0000',
  IsDeleted: false,
  Name: `Account ${number}`,
});

/** Serves `total` rows in pages of `pageSize`, without `done`, as some orgs do. */
function servePages(total: number, pageSize: number): void {
  org.answer = withDescribe((request, response) => {
    const from = Number(/query\/01gX-(\d+)$/.exec(request.path)?.[1] ?? 0);
    const to = Math.min(from + pageSize, total);
    const records = Array.from({ length: to - from }, (_row, index) => rowOf(from + index));
    sendJson(response, 200, {
      totalSize: total,
      records,
      ...(to < total ? { nextRecordsUrl: `/services/data/v66.0/query/01gX-${to}` } : {}),
    });
  });
}

describe('a query of several pages', () => {
  it('brings every row beyond the 10,000 at which jsforce would stop', async () => {
    servePages(10_500, 2_000);
    const crm = await connectTo(org);
    const rows = await crm.find('Account', 'Name', ['x'], ['Name']);
    expect(rows).toHaveLength(10_500);
    expect(rows.at(-1)?.fields).toEqual({ Name: 'Account 10499' });
  });

  it('fills a page of a capture from the pages that the org cuts', async () => {
    servePages(30, 7);
    const crm = await connectTo(org);
    expect(await crm.capture({ object: 'Account', fields: ['Name'], after: null, limit: 30 })).toMatchObject({
      drained: false,
      rows: { length: 30 },
    });
  });

  it('does not follow a page out of the org', async () => {
    const other = await openStubOrg();
    org.answer = withDescribe((_request, response) =>
      sendJson(response, 200, { records: [], nextRecordsUrl: `${other.url}/services/data/v66.0/query/01g` }),
    );
    const crm = await connectTo(org);
    expect(await failureOf(crm.find('Account', 'Name', ['x'], ['Name']))).toMatchObject({ code: 'CRM_UNAVAILABLE' });
    expect(other.requests).toEqual([]);
    await other.close();
  });
});

describe('chunkLiterals', () => {
  const write = (chunk: readonly string[]): string => `SELECT Id FROM Account WHERE Id IN (${chunk.join(',')})`;
  const ids = Array.from({ length: 2_000 }, (_id, index) => quoteText(`001${String(index).padStart(15, '0')}`));

  it('keeps every literal once, in order, and every address short', () => {
    const chunks = chunkLiterals(ids, write);
    expect(chunks.flat()).toEqual(ids);
    for (const chunk of chunks) {
      // As it goes over the wire, where a quote takes three characters.
      const { search } = new URL(`https://acme.example/?${encodeSoql(write(chunk))}`);
      expect(search.length).toBeLessThanOrEqual(14_001);
    }
  });

  it('carries a page of 500 ids in one, also with many columns', () => {
    const columns = salesforceRegistration.fields.map(({ theirs }) => theirs).join(', ');
    const wide = (chunk: readonly string[]): string =>
      `SELECT ${columns}, SystemModstamp FROM Deal_Registration__c WHERE Id IN (${chunk.join(',')})`;
    expect(chunkLiterals(ids.slice(0, 500), wide)).toHaveLength(1);
    expect(chunkLiterals(ids.slice(0, 600), wide)).toHaveLength(2);
  });

  it('carries the rows of a whole write batch in one', () => {
    expect(chunkLiterals(ids.slice(0, 200), write)).toHaveLength(1);
  });

  it('makes no call for nothing, and one for a literal of any length', () => {
    expect(chunkLiterals([], write)).toEqual([]);
    expect(chunkLiterals([quoteText('x'.repeat(20_000))], write)).toHaveLength(1);
  });
});

describe('encodeSoql', () => {
  it.each(["Name = 'O\\'Neil, 100% & more # + ?'", 'Name = "ünïcødé"'])('writes %s so that the org reads the same', (soql) => {
    expect(new URL(`https://acme.example/query?q=${encodeSoql(soql)}`).searchParams.get('q')).toBe(soql);
  });
});
