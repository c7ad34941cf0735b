import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bearer, DATA } from './opened-org.ts';

// Every test starts the command anew.
jest.setTimeout(60_000);

const HEADERS = { ...bearer('rep'), 'content-type': 'application/json' };

interface Run {
  readonly child: ChildProcess;
  /** Everything printed so far. */
  readonly output: () => string;
  /** Resolves to the exit code, null after a signal that was not handled. */
  readonly ended: Promise<number | null>;
}

function run(...options: readonly string[]): Run {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'sandbox/main.ts', ...options]);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output, ended: once(child, 'close').then(([code]) => code as number | null) };
}

/** The address of a sandbox that has printed that it is ready. */
async function ready({ child, output, ended }: Run): Promise<string> {
  while (!output().includes('ready ')) {
    const more = await Promise.race([once(child.stdout ?? child, 'data').then(() => true), ended.then(() => false)]);
    if (!more) throw new Error(`The sandbox ended: ${output()}`);
  }
  return /^ready (\S+)$/m.exec(output())?.[1] ?? '';
}

async function countOf(url: string, object: string): Promise<number> {
  const response = await fetch(`${url}${DATA}/query?q=${encodeURIComponent(`SELECT COUNT() FROM ${object}`)}`, { headers: HEADERS });
  return ((await response.json()) as { totalSize: number }).totalSize;
}

describe('npm run sandbox -- salesforce', () => {
  const data = mkdtempSync(join(tmpdir(), 'sandbox-command-'));
  afterAll(() => rmSync(data, { recursive: true }));

  it('prints one line when it takes calls, has users and no records under --empty, and stops on SIGTERM', async () => {
    const sandbox = run('salesforce', '--port', '0', '--empty');
    const url = await ready(sandbox);
    expect([await countOf(url, 'User'), await countOf(url, 'Account')]).toEqual([6, 0]);
    sandbox.child.kill('SIGTERM');
    expect([await sandbox.ended, sandbox.output()]).toEqual([0, `ready ${url}\n`]);
  });

  it('has nothing deployed under --bare', async () => {
    const sandbox = run('salesforce', '--port', '0', '--bare');
    const url = await ready(sandbox);
    const response = await fetch(`${url}${DATA}/sobjects/Deal_Registration__c/describe`, { headers: HEADERS });
    expect([await countOf(url, 'User'), response.status]).toEqual([6, 404]);
    sandbox.child.kill('SIGTERM');
    await sandbox.ended;
  });

  it('has the sample, and what was written to it survives SIGKILL', async () => {
    const first = run('salesforce', '--port', '0', '--data', data);
    const url = await ready(first);
    const sampled = await countOf(url, 'Account');
    expect(sampled).toBeGreaterThan(0);
    const created = await fetch(`${url}${DATA}/sobjects/Account`, { method: 'POST', headers: HEADERS, body: '{"Name":"Kept"}' });
    expect(created.status).toBe(201);
    first.child.kill('SIGKILL');
    await first.ended;
    const second = run('salesforce', '--port', '0', '--data', data);
    expect(await countOf(await ready(second), 'Account')).toBe(sampled + 1);
    second.child.kill('SIGINT');
    expect(await second.ended).toBe(0);
  });

  it('says in a sentence that its port is taken', async () => {
    const first = run('salesforce', '--port', '0', '--empty');
    const { port } = new URL(await ready(first));
    const second = run('salesforce', '--port', port, '--empty');
    expect([await second.ended, second.output()]).toEqual([
      1,
      `Port ${port} is in use. Stop what uses it, or choose another with --port.\n`,
    ]);
    first.child.kill('SIGTERM');
    await first.ended;
  });

  it.each([
    [['salesforce', '--public-url', 'localhost:4143'], 1, 'expected an address without a path'],
    [['salesforce', '--port', '0', '--tls-cert', 'package.json'], 1, 'https needs both --tls-cert and --tls-key'],
    [['salesforce', '--tls-key', 'nowhere.pem'], 1, 'cannot be read (ENOENT); expected a PEM file'],
    [['salesforce', '--port', '70000'], 1, 'expected a whole number, 0–65535'],
  ])('refuses %j plainly', async (options, code, words) => {
    const refused = run(...options);
    expect([await refused.ended, refused.output()]).toEqual([code, expect.stringContaining(words)]);
  });
});
