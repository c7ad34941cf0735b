import { randomUUID } from 'node:crypto';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openSalesforceSandbox } from '../../../sandbox/salesforce/open-sandbox.ts';
import { digestOfText } from '../../../store/audit-text.ts';
import { registerConnection, readConnection } from '../../../store/connection.ts';
import { expectWebhooks, noteDelivery, saveEventStream, takeEventStream, type StreamChange } from '../../../store/event-stream.ts';
import type { Database } from '../../../store/database.ts';
import { countPushes } from '../../../store/push-queue.ts';
import { findIssue, raiseIssue, type NewIssue } from '../../../store/sync-issue.ts';
import { createDecisionStage } from '../../support/decision-stage.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { runCommand, widthOf, type CommandRun } from './run-command.ts';

// Each command is a process of its own.
jest.setTimeout(120_000);

const NOW = '2026-11-23T15:00:00.000Z';

let postgres: TestPostgres;
let db: Database;
let environment: Readonly<Record<string, string>>;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const opened = await postgres.openEmpty();
  db = opened.db;
  environment = { DATABASE_URL: opened.url };
  await registerConnection(db, 'salesforce', NOW);
}, 60_000);

afterAll(() => postgres.stop());

/** What a command printed as JSON; it must have succeeded and said nothing else. */
async function json(...args: readonly string[]): Promise<unknown> {
  const { exitCode, stdout, stderr } = await runCommand([...args, '--json'], environment);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return JSON.parse(stdout);
}

async function failing(...args: readonly string[]): Promise<CommandRun> {
  const ended = await runCommand(args, environment);
  expect(ended.exitCode).toBe(1);
  expect(ended.stderr).toContain('Remedy: ');
  return ended;
}

let raised = 0;

/** Each issue is a second younger than the one before, so that lists have an order. */
async function raise(changes: Partial<NewIssue> = {}): Promise<string> {
  const id = randomUUID();
  const issue: NewIssue = {
    connection: 'salesforce',
    objectType: 'registration',
    localId: randomUUID(),
    remoteId: null,
    category: 'invalid_value',
    code: 'CRM_VALUE_INVALID',
    message: 'Estimated Value: data value too large: a sentence that the CRM wrote, long enough to need more than one line of the terminal',
    remedy: 'Mend the value that the CRM names, or relax its rule, then retry.',
    ...changes,
  };
  await db.transaction().execute((trx) => raiseIssue(trx, id, issue, new Date(Date.parse(NOW) + 1_000 * raised++).toISOString()));
  return id;
}

describe('program explain', () => {
  it('shows the trace for insiders and, on demand, without a rival for partners', async () => {
    const stage = createDecisionStage(db);
    const first = await stage.receiveAndEvaluate({ customer: { name: 'Umbra Works', domain: 'umbra-works.example' } });
    const second = await stage.receiveAndEvaluate({ customer: { name: 'Umbra Works', domain: 'umbra-works.example' } });
    const internal = await json('program', 'explain', second.registrationId);
    expect(internal).toMatchObject({
      registrationId: second.registrationId,
      audience: 'internal',
      outcome: 'deny',
      programVersion: '2026.1',
    });
    expect(JSON.stringify(internal)).toContain(first.registrationId);
    const partner = await json('program', 'explain', second.registrationId, '--audience', 'partner');
    expect(partner).toMatchObject({ audience: 'partner', outcome: 'deny' });
    expect(JSON.stringify(partner)).not.toContain(first.registrationId);

    const { stdout } = await runCommand(['program', 'explain', second.registrationId], environment);
    expect(stdout).toMatch(/^deny: {2}registration /);
    expect(stdout).toMatch(/^C02_active_protection +yes +/m);
    expect(widthOf(stdout)).toBeLessThanOrEqual(100);
  });

  it('says that there is no such registration', async () => {
    const { stderr } = await failing('program', 'explain', randomUUID());
    expect(stderr).toContain('There is no registration');
  });
});

