import type { CapturePosition, CrmPort, RemoteRow, RemoteWrite } from '../../../crm/port.ts';
import { openHubspotFixture, type HubspotFixture } from './sandbox-fixture.ts';
import { connectTo, openStubPortal, sendJson, withProperties, type StubPortal } from './stub-portal.ts';

jest.setTimeout(120_000);

const claim = (id: string, fields: RemoteWrite['fields'] = {}): RemoteWrite => ({
  target: { kind: 'external_id', field: 'registration_id', value: id },
  fields,
});

async function captureAll(crm: CrmPort, object: string, limit: number, fields: readonly string[] = []): Promise<RemoteRow[]> {
  const rows: RemoteRow[] = [];
  let after: CapturePosition | null = null;
  for (;;) {
    const page = await crm.capture({ object, fields, after, limit });
    rows.push(...page.rows);
    const last = page.rows.at(-1);
    if (page.drained || last === undefined) return rows;
    after = { stamp: last.stamp, id: last.id };
  }
}

describe('in the sandbox', () => {
  let fixture: HubspotFixture;
  afterEach(() => fixture.close());

  it('walks past 10,000 rows of one stamp, each once', async () => {
    fixture = await openHubspotFixture({}, { now: () => Date.parse('2026-03-02T09:00:00.250Z') });
    const ids: string[] = [];
    for (let batch = 0; batch < 101; batch += 1) {
      const outcomes = await fixture.crm.write(
        'deal_registration',
        Array.from({ length: 100 }, (_row, index) => claim(`r-${batch}-${index}`)),
      );
      ids.push(...outcomes.map((outcome) => (outcome.kind === 'written' ? outcome.id : outcome.message)));
    }
    const rows = await captureAll(fixture.crm, 'deal_registration', 2_000);
    expect(rows).toHaveLength(10_100);
    expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(ids));
    expect(new Set(rows.map(({ stamp }) => stamp))).toEqual(new Set(['2026-03-02T09:00:00.250Z']));
  });

  it('lists what was archived once for many pages, and again for the last one', async () => {
    fixture = await openHubspotFixture();
    for (let hour = 0; hour < 6; hour += 1) {
      await fixture.crm.write('deal_registration', [claim(`r-${hour}`), claim(`gone-${hour}`)]);
      const [gone] = await fixture.crm.find('deal_registration', 'registration_id', [`gone-${hour}`], []);
      await fixture.remove('deal_registration', gone?.id ?? '');
      await fixture.advanceClock(3_600_000);
    }
    const before = await fixture.byRoute();
    const rows = await captureAll(fixture.crm, 'deal_registration', 2, ['registration_id']);
    const after = await fixture.byRoute();
    expect(rows.map(({ deleted, fields }) => `${String(fields['registration_id'])}${deleted ? ' deleted' : ''}`)).toEqual(
      Array.from({ length: 6 }, (_row, hour) => [`r-${hour}`, `gone-${hour} deleted`]).flat(),
    );
    const route = 'GET /crm/objects/2026-03/deal_registration';
    expect((after[route] ?? 0) - (before[route] ?? 0)).toBeLessThanOrEqual(3);
  });

  it('brings a record that was restored, once, though its stamp did not move', async () => {
    fixture = await openHubspotFixture();
    const outcomes = await fixture.crm.write('deal_registration', [claim('r-1'), claim('r-2')]);
    const [gone = '', purged = ''] = outcomes.map((outcome) => (outcome.kind === 'written' ? outcome.id : outcome.message));
    await fixture.advanceClock(3_600_000);
    for (const id of [gone, purged]) await fixture.remove('deal_registration', id);
    let after: CapturePosition | null = null;
    const capture = async () => {
      const { rows } = await fixture.crm.capture({ object: 'deal_registration', fields: ['registration_id'], after, limit: 10 });
      const last = rows.at(-1);
      if (last !== undefined) after = { stamp: last.stamp, id: last.id };
      return rows.map(({ id, deleted, fields }) => [id, deleted, fields['registration_id']]);
    };
    expect(await capture()).toEqual([
      [gone, true, 'r-1'],
      [purged, true, 'r-2'],
    ]);
    await fixture.control('restore', { objectType: 'deal_registration', ids: [gone] });
    // Keeping the page failed: it comes again.
    const before = after;
    expect(await capture()).toEqual([[gone, false, 'r-1']]);
    after = before;
    expect(await capture()).toEqual([[gone, false, 'r-1']]);
    expect(await capture()).toEqual([]);
    expect(await capture()).toEqual([]);
  });

  describe('with a long list of archived records', () => {
    const LIST = 'GET /crm/objects/2026-03/deal_registration';
    const MINUTE_MS = 60_000;
    let sequence = 0;
    const add = async (count: number): Promise<string[]> => {
      const ids: string[] = [];
      for (let first = 0; first < count; first += 100) {
        const rows = Array.from({ length: Math.min(100, count - first) }, () => claim(`r-${(sequence += 1)}`));
        const outcomes = await fixture.crm.write('deal_registration', rows);
        ids.push(...outcomes.map((outcome) => (outcome.kind === 'written' ? outcome.id : outcome.message)));
      }
      return ids;
    };
    const archive = async (ids: readonly string[]): Promise<void> => {
      for (let first = 0; first < ids.length; first += 100) {
        const inputs = ids.slice(first, first + 100).map((id) => ({ id }));
        await fixture.call('POST', '/crm/v3/objects/deal_registration/batch/archive', { inputs });
      }
    };
    /** Follows the changes as a worker does: each poll goes on behind the last row of the one before. */
    const follow = (crm: CrmPort, fields: readonly string[] = ['registration_id']) => {
      let after: CapturePosition | null = null;
      return async (): Promise<readonly RemoteRow[]> => {
        const rows: RemoteRow[] = [];
        for (;;) {
          const page = await crm.capture({ object: 'deal_registration', fields, after, limit: 500 });
          rows.push(...page.rows);
          const last = page.rows.at(-1);
          if (last !== undefined) after = { stamp: last.stamp, id: last.id };
          if (page.drained) return rows;
        }
      };
    };
    const listed = async (work: () => Promise<unknown>): Promise<number> => {
      const before = (await fixture.byRoute())[LIST] ?? 0;
      await work();
      return ((await fixture.byRoute())[LIST] ?? 0) - before;
    };

    it('reads it at every poll while it has one page, and the less often the longer it is', async () => {
      fixture = await openHubspotFixture();
      await archive(await add(100));
      const poll = follow(fixture.crm);
      await poll();
      expect(await listed(async () => [await poll(), await poll()])).toBe(2);
      await archive(await add(201));
      expect(await listed(poll)).toBe(4);
      // Four pages: thirty seconds. A sweep of ids and stamps lives on the same list.
      expect(await listed(async () => [await poll(), await poll(), await follow(fixture.crm, [])()])).toBe(4);
      await fixture.advanceClock(31_000);
      expect(await listed(poll)).toBe(4);
      expect(await listed(async () => [await poll(), await poll()])).toBe(0);
    });

    it('brings what was archived meanwhile with the next reading, each once', async () => {
      fixture = await openHubspotFixture();
      const [gone = '', ...others] = await add(150);
      await archive(others);
      const poll = follow(fixture.crm);
      await poll();
      await fixture.advanceClock(1_000);
      await archive([gone]);
      expect(await poll()).toEqual([]);
      await fixture.advanceClock(11_000);
      expect([...(await poll()), ...(await poll())].map(({ id, deleted }) => [id, deleted])).toEqual([[gone, true]]);
    });

    it('tells of what it saw late as of then, so that nobody has gone past it', async () => {
      fixture = await openHubspotFixture();
      const [gone = '', ...others] = await add(4_001);
      await archive(others);
      const poll = follow(fixture.crm);
      await poll();
      // Forty pages: more than six minutes, in which others change and positions go on.
      await archive([gone]);
      await fixture.advanceClock(6 * MINUTE_MS);
      const [later = ''] = await add(1);
      expect((await poll()).map(({ id }) => id)).toEqual([later]);
      await fixture.advanceClock(MINUTE_MS);
      const [row, ...more] = await poll();
      expect([row?.id, row?.deleted, row?.fields['registration_id'], more]).toEqual([gone, true, expect.stringMatching(/^r-/), []]);
      expect(await poll()).toEqual([]);
      // Neither is it told again with the list after that, nor is anything that was told before.
      await fixture.advanceClock(8 * MINUTE_MS);
      expect([...(await poll()), ...(await poll())]).toEqual([]);
    });
  });

  it('brings the records on the other side, one call for each kind and page', async () => {
    fixture = await openHubspotFixture();
    await fixture.crm.write('companies', [{ target: { kind: 'external_id', field: 'partner_id', value: 'p-1' }, fields: { name: 'One' } }]);
    const [partner] = await fixture.crm.find('companies', 'partner_id', ['p-1'], []);
    const parents = { 'associations.companies.partner': { object: 'companies', field: 'partner_id', value: 'p-1' } };
    await fixture.crm.write('deal_registration', [{ ...claim('r-1'), parents }, claim('r-2')]);
    const fields = ['associations.companies.partner', 'associations.companies.customer', 'associations.deals'];
    await fixture.crm.capture({ object: 'deal_registration', fields, after: null, limit: 10 });
    await fixture.forgetCalls();
    const { rows } = await fixture.crm.capture({ object: 'deal_registration', fields, after: null, limit: 10 });
    expect(rows.map((row) => row.fields)).toEqual([
      { 'associations.companies.partner': partner?.id, 'associations.companies.customer': null, 'associations.deals': null },
      { 'associations.companies.partner': null, 'associations.companies.customer': null, 'associations.deals': null },
    ]);
    // The search, the archived ones, companies, deals.
    expect(await fixture.calls()).toBe(4);
  });

  it('refuses a limit that no page can have, and a filter that is no property', async () => {
    fixture = await openHubspotFixture();
    const request = { object: 'companies', fields: [], after: null, limit: 1 };
    for (const change of [
      { limit: 0 },
      { limit: 1.5 },
      { whereNotNull: 'associations.deals' },
      { where: [{ field: 'associations.deals', is: '1' }] },
    ])
      await expect(fixture.crm.capture({ ...request, ...change })).rejects.toMatchObject({ code: 'CRM_REQUEST_INVALID' });
  });

  it('reads the people of the portal, in pages of their own order', async () => {
    fixture = await openHubspotFixture();
    const rows = await captureAll(fixture.crm, 'owners', 4, ['email', 'name', 'isActive']);
    expect(rows.map((row) => row.fields['email'])).toEqual(
      ['vp', 'director', 'manager', 'rep', 'rep2', 'integration'].map((alias) => `${alias}@acme.example`),
    );
    expect(rows[3]?.fields).toMatchObject({ name: 'Robin Epstein', isActive: true });
    expect((await fixture.crm.read('owners', [rows[0]?.id ?? ''], ['email'])).map((row) => row.fields)).toEqual([
      { email: 'vp@acme.example' },
    ]);
    expect(await fixture.crm.find('owners', 'email', ['rep@acme.example'], [])).toHaveLength(1);
  });
});

