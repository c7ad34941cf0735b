import { saveMirrored, type MirroredType } from '../../../activities/sync/mirror-record.ts';
import { NO_STAGES } from '../../../activities/sync/opportunity-definition.ts';
import type { RemoteRow } from '../../../crm/port.ts';
import { remoteFieldsOf } from '../../../mappings/field-mapping.ts';
import { openPortalStage, type PortalStage } from '../../support/sync-stage.ts';

jest.setTimeout(60_000);

const BEHIND_MS = 600_000;
const DEALS = '/crm/v3/objects/deals';
const COMPANIES = '/crm/v3/objects/companies';

/** A search shows what was before, while a verdict has the decisive records read by their ids. */
describe('a page of an index that is behind', () => {
  let stage: PortalStage;

  beforeAll(async () => {
    stage = await openPortalStage();
  });
  beforeEach(() => stage.reset());
  afterAll(() => stage.close());

  const rep = async (method: string, path: string, body?: object) =>
    (await stage.portal.call(method, path, body, 'rep')) as { readonly id: string };
  const objectOf = (objectType: MirroredType) => {
    const mapping = stage.deps.connections.get(stage.connection)?.mapping[objectType];
    if (mapping === undefined) throw new Error('the stage has no connection');
    return { mapping, object: mapping.object, fields: remoteFieldsOf(mapping) };
  };
  const page = async (objectType: MirroredType): Promise<readonly RemoteRow[]> => {
    const { object, fields } = objectOf(objectType);
    return (await stage.port.capture({ object, fields, after: null, limit: 10 })).rows;
  };
  /** What was made until now is in the index, and what is changed from now on is not for a while. */
  const holdIndex = async (): Promise<void> => {
    for (const objectType of ['opportunity', 'account'] as const) await page(objectType);
    await stage.control('search-index', { delayMs: BEHIND_MS });
  };
  const save = (objectType: MirroredType, rows: readonly RemoteRow[]): Promise<void> =>
    stage.db.transaction().execute((trx) => saveMirrored(trx, stage.deps, stage.connection, objectType, rows, NO_STAGES, stage.deps.now()));
  /** As before a verdict: read by its id, and copied. */
  const readNow = async (objectType: MirroredType, id: string): Promise<void> => {
    const { object, fields } = objectOf(objectType);
    await save(objectType, await stage.port.read(object, [id], fields));
  };
  const dealIn = async (id: string) =>
    stage.db.selectFrom('crm_opportunity').select(['amount', 'deleted']).where('remote_id', '=', id).executeTakeFirst();

  it('does not take a deal back to what it was before it was read for a verdict', async () => {
    const { id } = await rep('POST', DEALS, { properties: { dealname: 'Direct', amount: '50000' }, associations: [] });
    await holdIndex();
    await rep('PATCH', `${DEALS}/${id}`, { properties: { amount: '90000' } });
    // Negative control: the page shows what was before.
    expect(await page('opportunity')).toMatchObject([{ id, fields: { amount: 50000 } }]);
    let isRead = false;
    const racing = stage.workerOn((port) => ({
      // The stages are asked for when the page is there and nothing of it is stored.
      find: async (object, ...rest) => {
        if (object === objectOf('opportunity').mapping.stages?.object) {
          await readNow('opportunity', id);
          isRead = true;
        }
        return port.find(object, ...rest);
      },
    }));
    await stage.pull('opportunity', racing);
    expect(isRead).toBe(true);
    expect(await dealIn(id)).toMatchObject({ amount: '90000.00' });
  });

  it('does not take an account back', async () => {
    const { id } = await rep('POST', COMPANIES, { properties: { name: 'Northwind', zip: '10115' }, associations: [] });
    await holdIndex();
    await rep('PATCH', `${COMPANIES}/${id}`, { properties: { zip: '20095' } });
    const rows = await page('account');
    expect(rows).toMatchObject([{ id, fields: { zip: '10115' } }]);
    await readNow('account', id);
    await save('account', rows);
    const [account] = await stage.db.selectFrom('crm_account').select('postal_code').where('remote_id', '=', id).execute();
    expect(account).toEqual({ postal_code: '20095' });
  });

  it('is taken as it is where nothing later was read, and a deal that was deleted and restored is copied again', async () => {
    const { id } = await rep('POST', DEALS, { properties: { dealname: 'Direct', amount: '50000' }, associations: [] });
    await stage.pull('opportunity');
    expect(await dealIn(id)).toMatchObject({ amount: '50000.00', deleted: false });
    await rep('DELETE', `${DEALS}/${id}`);
    await stage.pull('opportunity');
    expect(await dealIn(id)).toMatchObject({ deleted: true });
    await stage.control('restore', { objectType: 'deals', ids: [id] });
    await stage.pull('opportunity');
    expect(await dealIn(id)).toMatchObject({ amount: '50000.00', deleted: false });
  });
});
