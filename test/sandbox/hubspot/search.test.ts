import { OBJECTS, openPortal } from './opened-portal.ts';
import type { OpenedPortal } from './opened-portal.ts';

let portal: OpenedPortal;
beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.close());

const search = (body: object) => portal.call('POST', `${OBJECTS}/deals/search`, body);
const namesOf = ({ body }: { body: { results: { properties: { dealname: string } }[] } }) =>
  body.results.map((row) => row.properties.dealname);
const by = (...filters: object[]) => ({ filterGroups: [{ filters }] });

describe('a search', () => {
  beforeAll(async () => {
    await portal.reset();
    await portal.add('deals', { dealname: 'Alpha platform', amount: '90', closedate: '2026-05-01', dealstage: 'closedwon' });
    await portal.add('deals', { dealname: 'Beta Platform-renewal', amount: '1000', closedate: '2026-06-01', dealstage: 'closedlost' });
    await portal.add('deals', { dealname: 'Gamma', description: 'An analytics platform' });
  });

  it.each([
    [{ propertyName: 'dealname', operator: 'EQ', value: 'gamma' }, ['Gamma']],
    [{ propertyName: 'dealstage', operator: 'NEQ', value: 'closedwon' }, ['Beta Platform-renewal']],
    [{ propertyName: 'amount', operator: 'GT', value: '90' }, ['Beta Platform-renewal']],
    [{ propertyName: 'amount', operator: 'GTE', value: 90 }, ['Alpha platform', 'Beta Platform-renewal']],
    [{ propertyName: 'amount', operator: 'LT', value: '1000' }, ['Alpha platform']],
    [{ propertyName: 'amount', operator: 'LTE', value: '1000' }, ['Alpha platform', 'Beta Platform-renewal']],
    [{ propertyName: 'closedate', operator: 'BETWEEN', value: Date.parse('2026-05-01'), highValue: '2026-05-31' }, ['Alpha platform']],
    [{ propertyName: 'dealstage', operator: 'IN', values: ['closedwon', 'contractsent'] }, ['Alpha platform']],
    [{ propertyName: 'dealstage', operator: 'NOT_IN', values: ['closedwon'] }, ['Beta Platform-renewal']],
    [{ propertyName: 'amount', operator: 'HAS_PROPERTY' }, ['Alpha platform', 'Beta Platform-renewal']],
    [{ propertyName: 'amount', operator: 'NOT_HAS_PROPERTY' }, ['Gamma']],
    [{ propertyName: 'dealname', operator: 'CONTAINS_TOKEN', value: 'platform' }, ['Alpha platform', 'Beta Platform-renewal']],
    [{ propertyName: 'dealname', operator: 'CONTAINS_TOKEN', value: 'plat*' }, ['Alpha platform', 'Beta Platform-renewal']],
    [{ propertyName: 'dealname', operator: 'CONTAINS_TOKEN', value: 'plat' }, []],
    [{ propertyName: 'dealname', operator: 'NOT_CONTAINS_TOKEN', value: 'platform' }, ['Gamma']],
  ])('finds by %j', async (filter, expected) => {
    const found = await search(by(filter));
    expect([found.status, namesOf(found), found.body.total]).toEqual([200, expected, expected.length]);
  });

  it('takes the filters of a group together, and groups as alternatives', async () => {
    const won = { propertyName: 'dealstage', operator: 'EQ', value: 'closedwon' };
    const cheap = { propertyName: 'amount', operator: 'LT', value: '10' };
    const unpriced = { propertyName: 'amount', operator: 'NOT_HAS_PROPERTY' };
    expect(namesOf(await search(by(won, cheap)))).toEqual([]);
    expect(namesOf(await search({ filterGroups: [{ filters: [won, cheap] }, { filters: [unpriced] }] }))).toEqual(['Gamma']);
  });

  it('looks for words of a query in what is searchable', async () => {
    expect(namesOf(await search({ query: 'analy plat' }))).toEqual(['Gamma']);
  });

  it.each([
    [[{ propertyName: 'amount', direction: 'DESCENDING' }], ['Beta Platform-renewal', 'Alpha platform', 'Gamma']],
    [['-dealname'], ['Gamma', 'Beta Platform-renewal', 'Alpha platform']],
    [['dealname'], ['Alpha platform', 'Beta Platform-renewal', 'Gamma']],
  ])('sorts by %j', async (sorts, expected) => {
    expect(namesOf(await search({ sorts }))).toEqual(expected);
  });

  it('is paged', async () => {
    const first = await search({ limit: 2, properties: ['dealname'] });
    expect([first.body.total, namesOf(first), first.body.paging.next.after]).toEqual([3, ['Alpha platform', 'Beta Platform-renewal'], '2']);
    const last = await search({ limit: 2, after: '2', properties: ['dealname'] });
    expect([namesOf(last), last.body.paging]).toEqual([['Gamma'], undefined]);
  });

  it.each([
    ['the last page before the wall', { after: 9_800, limit: 200 }, 200],
    ['one row beyond it', { after: 9_801, limit: 200 }, 400],
    ['a page of 201', { limit: 201 }, 400],
    ['two sorts', { sorts: ['amount', 'dealname'] }, 400],
    ['five groups', { filterGroups: Array(5).fill({ filters: [] }) }, 200],
    ['six groups', { filterGroups: Array(6).fill({ filters: [] }) }, 400],
    ['six filters', by(...Array(6).fill({ propertyName: 'amount', operator: 'HAS_PROPERTY' })), 200],
    ['seven filters', by(...Array(7).fill({ propertyName: 'amount', operator: 'HAS_PROPERTY' })), 400],
    ['a query that is too long', { query: 'x'.repeat(3000) }, 400],
    ['an unknown property', by({ propertyName: 'nonsense', operator: 'HAS_PROPERTY' }), 400],
    ['an unknown operator', by({ propertyName: 'amount', operator: 'LIKE', value: '1' }), 400],
    ['a missing operand', by({ propertyName: 'amount', operator: 'BETWEEN', value: '1' }), 400],
    ['a number that is none', by({ propertyName: 'amount', operator: 'EQ', value: 'x' }), 400],
  ])('with %s', async (_what, body, status) => {
    expect((await search(body)).status).toBe(status);
  });
});

