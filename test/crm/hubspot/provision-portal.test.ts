import { HUBSPOT_API_VERSIONS } from '../../../crm/hubspot/api-version.ts';
import { connectHubspot } from '../../../crm/hubspot/connect.ts';
import { provisionPortal } from '../../../crm/hubspot/provision-portal.ts';
import type { HubspotConfig } from '../../../crm/hubspot/session.ts';
import { shippedPortal } from '../../../crm/hubspot/shipped-portal.ts';
import { checkMapping } from '../../../mappings/check-mapping.ts';
import { hubspotMapping } from '../../../mappings/hubspot/mapping.ts';
import { openPortal, type OpenedPortal } from '../../sandbox/hubspot/opened-portal.ts';
import { shippedDefinition } from './sandbox-fixture.ts';
import { failureOf, openStubPortal, sendJson } from './stub-portal.ts';

let portal: OpenedPortal;
let config: HubspotConfig;
beforeEach(async () => {
  portal = await openPortal();
  config = {
    connection: 'hubspot',
    baseUrl: portal.url,
    accessToken: 'pat-sandbox-integration',
    apiVersion: '2026-09',
    requestTimeoutMs: 5_000,
    patience: { repeats: 0, pauseMs: 0 },
  };
});
afterEach(() => portal.close());

const definition = shippedDefinition();
const provision = () => provisionPortal(config, definition);
const everything = [
  ...Object.entries(definition.properties).flatMap(([object, properties]) => properties.map(({ name }) => `${object}.${name}`)),
  'deal_registration',
  'deal_registration pipeline: Deal registration',
  'deal_registration → companies: Customer',
  'deal_registration → companies: Partner',
  'deals → deal_registration: Primary registration',
].toSorted();

const expectFit = async (): Promise<void> => {
  const crm = connectHubspot(config);
  for (const mapping of Object.values(hubspotMapping)) expect(checkMapping(mapping, await crm.describe(mapping.object))).toEqual([]);
};

it.each(HUBSPOT_API_VERSIONS)(
  'makes everything that the mapping relies on, and nothing the next time, with version %s',
  async (apiVersion) => {
    config = { ...config, apiVersion };
    const first = await provision();
    expect(first.created.toSorted()).toEqual(everything);
    expect(first.present).toEqual([]);
    await expectFit();
    const second = await provision();
    expect(second.created).toEqual([]);
    expect(second.present).toEqual(expect.arrayContaining(everything));
  },
);

it.each([1, 4, 8, 11, 13, 14, 15])('goes on where it was broken off, after %i calls that make something', async (calls) => {
  await portal.control('faults', { rules: [{ method: 'POST', path: '/', nth: calls, times: 1, fault: 'lost_answer' }] });
  expect(await failureOf(provision())).toMatchObject({ code: 'CRM_UNAVAILABLE' });
  await provision();
  await expectFit();
});

it('adds a property that was shipped later to an object that is there', async () => {
  const { customObject } = definition;
  if (customObject === null) throw new Error('no custom object is shipped');
  const older = { ...customObject, properties: customObject.properties.filter(({ name }) => name !== 'sync_note') };
  await provisionPortal(config, { ...definition, customObject: older });
  expect((await provision()).created).toEqual(['deal_registration.sync_note']);
  await expectFit();
});

it('adds a stage that was shipped later, and leaves alone what people changed of the pipeline', async () => {
  const pipeline = definition.pipelines['deal_registration'];
  if (pipeline === undefined) throw new Error('no pipeline is shipped');
  const older = { ...pipeline, stages: pipeline.stages.filter(({ stageId }) => stageId !== 'registration_revoked') };
  await provisionPortal(config, { ...definition, pipelines: { deal_registration: older } });
  await portal.call('PATCH', '/crm/v3/pipelines/deal_registration/deal_registration', { label: 'Partner claims' });
  expect((await provision()).created).toEqual(['deal_registration pipeline: Deal registration / Revoked']);
  const { body } = await portal.call('GET', '/crm/v3/pipelines/deal_registration/deal_registration');
  expect([body.label, body.stages.at(-1).id]).toEqual(['Partner claims', 'registration_revoked']);
  await expectFit();
});

it('tells of a pipeline that has the name already and is another one', async () => {
  const stages = [{ label: 'New', displayOrder: 0, metadata: { probability: '0.1' } }];
  await portal.call('POST', '/crm/v3/pipelines/deals', { label: 'Deal registration', displayOrder: 3, stages });
  const failure = await failureOf(provisionPortal(config, shippedPortal('deals')));
  expect(failure).toMatchObject({ code: 'CRM_DUPLICATE', message: expect.stringMatching(/id 9\d+; expected the id deal_registration/) });
});

it('tells of a portal that may not have custom objects', async () => {
  const stub = await openStubPortal();
  stub.answer = (request, response) =>
    request.method === 'GET'
      ? sendJson(response, 400, { status: 'error', message: 'Unable to infer object type from: deal_registration' })
      : sendJson(response, 403, { status: 'error', category: 'MISSING_SCOPES', message: 'The account lacks custom objects' });
  const failure = await failureOf(provisionPortal({ ...config, baseUrl: stub.url }, definition));
  expect(failure).toMatchObject({ code: 'CRM_PERMISSION_DENIED', message: expect.stringContaining('lacks custom objects') });
  await stub.close();
});
