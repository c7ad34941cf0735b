import { openHubspotSandbox, type HubspotSandbox } from '../../../sandbox/hubspot/open-sandbox.ts';
import { openProgress, type Progress } from '../../../workers/embedded/progress.ts';
import { provisionSandbox } from '../../../workers/embedded/provision-sandbox.ts';

jest.setTimeout(60_000);

let sandbox: HubspotSandbox;
let progress: Progress;
let said: string;

beforeEach(async () => {
  said = '';
  progress = openProgress({ write: (text) => void (said += text) });
  sandbox = await openHubspotSandbox({ port: 0, dataFile: ':memory:', sampleFile: null, seed: 1, indexDelayMs: 0 });
});
afterEach(async () => {
  progress.close();
  await sandbox.close();
});

const portOf = (url: string): number => Number(new URL(url).port);
const control = async (path: string, body?: object): Promise<{ readonly total: number }> => {
  const answer = await fetch(`${sandbox.url}/_sandbox/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return text === '' ? { total: 0 } : JSON.parse(text);
};

it('shows that it is under way where a sandbox that keeps registrations as deals takes its time', async () => {
  const rules = [{ method: '*', path: '/crm/', nth: 1, times: 1, fault: 'delay', delayMs: 2_500 }];
  await control('faults', { rules });
  await provisionSandbox(portOf(sandbox.url), 'deals', progress);
  expect(said).toMatch(/^provisioning the HubSpot sandbox … \d/);
  const pipelines = await fetch(`${sandbox.url}/crm/v3/pipelines/deals`, { headers: { authorization: 'Bearer pat-sandbox-integration' } });
  expect(await pipelines.text()).toContain('"registration_approved"');
});

it('has nothing to do for the custom object', async () => {
  await provisionSandbox(portOf(sandbox.url), 'deal_registration', progress);
  expect([(await control('calls')).total, said]).toEqual([0, '']);
});
