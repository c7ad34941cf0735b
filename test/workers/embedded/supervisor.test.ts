import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readConfiguration } from '../../../workers/config.ts';
import { renderClosingTable } from '../../../workers/embedded/closing-table.ts';
import { identifyProcess } from '../../../workers/embedded/process-identity.ts';
import { openProgress } from '../../../workers/embedded/progress.ts';
import { createSupervisor, type Supervisor } from '../../../workers/embedded/supervisor.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

jest.setTimeout(60_000);

/** A program that listens and answers 200 to everything; its first argument that is a number, else PORT, is the port. */
const STAND_IN = `
import { createServer } from 'node:http';
const port = Number(process.argv.find((argument) => /^[0-9]+$/.test(argument)) ?? process.env.PORT);
const server = createServer((_request, response) => response.end('{}')).listen(port, '127.0.0.1');
const stop = () => { server.close(() => process.exit(0)); server.closeAllConnections(); };
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
`;
const WORKER =
  "process.once('SIGTERM', () => process.exit(0)); process.once('SIGINT', () => process.exit(0)); setInterval(() => undefined, 1000);\n";

interface RunFile {
  readonly pid: number;
  readonly parts: readonly { readonly name: string; readonly pid: number }[];
  readonly ports: Readonly<Record<string, number>>;
}