const HEARD: StreamChange = {
  channels: ['/data/Dealkeeper__chn'],
  positions: { '/data/Dealkeeper__chn': '4711' },
  heardAt: new Date().toISOString(),
  lastEventAt: new Date().toISOString(),
};

describe('sync', () => {
  it('shows every connection with each kind of record', async () => {
    const kinds = ['user', 'account', 'partner', 'opportunity', 'registration', 'task'];
    const objects = kinds.map(
      (objectType) => expect.objectContaining({ objectType, lagSeconds: null, pendingOut: expect.any(Number) }) as unknown,
    );
    const state = {
      name: 'salesforce',
      state: 'running',
      reason: null,
      calls: { today: 0, limit: null, held: null, resetsAt: null },
      events: null,
    };
    expect(await json('sync', 'status')).toEqual({ connections: [{ ...state, objects }] });
    const { stdout } = await runCommand(['sync', 'status'], environment);
    expect(stdout).toMatch(
      /^salesforce: {2}running\n {2}changes: +polled; nobody has listened yet\nRECORDS +TO WRITE +OPEN ISSUES +LAST READ\nuser +\d+ +\d+ +never\n/,
    );
  });

  it('says of a portal that calls us when its last delivery came', async () => {
    await registerConnection(db, 'hubspot', NOW);
    await expectWebhooks(db, 'hubspot', NOW);
    const changes = async (): Promise<string> =>
      /^hubspot: [^]*?changes: +(.*)$/m.exec((await runCommand(['sync', 'status'], environment)).stdout)?.[1] ?? '';
    expect(await changes()).toBe('told by webhooks; none came yet');
    await noteDelivery(db, 'hubspot', new Date().toISOString(), '2026-11-23T15:00:00.000Z');
    expect(await changes()).toMatch(/^told by webhooks; the last delivery \d+ s ago, last event \d+ s ago$/);
    // The API that starts again forgets nothing.
    await expectWebhooks(db, 'hubspot', NOW);
    expect(await changes()).toMatch(/the last delivery \d+ s ago/);
    await db.deleteFrom('connection_state').where('connection', '=', 'hubspot').execute();
  });

  it.each<[string, StreamChange, RegExp]>([
    ['heard', { ...HEARD, state: 'listening' }, /changes: +heard by \/data\/Dealkeeper__chn at 4711; last event \d+ s ago\n/],
    [
      'silent',
      { ...HEARD, state: 'listening', heardAt: '2026-01-01T00:00:00.000Z' },
      /changes: +polled; whoever listened is silent; last event/,
    ],
    [
      'away',
      {
        state: 'away',
        code: 'CRM_EVENTS_EXHAUSTED',
        message: 'the daily limit',
        remedy: 'Nothing is lost.',
        retryAt: '2026-11-28T10:00:00.000Z',
      },
      /changes: +polled \(CRM_EVENTS_EXHAUSTED: the daily limit\); tried again at\s+2026-11-28T10:00:00.000Z\.\s+Nothing is lost\./,
    ],
    ['off', { state: 'off' }, /changes: +polled; change events are switched off\n/],
  ])('says how changes are %s', async (_how, change, words) => {
    await takeEventStream(db, 'salesforce', 'listener', new Date().toISOString());
    await saveEventStream(db, 'salesforce', 'listener', change);
    const { stdout } = await runCommand(['sync', 'status'], environment);
    expect(stdout).toMatch(words);
    expect(widthOf(stdout)).toBeLessThanOrEqual(100);
    await db.deleteFrom('event_stream').execute();
  });

  it('lists open issues with what to do, within the width of a terminal, and retries one', async () => {
    const id = await raise();
    const listed = (await json('sync', 'issues')) as { items: readonly unknown[]; nextCursor: unknown };
    expect(listed).toEqual({
      items: [expect.objectContaining({ id, category: 'invalid_value', attempts: 1, status: 'open' })],
      nextCursor: null,
    });
    const { stdout } = await runCommand(['sync', 'issues'], environment);
    expect(stdout).toContain(`${id}:  open, invalid_value, tried once`);
    expect(widthOf(stdout)).toBeLessThanOrEqual(100);

    const before = await countPushes(db, 'salesforce', 'registration');
    expect(await json('sync', 'retry', id)).toMatchObject({ id, status: 'resolved' });
    expect(await countPushes(db, 'salesforce', 'registration')).toBe(before + 1);
    expect(await json('sync', 'issues')).toEqual({ items: [], nextCursor: null });
    const again = await failing('sync', 'retry', id);
    expect(again.stderr).toContain('The issue is resolved already.');
  });

  it('skips an issue, and finds it by its status and connection', async () => {
    const id = await raise({ localId: null, remoteId: 'a000000000000001AAA' });
    expect(await json('sync', 'skip', id)).toMatchObject({ id, status: 'skipped' });
    expect((await findIssue(db, id))?.status).toBe('skipped');
    expect(await json('sync', 'issues', '--status', 'skipped', '--connection', 'salesforce')).toMatchObject({ items: [{ id }] });
    expect(await json('sync', 'issues', '--status', 'skipped', '--connection', 'elsewhere')).toMatchObject({ items: [] });
    const first = (await json('sync', 'issues', '--status', 'all', '--limit', '1')) as { items: object[]; nextCursor: string };
    expect(first.items).toHaveLength(1);
    expect(await json('sync', 'issues', '--status', 'all', '--cursor', first.nextCursor)).toMatchObject({ items: [{ id }] });
  });

  it('pauses and resumes a connection, says why, and leaves a trace of both', async () => {
    expect(await json('sync', 'pause', 'salesforce', '--reason', 'the org is being rebuilt')).toEqual({
      name: 'salesforce',
      state: 'paused',
      reason: 'the org is being rebuilt',
      before: 'running',
    });
    expect(await readConnection(db, 'salesforce')).toMatchObject({ state: 'paused', reason: 'the org is being rebuilt' });
    expect((await runCommand(['sync', 'status'], environment)).stdout).toContain('salesforce:  paused (the org is being rebuilt)');
    expect(await json('sync', 'resume', 'salesforce')).toMatchObject({ state: 'running', reason: null, before: 'paused' });
    expect(await readConnection(db, 'salesforce')).toMatchObject({ state: 'running', reason: null });

    const audit = (await json('audit', 'list', 'connection/salesforce')) as { items: readonly unknown[] };
    expect(audit.items).toEqual([
      {
        at: expect.any(String) as unknown,
        subject: 'connection/salesforce',
        kind: 'paused',
        actor: 'command line',
        position: 1,
        details: { from: 'running', to: 'paused', reasonDigest: digestOfText('the org is being rebuilt') },
      },
      expect.objectContaining({ kind: 'resumed', position: 2, details: { from: 'paused', to: 'running' } }),
    ]);
    expect((await runCommand(['audit', 'list', 'connection/salesforce'], environment)).stdout).toMatch(
      /^# +AT +WHAT +BY +DETAILS\n1 {2}\S+Z {2}paused /,
    );
  });

  it('knows a connection by its name alone', async () => {
    const { stderr } = await failing('sync', 'pause', 'hubspot', '--reason', 'no such thing');
    expect(stderr).toContain('There is no connection "hubspot".\nRemedy: name one of: salesforce.');
    expect((await json('audit', 'list', 'connection/hubspot')) as object).toEqual({ items: [] });
  });

  it('says what to do about a database that was never brought up to date', async () => {
    const empty = new URL(environment['DATABASE_URL'] ?? '');
    empty.pathname = '/template1';
    const { exitCode, stderr } = await runCommand(['sync', 'status'], { DATABASE_URL: empty.href });
    expect([exitCode, stderr]).toEqual([
      1,
      'The database has no tables yet.\nRemedy: start an API or a worker on it once: they bring it up to date.\n',
    ]);
  });
});

