import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import { findFreePort } from '../../../workers/embedded/port.ts';
import { startPostgres, type EmbeddedPostgres } from '../../../workers/embedded/postgres.ts';
import { keptDataFolder } from '../../../workers/embedded/postgres-place.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

jest.setTimeout(60_000);

describe('startPostgres, in a folder that only its owner may enter', () => {
  const folder = makeTemporaryFolder('postgres');
  const dataDir = join(folder.path, 'data');
  const said: string[] = [];
  let server: EmbeddedPostgres | null = null;

  async function start(): Promise<EmbeddedPostgres> {
    said.length = 0;
    const options = {
      dataDir,
      projectRoot: process.cwd(),
      port: await findFreePort(),
      logFile: join(dataDir, 'logs', 'postgres.log'),
      say: (line: string) => said.push(line),
    };
    server = await startPostgres(options);
    return server;
  }

  async function query(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text)).rows;
    } finally {
      await client.end();
    }
  }

  afterEach(async () => {
    await server?.stop();
    server = null;
  });
  afterAll(folder.remove);

  it('makes a database in UTF-8 that sorts alike everywhere, for the loopback and a password alone', async () => {
    const { url } = await start();
    expect(
      await query(
        url,
        'select pg_encoding_to_char(encoding) as encoding, datlocprovider, datlocale from pg_database where datname = current_database()',
      ),
    ).toEqual([{ encoding: 'UTF8', datlocprovider: 'b', datlocale: 'C.UTF-8' }]);
    expect(await query(url, "select current_setting('listen_addresses') as listen")).toEqual([{ listen: '127.0.0.1' }]);
    await expect(query(url.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toThrow(/password authentication failed/);
    expect(statSync(join(dataDir, 'postgres-password')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(dataDir, 'logs', 'postgres.log'), 'utf8')).not.toContain(new URL(url).password);
    await query(url, "create table kept (what text); insert into kept values ('before the stop')");
  });

  it('goes on with the same rows after a stop', async () => {
    const { url } = await start();
    expect(said).toEqual([]);
    expect(await query(url, 'select what from kept')).toEqual([{ what: 'before the stop' }]);
    await query(url, "insert into kept values ('before the kill')");
  });

  it('recovers with a sentence after it was killed', async () => {
    const first = await start();
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    const { url } = await start();
    expect(said).toEqual([expect.stringContaining(`process ${first.pid} is gone`)]);
    expect(await query(url, 'select count(*)::int as rows from kept')).toEqual([{ rows: 2 }]);
  });

  it('is not fooled by a lock file whose id belongs to another program now', async () => {
    await (await start()).stop();
    const other = spawn('sleep', ['600']);
    try {
      const lockFile = join(keptDataFolder(dataDir) ?? '', 'postmaster.pid');
      writeFileSync(lockFile, `${other.pid}\n${keptDataFolder(dataDir)}\n0\n5432\n\n127.0.0.1\n         0         0\nready\n`);
      const { url } = await start();
      expect(said).toEqual([expect.stringContaining(`process ${other.pid} is gone`)]);
      expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
      expect(other.exitCode).toBeNull();
    } finally {
      other.kill();
    }
  });

  it('stops a server that an earlier run left behind', async () => {
    const left = await start();
    const { url } = await start();
    await left.ended;
    expect(said).toEqual([expect.stringContaining(`process ${left.pid}) is still there`)]);
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('says which variable to set when the port is in use, and leaves the rows alone', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const address = holder.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const attempt = startPostgres({
      dataDir,
      projectRoot: process.cwd(),
      port,
      logFile: join(dataDir, 'logs', 'postgres.log'),
      say: () => undefined,
    });
    await expect(attempt).rejects.toMatchObject({
      message: `Port ${port} for PostgreSQL is in use by another program.`,
      remedy: expect.stringContaining('POSTGRES_PORT') as string,
    });
    holder.close();
    const { url } = await start();
    expect(await query(url, 'select count(*)::int as rows from kept')).toEqual([{ rows: 2 }]);
  });

  it('begins anew where the data folder was deleted', async () => {
    await (await start()).stop();
    folder.remove();
    const { url } = await start();
    expect(await query(url, "select to_regclass('kept') as kept")).toEqual([{ kept: null }]);
    expect(existsSync(join(dataDir, 'postgres.json'))).toBe(true);
  });
});