describe('the index', () => {
  it('shows what was there before until its delay is over, and loses archived records', async () => {
    await portal.reset();
    await portal.control('search-index', { delayMs: 3000 });
    const found = async () => namesOf(await search({ properties: ['dealname'] }));
    const id = await portal.add('deals', { dealname: 'Before' });
    expect(await found()).toEqual([]);
    await portal.control('clock', { advanceMs: 2999 });
    expect(await found()).toEqual([]);
    await portal.control('clock', { advanceMs: 1 });
    expect(await found()).toEqual(['Before']);
    await portal.call('PATCH', `${OBJECTS}/deals/${id}`, { properties: { dealname: 'After' } });
    expect(await found()).toEqual(['Before']);
    await portal.control('clock', { advanceMs: 3000 });
    expect(await found()).toEqual(['After']);
    await portal.call('DELETE', `${OBJECTS}/deals/${id}`);
    expect(await found()).toEqual([]);
  });

  it('can be walked by the time of the last change, which is another property of contacts', async () => {
    await portal.reset();
    await portal.add('contacts', { firstname: 'Old' });
    await portal.control('clock', { advanceMs: 1000 });
    const id = await portal.add('contacts', { firstname: 'New' });
    const since = { operator: 'GTE', value: '2026-03-02T09:00:01.250Z' };
    const walk = (propertyName: string) =>
      portal.call('POST', `${OBJECTS}/contacts/search`, { ...by({ propertyName, ...since }), sorts: [{ propertyName }] });
    expect((await walk('lastmodifieddate')).body.results).toMatchObject([{ id }]);
    expect((await walk('hs_lastmodifieddate')).status).toBe(400);
  });
});
