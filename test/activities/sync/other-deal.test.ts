import { saveMirrored } from '../../../activities/sync/mirror-record.ts';
import type { RemoteFields } from '../../../crm/port.ts';
import { hubspotProfile } from '../../../mappings/hubspot/registration-object.ts';
import type { Database } from '../../../store/database.ts';
import { createDecisionStage, MONDAY, type DecisionStage } from '../../support/decision-stage.ts';
import { silentConnection } from '../../support/mirror.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';

/** Where registrations are deals, rows that were read by id or by their account may be registrations. */

jest.setTimeout(60_000);

let postgres: TestPostgres | undefined;
let db: Database;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  ({ db } = await postgres.openEmpty());
  const { mapping } = hubspotProfile('deals');
  stage = createDecisionStage(db).withDependencies({ connections: new Map([['hubspot', { ...silentConnection(), mapping }]]) });
});
afterAll(() => postgres?.stop());

const keep = (id: string, fields: RemoteFields): Promise<void> => {
  const row = {
    id,
    stamp: MONDAY,
    deleted: false,
    mergedInto: null,
    createdBy: null,
    modifiedBy: null,
    fields: { dealname: 'D', dealstage: 'new', ...fields },
  };
  const stages = new Map([['new', 2]]);
  return db.transaction().execute((trx) => saveMirrored(trx, stage.deps, 'hubspot', 'opportunity', [row], stages, MONDAY));
};
const mirrored = (id: string) => db.selectFrom('crm_opportunity').select(['deleted', 'stage_index']).where('remote_id', '=', id).execute();

it('a deal of the sales team is evidence, at the place of its stage', async () => {
  await keep('1', { pipeline: 'default', registration_id: null });
  expect(await mirrored('1')).toEqual([{ deleted: false, stage_index: 2 }]);
});

it.each([
  ['in the pipeline of registrations', { pipeline: 'deal_registration', registration_id: null }],
  ['with a registration id, wherever it was moved', { pipeline: 'default', registration_id: 'r-1' }],
])('a deal %s is none', async (_which, fields) => {
  await keep('2', fields);
  expect(await mirrored('2')).toEqual([]);
});

it('a deal that becomes a registration is an opportunity no more, until it is back', async () => {
  await keep('3', { pipeline: 'default', registration_id: null });
  await keep('3', { pipeline: 'deal_registration', registration_id: null });
  expect(await mirrored('3')).toMatchObject([{ deleted: true }]);
  await keep('3', { pipeline: 'default', registration_id: null });
  expect(await mirrored('3')).toMatchObject([{ deleted: false }]);
});
