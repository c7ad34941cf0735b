import { OBJECTS, openPortal } from './opened-portal.ts';
import type { OpenedPortal } from './opened-portal.ts';

let portal: OpenedPortal;
beforeAll(async () => {
  portal = await openPortal();
});
beforeEach(() => portal.reset());
afterAll(() => portal.close());

const names = async () => (await portal.call('GET', `${OBJECTS}/companies?limit=100`)).body.results.map(nameOf);
const nameOf = (row: { properties: { name: string } }) => row.properties.name;

describe('batch create', () => {
  const good = (name: string, objectWriteTraceId?: string) => ({ properties: { name }, objectWriteTraceId });
  const bad = (objectWriteTraceId?: string) => ({ properties: { missing: 'x' }, objectWriteTraceId });

  it('answers 201, in another order than it was asked', async () => {
    const answer = await portal.call('POST', `${OBJECTS}/companies/batch/create`, { inputs: [good('A', 'a'), good('B', 'b')] });
    expect([answer.status, answer.body.status, answer.body.numErrors]).toEqual([201, 'COMPLETE', undefined]);
    expect(answer.body.results).toMatchObject([
      { properties: { name: 'B' }, objectWriteTraceId: 'b' },
      { properties: { name: 'A' }, objectWriteTraceId: 'a' },
    ]);
  });

  it.each([
    ['/crm/v3/objects', 207],
    ['/crm/objects/2026-03', 207],
    ['/crm/objects/2026-09', 201],
  ])('isolates a bad row where every row has its own trace id: %s answers %i', async (prefix, status) => {
    const answer = await portal.call('POST', `${prefix}/companies/batch/create`, { inputs: [good('A', 'a'), bad('b'), good('C', 'c')] });
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({
      status: 'COMPLETE',
      numErrors: 1,
      errors: [{ status: 'error', category: 'VALIDATION_ERROR', context: { objectWriteTraceId: ['b'] } }],
    });
    expect(await names()).toEqual(['A', 'C']);
  });

  it.each([
    ['no trace ids', [good('A'), bad()]],
    ['one trace id too few', [good('A', 'a'), bad()]],
    ['a trace id twice', [good('A', 'a'), bad('a')]],
  ])('fails as a whole with %s', async (_what, inputs) => {
    const answer = await portal.call('POST', `${OBJECTS}/companies/batch/create`, { inputs });
    expect([answer.status, answer.body.category, answer.body.results]).toEqual([400, 'VALIDATION_ERROR', undefined]);
    expect(await names()).toEqual([]);
  });

  it.each([
    [100, 201],
    [101, 400],
  ])('of %i inputs answers %i', async (count, status) => {
    const inputs = Array.from({ length: count }, (_, index) => good(`Company ${index}`));
    expect((await portal.call('POST', `${OBJECTS}/companies/batch/create`, { inputs })).status).toBe(status);
  });

  it('finds a clash within itself', async () => {
    const inputs = ['a', 'b'].map((trace) => ({ properties: { email: 'x@acme.example' }, objectWriteTraceId: trace }));
    const answer = await portal.call('POST', `${OBJECTS}/contacts/batch/create`, { inputs });
    expect(answer.body).toMatchObject({ numErrors: 1, errors: [{ category: 'CONFLICT', context: { objectWriteTraceId: ['b'] } }] });
  });
});

describe('batch read', () => {
  it('gives what there is and names what there is not, by id and by a unique property', async () => {
    const id = await portal.add('contacts', { email: 'one@acme.example', firstname: 'One' });
    const byId = await portal.call('POST', `${OBJECTS}/contacts/batch/read`, { properties: ['firstname'], inputs: [{ id }, { id: '7' }] });
    expect([byId.status, byId.body.results.length, byId.body.numErrors]).toEqual([207, 1, 1]);
    expect(byId.body.errors).toEqual([
      {
        status: 'error',
        category: 'OBJECT_NOT_FOUND',
        message: 'Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid.',
        context: { ids: ['7'] },
      },
    ]);
    const inputs = [{ id: 'one@acme.example' }];
    const byEmail = await portal.call('POST', `${OBJECTS}/contacts/batch/read`, { idProperty: 'email', inputs });
    expect([byEmail.status, byEmail.body.results[0].id]).toEqual([200, id]);
    const byName = await portal.call('POST', `${OBJECTS}/contacts/batch/read`, { idProperty: 'firstname', inputs });
    expect(byName.status).toBe(400);
  });

  it('shows archived records where it is asked for them', async () => {
    const id = await portal.add('companies', { name: 'Gone' });
    expect((await portal.call('POST', `${OBJECTS}/companies/batch/archive`, { inputs: [{ id }, { id: '7' }] })).status).toBe(204);
    const read = (query: string) => portal.call('POST', `${OBJECTS}/companies/batch/read${query}`, { inputs: [{ id }] });
    expect([(await read('')).status, (await read('?archived=true')).body.results[0].archived]).toEqual([207, true]);
  });
});

describe('batch update', () => {
  it('changes what there is and names what there is not', async () => {
    const id = await portal.add('companies', { name: 'Before' });
    const inputs = [id, '7'].map((each) => ({ id: each, properties: { name: 'After' } }));
    const answer = await portal.call('POST', `${OBJECTS}/companies/batch/update`, { inputs });
    expect([answer.status, answer.body.errors[0].context]).toEqual([207, { ids: ['7'] }]);
    expect(await names()).toEqual(['After']);
  });

  it('keeps nothing where a row is bad and rows have no trace ids', async () => {
    const ids = [await portal.add('companies', { name: 'A' }), await portal.add('companies', { name: 'B' })];
    const inputs = [
      { id: ids[0], properties: { name: 'Z' } },
      { id: ids[1], properties: { hs_object_id: '1' } },
    ];
    expect((await portal.call('POST', `${OBJECTS}/companies/batch/update`, { inputs })).status).toBe(400);
    expect(await names()).toEqual(['A', 'B']);
  });

  it('refuses an id twice', async () => {
    const inputs = ['7', '7'].map((id) => ({ id, properties: {} }));
    const answer = await portal.call('POST', `${OBJECTS}/companies/batch/update`, { inputs });
    expect([answer.status, answer.body.message]).toEqual([400, 'Duplicate IDs found in batch input: [7]. IDs must be unique']);
  });
});

describe('batch upsert', () => {
  it('creates once and updates from then on', async () => {
    const upsert = (firstname: string) =>
      portal.call('POST', `${OBJECTS}/contacts/batch/upsert`, {
        inputs: [{ id: 'one@acme.example', idProperty: 'email', properties: { firstname } }],
      });
    const [first, second] = [await upsert('One'), await upsert('Uno')];
    expect([first.status, first.body.results[0].new, second.status, second.body.results[0].new]).toEqual([200, true, 200, false]);
    expect(second.body.results[0].id).toBe(first.body.results[0].id);
    const list = await portal.call('GET', `${OBJECTS}/contacts`);
    expect(list.body.results).toMatchObject([{ properties: { email: 'one@acme.example', firstname: 'Uno' } }]);
  });

  it('needs a unique property', async () => {
    const inputs = [{ id: 'acme.example', idProperty: 'domain', properties: {} }];
    expect((await portal.call('POST', `${OBJECTS}/companies/batch/upsert`, { inputs })).status).toBe(400);
  });
});