describe('in a portal that orders by the stamp alone', () => {
  let portal: StubPortal;
  let crm: CrmPort;
  beforeEach(async () => {
    portal = await openStubPortal();
    crm = connectTo(portal);
  });
  afterEach(() => portal.close());

  interface StoredRow {
    readonly id: string;
    readonly ms: number;
    readonly merged?: string;
  }
  const body = ({ id, ms, merged }: StoredRow) => {
    const stamp = new Date(ms).toISOString();
    return {
      id,
      properties: { hs_lastmodifieddate: stamp, hs_merged_object_ids: merged ?? null },
      createdAt: stamp,
      updatedAt: stamp,
      archived: false,
    };
  };
  /** Rows of equal stamps come in another order each time. */
  const serve = (stored: readonly StoredRow[]): void => {
    let turn = 0;
    portal.answer = withProperties((request, response) => {
      if (!request.path.endsWith('/search')) return sendJson(response, 200, { results: [] });
      const { filterGroups, sorts, limit } = request.body as {
        filterGroups: { filters: { propertyName: string; operator: string; value: string }[] }[];
        sorts: { propertyName: string }[];
        limit: number;
      };
      turn += 1;
      const valueOf = (row: StoredRow, name: string): number => (name === 'hs_object_id' ? Number(row.id) : row.ms);
      const holds = (
        row: StoredRow,
        { propertyName, operator, value }: { propertyName: string; operator: string; value: string },
      ): boolean => {
        const [left, right] = [valueOf(row, propertyName), Number(value)];
        return operator === 'EQ' ? left === right : operator === 'GT' ? left > right : left >= right;
      };
      const name = sorts[0]?.propertyName ?? '';
      const results = stored
        .filter((row) => filterGroups.length === 0 || filterGroups.some(({ filters }) => filters.every((filter) => holds(row, filter))))
        .map((row, index) => ({ row, random: (index * 7_919 + turn * 104_729) % 1_009 }))
        .toSorted((one, other) => valueOf(one.row, name) - valueOf(other.row, name) || one.random - other.random)
        .slice(0, limit)
        .map(({ row }) => body(row));
      sendJson(response, 200, { total: results.length, results });
    });
  };

  it.each([1, 2, 7, 30, 200, 450])('gives every row once and in order, %i at a time', async (limit) => {
    const stored = Array.from({ length: 400 }, (_row, index) => ({
      id: String(1_000 + ((index * 37) % 400)),
      ms: 1_000_000 + Math.floor(index / 90) * 10,
    }));
    serve(stored);
    const rows = await captureAll(crm, 'companies', limit);
    const expected = stored.toSorted((one, other) => one.ms - other.ms || Number(one.id) - Number(other.id));
    expect(rows.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
  });

  it('tells of a record that took up others where those went', async () => {
    serve([
      { id: '900', ms: 5_000, merged: '100;200' },
      { id: '950', ms: 6_000 },
    ]);
    const rows = await captureAll(crm, 'companies', 10);
    expect(rows.map(({ id, deleted, mergedInto }) => [id, deleted, mergedInto])).toEqual([
      ['100', true, '900'],
      ['200', true, '900'],
      ['900', false, null],
      ['950', false, null],
    ]);
  });
});