describe('connections check', () => {
  async function checkAgainst(metadataRoot: string | null, token: string, ...options: readonly string[]): Promise<CommandRun> {
    const sandbox = await openSalesforceSandbox({ port: 0, dataFile: ':memory:', metadataRoot, sampleFile: null, seed: 1 });
    try {
      return await runCommand(['connections', 'check', ...options], {
        SALESFORCE_INSTANCE_URL: sandbox.url,
        SALESFORCE_ACCESS_TOKEN: token,
      });
    } finally {
      await sandbox.close();
    }
  }

  it('finds that the shipped objects fit, and shows the calls used', async () => {
    const { exitCode, stdout } = await checkAgainst('crm/salesforce/force-app', '00D000000000001!integration');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^salesforce: {2}signed in as integration@acme\.example; \d+ of 500000 calls used today\n/);
    expect(stdout).toMatch(/^registration +Deal_Registration__c +\d+ +fits$/m);
    expect(stdout).toMatch(/^opportunity, written +Opportunity +\d+ +fits$/m);
  });

  it('names each object that the org has not, and goes on with the others', async () => {
    const { exitCode, stdout, stderr } = await checkAgainst(null, '00D000000000001!integration');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^registration +Deal_Registration__c +\d+ +Deal_Registration__c is no object of this CRM/m);
    expect(stdout).toContain('`provision`');
    expect(stdout).toMatch(/^partner +Account +\d+ +Partner_Id__c Account has no such field/m);
    expect(stderr).toContain('a worker would not start');
  });

  it('says why the sign-in failed', async () => {
    const { exitCode, stderr } = await checkAgainst('crm/salesforce/force-app', '00D000000000001!nobody');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^The connection does not work: CRM_AUTH_FAILED: .*\nRemedy: Check the credentials/);
  });

  it('lets an org pass that has no tasks of ours yet, and says what they need', async () => {
    const folder = makeTemporaryFolder('metadata');
    cpSync('crm/salesforce/force-app', folder.path, { recursive: true });
    rmSync(join(folder.path, 'main/default/objects/Activity'), { recursive: true });
    try {
      const { exitCode, stdout } = await checkAgainst(folder.path, '00D000000000001!integration');
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/^task +Task +\d+ +not synced, all else is: Question_Id__c Task has$/m);
    } finally {
      folder.remove();
    }
  });

  it('names each field that the org has not, and exits 1', async () => {
    const folder = makeTemporaryFolder('metadata');
    cpSync('crm/salesforce/force-app', folder.path, { recursive: true });
    rmSync(join(folder.path, 'main/default/objects/Account/fields/Partner_Tier__c.field-meta.xml'));
    try {
      const { exitCode, stdout, stderr } = await checkAgainst(folder.path, '00D000000000001!integration', '--json');
      expect(exitCode).toBe(1);
      const checked = JSON.parse(stdout) as {
        connections: readonly { objects: readonly { objectType: string; problems: readonly object[] }[] }[];
      };
      const found = checked.connections.flatMap(({ objects }) => objects.filter(({ problems }) => problems.length > 0));
      expect(found).toEqual([
        expect.objectContaining({ objectType: 'partner', problems: [expect.objectContaining({ field: 'Partner_Tier__c' })] }),
      ]);
      expect(stderr).toBe(
        '1 field does not fit the mapping; a worker would not start.\n' +
          'Remedy: do what stands beside each field and check again; `provision --connection <name>` makes what is missing.\n',
      );
    } finally {
      folder.remove();
    }
  });

  it('names what conversion lacks, without which a worker starts all the same', async () => {
    const folder = makeTemporaryFolder('metadata');
    cpSync('crm/salesforce/force-app', folder.path, { recursive: true });
    rmSync(join(folder.path, 'main/default/objects/Opportunity/fields/Primary_Registration__c.field-meta.xml'));
    try {
      const { exitCode, stdout, stderr } = await checkAgainst(folder.path, '00D000000000001!integration');
      expect([exitCode, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^opportunity, written +Opportunity +\d+ +not synced, all else is: Primary_Registration__c\s/m);
    } finally {
      folder.remove();
    }
  });
});
