import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bearer, OBJECTS } from './opened-portal.ts';

// Every test starts the command anew.
jest.setTimeout(60_000);

let running: ChildProcess | null = null;
afterEach(async () => {
  if (running?.exitCode !== null) return;
  running.kill('SIGKILL');
  await once(running, 'close');
});

/** Starts the command and gives its address once it says that it is ready. */
async function start(...options: string[]): Promise<string> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'sandbox/main.ts', 'hubspot', '--port', '0', ...options]);
  running = child;
  let output = '';
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const url = /^ready (\S+)$/m.exec(output)?.[1];
        if (url !== undefined) resolve(url);
      });
    child.once('close', () => reject(new Error(`The sandbox ended: ${output}`)));
  });
}

async function stop(): Promise<unknown> {
  running?.kill('SIGTERM');
  const [code] = running === null ? [null] : await once(running, 'close');
  return code;
}

async function read(url: string, path: string) {
  const response = await fetch(url + path, { headers: bearer('integration') });
  return (await response.json()) as { total: number; results: { id: string; properties: Record<string, string | null> }[] };
}

it('starts with the sample, which searches find at once, and stops on SIGTERM', async () => {
  const url = await start();
  const { results } = await read(url, `${OBJECTS}/deals?limit=100&associations=companies`);
  expect(results).toHaveLength(100);
  expect(results[0]).toMatchObject({
    properties: { dealstage: expect.any(String), amount: expect.stringMatching(/^\d+/) },
    associations: { companies: { results: [{ type: 'deal_to_company' }, { type: 'deal_to_company_unlabeled' }] } },
  });
  const headers = { ...bearer('rep'), 'content-type': 'application/json' };
  const search = await fetch(`${url}${OBJECTS}/companies/search`, { method: 'POST', headers, body: '{}' });
  expect(await search.json()).toMatchObject({ total: 400 });
  expect(await stop()).toBe(0);
});

it('has what we ship for a portal, as if it had been provisioned; --bare has nothing of it', async () => {
  const made = await start('--empty');
  expect(await read(made, `${OBJECTS}/deal_registration`)).toEqual({ results: [] });
  const { results } = await read(made, '/crm/v4/associations/deal_registration/companies/labels');
  expect(results).toEqual(
    expect.arrayContaining([expect.objectContaining({ label: 'Partner' }), expect.objectContaining({ label: 'Customer' })]),
  );
  await stop();
  const bare = await start('--bare');
  expect(await read(bare, `${OBJECTS}/deal_registration`)).toMatchObject({ status: 'error' });
});

it('--empty has no records, and --data keeps what was made', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hubspot-sandbox-'));
  try {
    const first = await start('--empty', '--data', folder);
    expect((await read(first, `${OBJECTS}/companies`)).results).toEqual([]);
    const headers = { ...bearer('rep'), 'content-type': 'application/json' };
    const body = JSON.stringify({ properties: { name: 'Kept' } });
    await fetch(`${first}${OBJECTS}/companies`, { method: 'POST', headers, body });
    await stop();
    const second = await start('--empty', '--data', folder);
    expect((await read(second, `${OBJECTS}/companies`)).results).toMatchObject([{ properties: { name: 'Kept' } }]);
    await stop();
    const sample = await start('--data', folder);
    expect((await read(sample, `${OBJECTS}/companies?limit=1`)).results[0]?.properties['name']).not.toBe('Kept');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
