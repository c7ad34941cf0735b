import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSalesforceSandbox, type SalesforceSandbox } from '../../../sandbox/salesforce/open-sandbox.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { runCommand, widthOf } from './run-command.ts';

// Each command is a process of its own.
jest.setTimeout(120_000);

const TOKEN = '00D000000000001!integration';
const folder = makeTemporaryFolder('provision');
let sandbox: SalesforceSandbox;
let environment: Readonly<Record<string, string>>;

beforeAll(async () => {
  sandbox = await openSalesforceSandbox({ port: 0, dataFile: ':memory:', metadataRoot: null, sampleFile: null, seed: 1 });
  environment = { DATA_DIR: folder.path, SALESFORCE_INSTANCE_URL: sandbox.url, SALESFORCE_ACCESS_TOKEN: TOKEN };
});
beforeEach(() => sandbox.reset());
afterAll(async () => {
  await sandbox.close();
  folder.remove();
});

async function statusOf(path: string): Promise<number> {
  return (await fetch(`${sandbox.url}/services/data/v66.0${path}`, { headers: { authorization: `Bearer ${TOKEN}` } })).status;
}

async function provision(...options: readonly string[]) {
  const ended = await runCommand(['provision', '--json', ...options], environment);
  return { exitCode: ended.exitCode, stderr: ended.stderr, answer: JSON.parse(ended.stdout) as Record<string, unknown> };
}

