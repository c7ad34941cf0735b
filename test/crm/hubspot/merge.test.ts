import { connectTo, openStubPortal, sendJson, withProperties, type StubPortal } from './stub-portal.ts';

let portal: StubPortal;
beforeEach(async () => {
  portal = await openStubPortal();
});
afterEach(() => portal.close());

const at = '2026-03-02T09:00:00.250Z';
const record = (id: string, merged: string | null = null) => ({
  id,
  properties: { name: 'One', hs_lastmodifieddate: at, hs_merged_object_ids: merged },
  createdAt: at,
  updatedAt: at,
  archived: false,
});
const facts = (rows: readonly { id: string; deleted: boolean; mergedInto: string | null }[]) =>
  rows.map(({ id, deleted, mergedInto }) => [id, deleted, mergedInto]);

describe('a record that was merged into another', () => {
  it('is told by the survivor that a batch gives in its place', async () => {
    portal.answer = withProperties((_request, response) =>
      sendJson(response, 200, { status: 'COMPLETE', results: [record('900', '100;200')] }),
    );
    expect(facts(await connectTo(portal).read('companies', ['100', '900'], ['name']))).toEqual([
      ['100', true, '900'],
      ['900', false, null],
    ]);
  });

  it('is asked for alone where no batch has it, and told by what HubSpot gives in its place', async () => {
    portal.answer = withProperties((request, response) => {
      if (request.method === 'POST') sendJson(response, 200, { status: 'COMPLETE', results: [] });
      else if (request.path.endsWith('/100')) sendJson(response, 200, record('900'));
      else sendJson(response, 404, { status: 'error', message: 'resource not found' });
    });
    expect(facts(await connectTo(portal).read('companies', ['100', '300'], ['name']))).toEqual([['100', true, '900']]);
  });

  it('is neither of two that exist', async () => {
    portal.answer = withProperties((_request, response) =>
      sendJson(response, 200, { status: 'COMPLETE', results: [record('100'), record('900')] }),
    );
    expect(facts(await connectTo(portal).read('companies', ['100', '900'], ['name']))).toEqual([
      ['100', false, null],
      ['900', false, null],
    ]);
    expect(portal.requests.filter(({ method, path }) => method === 'GET' && !path.includes('/properties/'))).toEqual([]);
  });
});