describe('the embedded run, with stand-ins for the API, the worker and the sandbox', () => {
  const folder = makeTemporaryFolder('embedded');
  const dataDir = join(folder.path, 'data');
  const said: string[] = [];
  const progress = openProgress({ write: (text: string) => said.push(text) });
  const running: Supervisor[] = [];

  beforeAll(() => {
    const files = {
      'workers/api.ts': STAND_IN,
      'workers/worker.ts': WORKER,
      'sandbox/main.ts': STAND_IN,
      'package.json': '{"type":"module"}',
    };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(folder.path, path, '..'), { recursive: true });
      writeFileSync(join(folder.path, path), text);
    }
    symlinkSync(join(process.cwd(), 'node_modules'), join(folder.path, 'node_modules'));
  });
  beforeEach(() => {
    said.length = 0;
  });
  afterEach(async () => {
    for (const supervisor of running.splice(0)) await supervisor.stop();
  });
  afterAll(() => {
    progress.close();
    folder.remove();
  });

  /** Every port is free, and Temporal is said to be elsewhere, so that none is started. */
  function supervise(environment: Readonly<Record<string, string>> = {}): Supervisor {
    const ports = {
      PORT: '0',
      METRICS_PORT: '0',
      POSTGRES_PORT: '0',
      SALESFORCE_SANDBOX_PORT: '0',
      HUBSPOT_SANDBOX_PORT: '0',
      CONNECTIONS: 'salesforce',
    };
    const reading = readConfiguration(['embedded', 'connections', 'machine', 'log'], {
      DATA_DIR: dataDir,
      TEMPORAL_ADDRESS: '127.0.0.1:1',
      ...ports,
      ...environment,
    });
    if (reading.kind === 'invalid') throw new Error(reading.problems.join('\n'));
    const supervisor = createSupervisor(reading.configuration, folder.path, progress);
    running.push(supervisor);
    return supervisor;
  }

  const runFile = () => JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8')) as RunFile;
  const pidOf = (name: string) => runFile().parts.find((part) => part.name === name)?.pid ?? 0;

  it('comes up, says where it is, keeps its token, and stops with nothing left behind', async () => {
    const context = await supervise().start();
    expect((await fetch(`${context.apiUrl}/readyz`)).status).toBe(200);
    expect(context).toMatchObject({ isFirstRun: true, temporalAddress: '127.0.0.1:1', temporalUiUrl: null, dataDir });
    expect(runFile().parts.map((part) => part.name)).toEqual(['PostgreSQL', 'The Salesforce sandbox', 'The worker', 'The API']);
    expect(readFileSync(join(dataDir, 'run.json'), 'utf8')).not.toContain(context.apiToken);
    for (const file of ['run.json', 'api-token', 'postgres-password']) expect(statSync(join(dataDir, file)).mode & 0o777).toBe(0o600);
    const table = renderClosingTable(context, { done: ['one thing'], tries: ['another'] });
    for (const expected of [context.apiUrl, context.apiToken, context.salesforceSandboxUrl ?? '', 'one thing', '1. another'])
      expect(table).toContain(expected);

    const pids = runFile().parts.map((part) => part.pid);
    await running.splice(0)[0]?.stop();
    expect(pids.map((pid) => identifyProcess(pid))).toEqual([null, null, null, null]);
    expect(existsSync(join(dataDir, 'run.json')) || existsSync(join(dataDir, 'run.lock'))).toBe(false);

    const second = await supervise().start();
    expect(second).toMatchObject({ isFirstRun: false, apiToken: context.apiToken });
  });

  it.each<[string, string, readonly string[]]>([
    ['both where nothing is said', '', ['The HubSpot sandbox', 'The Salesforce sandbox']],
    ['that of HubSpot where it alone is named', 'hubspot', ['The HubSpot sandbox']],
  ])('starts the sandboxes that are wanted: %s', async (_which, CONNECTIONS, expected) => {
    const context = await supervise({ CONNECTIONS }).start();
    const names = runFile().parts.map((part) => part.name);
    expect(names.filter((name) => name.endsWith('sandbox')).toSorted()).toEqual(expected);
    expect([context.salesforceSandboxUrl !== null, context.hubspotSandboxUrl !== null]).toEqual([CONNECTIONS === '', true]);
    expect(renderClosingTable(context, { done: [], tries: [] })).toContain(context.hubspotSandboxUrl ?? 'no address');
  });

  it('starts no sandbox beside a CRM of the user, unless it is named', async () => {
    const org = { SALESFORCE_INSTANCE_URL: 'http://127.0.0.1:1', SALESFORCE_ACCESS_TOKEN: 't' };
    expect(await supervise({ ...org, CONNECTIONS: '' }).start()).toMatchObject({ salesforceSandboxUrl: null, hubspotSandboxUrl: null });
    await running.splice(0)[0]?.stop();
    const both = await supervise({ ...org, CONNECTIONS: 'salesforce,hubspot' }).start();
    expect(both).toMatchObject({ salesforceSandboxUrl: null, hubspotSandboxUrl: expect.stringMatching(/^http:/) });
  });

  it('starts a part again when it dies, with a notice', async () => {
    const context = await supervise().start();
    const worker = pidOf('The worker');
    process.kill(worker, 'SIGKILL');
    while (pidOf('The worker') === worker || pidOf('The worker') === 0) await delay(50);
    expect(said.join('')).toContain('The worker ended unexpectedly and is started again (1 of 5)');
    expect(readFileSync(join(dataDir, 'run.json'), 'utf8')).toContain(String(pidOf('The API')));
    expect((await fetch(`${context.apiUrl}/readyz`)).status).toBe(200);
  });

  it('refuses a second run on the same data folder, naming the process, and leaves the first alone', async () => {
    const context = await supervise().start();
    const second = supervise();
    await expect(second.start()).rejects.toThrow(`Dealkeeper already runs on ${dataDir} (process ${process.pid}).`);
    await second.stop();
    expect((await fetch(`${context.apiUrl}/readyz`)).status).toBe(200);
  });

  it('cleans up after a run that died: its lock and the processes it left', async () => {
    const orphan = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const [dead] = [spawn(process.execPath, ['-e', ''])];
    const identity = identifyProcess(dead.pid ?? 0);
    await once(dead, 'close');
    writeFileSync(join(dataDir, 'run.lock'), JSON.stringify(identity));
    const orphanIdentity = identifyProcess(orphan.pid ?? 0);
    const parts = [{ name: 'The worker', pid: orphan.pid, stamp: orphanIdentity?.stamp ?? null }];
    writeFileSync(join(dataDir, 'run.json'), JSON.stringify({ pid: dead.pid, parts, ports: {}, urls: {} }));
    const gone = once(orphan, 'close');
    await supervise().start();
    await gone;
    expect(said.join('')).toContain(`The last run (process ${dead.pid}) did not end properly`);
    expect(said.join('')).toContain(`The worker of the last run (process ${orphan.pid}) is still there`);
  });

  it('names every port in use at once and starts nothing', async () => {
    const holders = [createServer().listen(0, '127.0.0.1'), createServer().listen(0, '127.0.0.1')];
    const ports = await Promise.all(
      holders.map(async (holder) => {
        await once(holder, 'listening');
        const address = holder.address();
        return typeof address === 'object' && address !== null ? String(address.port) : '';
      }),
    );
    const supervisor = supervise({ PORT: ports[0] ?? '', POSTGRES_PORT: ports[1] ?? '' });
    await expect(supervisor.start()).rejects.toThrow(
      `Port ${ports[0]} for the API is in use by another program.\nPort ${ports[1]} for PostgreSQL`,
    );
    expect(existsSync(join(dataDir, 'run.json'))).toBe(false);
    for (const holder of holders) holder.close();
  });

  it('stops in the middle of a start', async () => {
    const supervisor = supervise();
    const start = supervisor.start().catch((error: unknown) => error);
    while (!existsSync(join(dataDir, 'run.json'))) await delay(10);
    const pids = runFile().parts.map((part) => part.pid);
    await supervisor.stop();
    expect(await start).toBeInstanceOf(Error);
    expect(pids.map((pid) => identifyProcess(pid))).toEqual(pids.map(() => null));
    expect(existsSync(join(dataDir, 'run.lock'))).toBe(false);
  });
});
