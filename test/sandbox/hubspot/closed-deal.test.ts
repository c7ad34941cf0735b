import { openPortal, OBJECTS, type OpenedPortal } from './opened-portal.ts';

let portal: OpenedPortal;
beforeEach(async () => {
  portal = await openPortal();
});
afterEach(() => portal.close());

const closedOf = async (id: string): Promise<readonly string[]> => {
  const { body } = await portal.call('GET', `${OBJECTS}/deals/${id}?properties=hs_is_closed,hs_is_closed_won`);
  return [body.properties.hs_is_closed, body.properties.hs_is_closed_won];
};

it.each([
  ['contractsent', ['false', 'false']],
  ['closedwon', ['true', 'true']],
  ['closedlost', ['true', 'false']],
])('a deal at the stage %s says whether it is closed and won', async (dealstage, closed) => {
  const made = await portal.add('deals', { dealname: 'D', dealstage });
  expect(await closedOf(made)).toEqual(closed);
  const moved = await portal.add('deals', { dealname: 'D', dealstage: 'qualifiedtobuy' });
  expect(await closedOf(moved)).toEqual(['false', 'false']);
  await portal.call('PATCH', `${OBJECTS}/deals/${moved}`, { properties: { dealstage } });
  expect(await closedOf(moved)).toEqual(closed);
});

it('a deal without a stage is open', async () => {
  expect(await closedOf(await portal.add('deals', { dealname: 'D' }))).toEqual(['false', 'false']);
});

it('a stage of another pipeline is closed as its metadata says', async () => {
  const stages = [
    { stageId: 'over', label: 'Over', displayOrder: 0, metadata: { isClosed: 'true', probability: '0.0' } },
    { stageId: 'made', label: 'Made', displayOrder: 1, metadata: { isClosed: 'true', probability: '1.0' } },
  ];
  await portal.call('POST', '/crm/v3/pipelines/deals', { pipelineId: 'other', label: 'Other', displayOrder: 1, stages });
  expect(await closedOf(await portal.add('deals', { pipeline: 'other', dealstage: 'made' }))).toEqual(['true', 'true']);
  expect(await closedOf(await portal.add('deals', { pipeline: 'other', dealstage: 'over' }))).toEqual(['true', 'false']);
});

it('nobody writes what is calculated, and its definition says so', async () => {
  const refused = await portal.call('POST', `${OBJECTS}/deals`, { properties: { dealname: 'D', hs_is_closed: 'true' }, associations: [] });
  expect([refused.status, refused.body.category]).toEqual([400, 'VALIDATION_ERROR']);
  const { body } = await portal.call('GET', '/crm/v3/properties/deals/hs_is_closed_won');
  expect([body.type, body.calculated, body.modificationMetadata.readOnlyValue]).toEqual(['bool', true, true]);
});