describe('provision', () => {
  it('deploys the whole shipped project into an org that has nothing of it, and a second time changes nothing', async () => {
    expect(await statusOf('/sobjects/Deal_Registration__c/describe')).toBe(404);
    const first = await provision();
    expect(first.answer).toMatchObject({
      connection: 'salesforce',
      deployed: true,
      status: 'Succeeded',
      problems: [],
      permissionSets: [{ name: 'Dealkeeper_Integration', kind: 'assigned', username: 'integration@acme.example' }],
    });
    expect(first.exitCode).toBe(0);
    const { counts } = first.answer as { counts: Record<string, number> };
    expect(counts).toMatchObject({ changed: 0, deleted: 0, unchanged: 0 });
    expect(counts['created']).toBeGreaterThan(60);
    expect(first.stderr).toContain(`salesforce: Succeeded, ${counts['created']} of ${counts['created']} components`);
    expect(await statusOf('/sobjects/Deal_Registration__c/describe')).toBe(200);

    const second = await provision();
    expect(second).toMatchObject({ exitCode: 0, answer: { deployed: true, changes: [], permissionSets: [{ kind: 'present' }] } });
    expect(second.answer['counts']).toEqual({ created: 0, changed: 0, deleted: 0, unchanged: counts['created'] });
  });

  it('makes an org that `connections check` is content with', async () => {
    const before = await runCommand(['connections', 'check'], environment);
    expect(before.exitCode).toBe(1);
    const { exitCode, stdout, stderr } = await runCommand(['provision'], environment);
    expect({ exitCode, hasRemedy: stderr.includes('Remedy') }).toEqual({ exitCode: 0, hasRemedy: false });
    expect(stdout).toMatch(/^salesforce: {2}\d+ created, 0 changed, 0 as they were\nCHANGE +KIND +COMPONENT\ncreated +/);
    expect(stdout).toContain('Dealkeeper_Integration');
    expect(widthOf(stdout)).toBeLessThanOrEqual(100);
    expect((await runCommand(['connections', 'check'], environment)).exitCode).toBe(0);
  });

  it('gives the permission set to the user that is named, and says what to do where that cannot be', async () => {
    const rep = { username: 'rep@acme.example', kind: 'assigned' };
    expect(await provision('--assign-to', 'rep@acme.example')).toMatchObject({ exitCode: 0, answer: { permissionSets: [rep] } });
    // The administrator was given nothing: what is deployed stays hidden from the user of this connection.
    const hidden = await runCommand(['connections', 'check'], environment);
    expect(hidden.exitCode).toBe(1);
    expect(hidden.stdout).toContain('Requested_Decision__c');
    expect(hidden.stderr).toMatch(/fields do not fit the mapping.*\nRemedy: .*`provision --connection <name>`/);
    const { exitCode, stderr } = await runCommand(['provision', '--assign-to', 'nobody@acme.example'], environment);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('nobody@acme.example was not given Dealkeeper_Integration');
    expect(stderr).toMatch(/^Remedy: assign Dealkeeper_Integration/m);
  });

  it.each(['Lead', 'Opportunity'])(
    'deploys what registrations on %s need, where the configuration says so, and the check asks for it',
    async (object) => {
      const configured = { ...environment, SALESFORCE_REGISTRATION_OBJECT: object };
      const before = await runCommand(['connections', 'check'], configured);
      expect([before.exitCode, before.stdout]).toEqual([1, expect.stringContaining('Registration_Status__c')]);
      const provisioned = await runCommand(['provision'], configured);
      expect([provisioned.exitCode, provisioned.stdout]).toEqual([
        0,
        expect.stringMatching(new RegExp(`Dealkeeper_Integration_${object}: +given to integration@acme.example`)),
      ]);
      const after = await runCommand(['connections', 'check'], configured);
      expect([after.exitCode, after.stdout]).toEqual([0, expect.stringMatching(new RegExp(`registration +${object} +\\d+ +fits`))]);
    },
  );

  it('changes nothing when it only checks', async () => {
    expect(await provision('--check-only')).toMatchObject({
      exitCode: 0,
      answer: { checkOnly: true, deployed: false, status: 'Succeeded' },
    });
    expect(await statusOf('/sobjects/Deal_Registration__c/describe')).toBe(404);
  });

  it('names each component that is refused with its file and a remedy, and leaves the org as it was', async () => {
    const project = join(folder.path, 'broken');
    cpSync('crm/salesforce/force-app', join(project, 'force-app'), { recursive: true });
    cpSync('crm/salesforce/sfdx-project.json', join(project, 'sfdx-project.json'));
    const view = join(project, 'force-app/main/default/objects/Deal_Registration__c/listViews/In_Conflict.listView-meta.xml');
    writeFileSync(view, readFileSync(view, 'utf8').replace('<columns>Status__c</columns>', '<columns>State__c</columns>'));
    const { exitCode, stdout, stderr } = await runCommand(['provision', '--project', project], environment);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('Failed; nothing was changed');
    expect(stdout).toContain('In_Conflict.listView-meta.xml');
    expect(stdout).toContain('Could not resolve list view column: State__c');
    expect(stdout).toMatch(/remedy: {2}A field that this builds on is missing/);
    expect(stderr).toMatch(/salesforce was not provisioned: 1 component cannot be deployed\.\nRemedy: /);
    expect(await statusOf('/sobjects/Deal_Registration__c/describe')).toBe(404);
  });

  it('goes on when the org does not answer for a while', async () => {
    const rules = [{ method: 'POST', path: '/services/Soap/m', nth: 2, times: 2, fault: 'unavailable' }];
    await fetch(`${sandbox.url}/_sandbox/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ rules }),
    });
    expect(await provision()).toMatchObject({ exitCode: 0, answer: { deployed: true } });
  });

  it.each([
    ['a session that nobody has', { SALESFORCE_ACCESS_TOKEN: '00D000000000001!nobody' }, 'CRM_AUTH_FAILED'],
    ['an org that does not answer', { SALESFORCE_INSTANCE_URL: 'http://127.0.0.1:1' }, 'CRM_UNAVAILABLE'],
  ])('says so: %s', async (_what, changes, code) => {
    const { exitCode, stdout, stderr } = await runCommand(['provision'], { ...environment, ...changes });
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain(code);
    expect(stderr).toMatch(/^Remedy: \S/m);
  });

  it('says so: a folder that is no project', async () => {
    const { exitCode, stderr } = await runCommand(['provision', '--project', folder.path], environment);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('sfdx-project.json is missing');
  });
});
