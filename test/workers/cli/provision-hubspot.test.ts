import { openHubspotSandbox, type HubspotSandbox } from '../../../sandbox/hubspot/open-sandbox.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { runCommand, widthOf } from './run-command.ts';

// Each command is a process of its own.
jest.setTimeout(120_000);

const folder = makeTemporaryFolder('provision-hubspot');
let sandbox: HubspotSandbox;
let environment: Readonly<Record<string, string>>;

beforeAll(async () => {
  sandbox = await openHubspotSandbox({ port: 0, dataFile: ':memory:', sampleFile: null, seed: 1, indexDelayMs: 0 });
  environment = { DATA_DIR: folder.path, HUBSPOT_BASE_URL: sandbox.url, HUBSPOT_ACCESS_TOKEN: 'pat-sandbox-integration' };
});
beforeEach(() => sandbox.reset());
afterAll(async () => {
  await sandbox.close();
  folder.remove();
});

async function control(path: string, body: object): Promise<void> {
  const answer = await fetch(`${sandbox.url}/_sandbox/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

const HUBSPOT = ['provision', '--connection', 'hubspot'];

describe('provision of a portal', () => {
  it('makes what the portal lacks, goes on where it was broken off, and a second time makes nothing', async () => {
    const rules = [{ method: 'POST', path: '/crm/associations/*/labels', nth: 1, times: 20, fault: 'status', status: 500 }];
    await control('faults', { rules });
    const broken = await runCommand(HUBSPOT, environment);
    expect(broken).toMatchObject({ exitCode: 1, stdout: '' });
    expect(broken.stderr).toMatch(
      /hubspot is not provisioned: CRM_UNAVAILABLE: [^]*\nRemedy: .*Then run it again: it goes on where it ended\./,
    );
    await control('faults', { rules: [] });

    const first = await runCommand([...HUBSPOT, '--json'], environment);
    const { created, present } = JSON.parse(first.stdout) as { created: readonly string[]; present: readonly string[] };
    expect(first.exitCode).toBe(0);
    expect(created).toEqual([
      'deal_registration → companies: Partner',
      'deal_registration → companies: Customer',
      'deals → deal_registration: Primary registration',
    ]);
    expect(present).toEqual(expect.arrayContaining(['deal_registration', 'companies.partner_id', 'tasks.question_id']));

    const second = await runCommand(HUBSPOT, environment);
    expect(second.exitCode).toBe(0);
    expect(second.stdout).toContain('hubspot:  0 created, ');
    expect(widthOf(second.stdout)).toBeLessThan(120);
  });

  it('with --check-only says what it would make, and makes nothing', async () => {
    const checked = await runCommand([...HUBSPOT, '--check-only', '--json'], environment);
    expect(checked.exitCode).toBe(0);
    const would = JSON.parse(checked.stdout) as { checkOnly: boolean; created: readonly string[]; present: readonly string[] };
    expect(would).toMatchObject({ checkOnly: true, present: [], lacking: [] });
    const words = await runCommand([...HUBSPOT, '--check-only'], environment);
    expect(words.stdout).toContain(`hubspot:  would take everything: ${would.created.length} created, 0 as they were`);
    const made = await runCommand([...HUBSPOT, '--json'], environment);
    expect(JSON.parse(made.stdout)).toMatchObject({ checkOnly: false, created: would.created });
    const after = await runCommand([...HUBSPOT, '--check-only', '--json'], environment);
    expect(JSON.parse(after.stdout)).toMatchObject({ created: [] });
  });

  it('with --check-only says the same of a portal that keeps registrations as deals', async () => {
    const ofDeals = { ...environment, HUBSPOT_REGISTRATION_OBJECT: 'deals' };
    const checked = await runCommand([...HUBSPOT, '--check-only', '--json'], ofDeals);
    const { created } = JSON.parse(checked.stdout) as { created: readonly string[] };
    expect(created).toEqual(
      expect.arrayContaining(['deals.registration_id', 'deals pipeline: Deal registration', 'deals → deals: Opportunity']),
    );
    expect(JSON.parse((await runCommand([...HUBSPOT, '--json'], ofDeals)).stdout)).toMatchObject({ created });
  });

  it('with --check-only fails where the token lacks a right, and names it', async () => {
    await control('scopes', { token: 'pat-sandbox-integration', without: ['crm.schemas.custom.write', 'crm.schemas.deals.write'] });
    const { exitCode, stdout, stderr } = await runCommand([...HUBSPOT, '--check-only'], environment);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('would not take everything');
    expect(stdout).toContain('the connection lacks crm.schemas.deals.write');
    expect(stderr).toContain('hubspot would not be provisioned: the connection lacks crm.schemas.custom.write, crm.schemas.deals.write.');
    expect(stderr).toContain('HUBSPOT_REGISTRATION_OBJECT=deals');
  });

  it('tells an account that may not have custom objects of the other model', async () => {
    await control('scopes', { token: 'pat-sandbox-integration', without: ['crm.schemas.custom.write'] });
    const refused = await runCommand(HUBSPOT, environment);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/hubspot is not provisioned: CRM_PERMISSION_DENIED: [^]*\nRemedy: .*HUBSPOT_REGISTRATION_OBJECT=deals/);
    const checked = await runCommand(['connections', 'check'], environment);
    expect(checked.stdout).toContain('HUBSPOT_REGISTRATION_OBJECT=deals');
    expect(`${checked.stdout}${checked.stderr}`).not.toMatch(/permission set|[Dd]eploy/);
  });

  it('makes a portal that `connections check` is content with', async () => {
    const before = await runCommand(['connections', 'check'], environment);
    expect(before.exitCode).toBe(1);
    expect(before.stdout).toContain('deal_registration');
    expect((await runCommand(HUBSPOT, environment)).exitCode).toBe(0);
    const after = await runCommand(['connections', 'check', '--json'], environment);
    expect(after.exitCode).toBe(0);
    const { connections } = JSON.parse(after.stdout) as {
      connections: readonly { name: string; objects: readonly { problems: readonly unknown[] }[] }[];
    };
    expect(connections.map(({ name }) => name)).toEqual(['hubspot']);
    expect(connections.flatMap(({ objects }) => objects.flatMap(({ problems }) => problems))).toEqual([]);
  });

  it('tells which rights the token lacks, and whose midnight the day ends at', async () => {
    expect((await runCommand(HUBSPOT, environment)).exitCode).toBe(0);
    await control('scopes', { token: 'pat-sandbox-integration', without: ['crm.objects.deals.write'] });
    const { stdout } = await runCommand(['connections', 'check'], environment);
    expect(stdout).toContain('  deals:  may not be written; the connection lacks crm.objects.deals.write');
    expect(stdout).toContain('whose day ends at midnight in America/New_York');
  });

  it.each<[string, readonly string[], Readonly<Record<string, string>>, string]>([
    ['an option of the other CRM', [...HUBSPOT, '--assign-to', 'x@y.example'], {}, '--assign-to is for Salesforce'],
    ['a token that the portal does not know', HUBSPOT, { HUBSPOT_ACCESS_TOKEN: 'pat-of-nobody' }, 'CRM_AUTH_FAILED'],
    ['a portal that does not answer', HUBSPOT, { HUBSPOT_BASE_URL: 'http://127.0.0.1:1' }, 'CRM_UNAVAILABLE'],
    ['a connection that is not configured', ['provision'], {}, 'There is no connection salesforce.'],
  ])('says what is wrong and what to do: %s', async (_what, command, change, expected) => {
    const { exitCode, stdout, stderr } = await runCommand(command, { ...environment, ...change });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(expected);
    expect(stderr).toContain('Remedy: ');
    expect(stderr).not.toContain('pat-of-nobody');
  });
});
