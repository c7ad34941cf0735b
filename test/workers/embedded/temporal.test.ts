import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { findFreePort } from '../../../workers/embedded/port.ts';
import { openProgress } from '../../../workers/embedded/progress.ts';
import { findOnPath, findTemporal, isRecentTemporal } from '../../../workers/embedded/temporal-binary.ts';
import { SEARCH_ATTRIBUTES, startTemporal } from '../../../workers/embedded/temporal-server.ts';
import { describeWith, findServers } from '../../support/find-servers.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

jest.setTimeout(60_000);

describe('isRecentTemporal', () => {
  it.each([
    ['temporal version 1.5.0 (Server 1.29.0, UI 2.41.0)', true],
    ['temporal version 1.4.9 (Server 1.28.0, UI 2.39.0)', false],
    ['temporal version 2.0.0 (Server 1.40.0, UI 3.0.0)', true],
    ['temporal version 1.10.0 (Server 1.33.0, UI 2.50.0)', true],
    ['temporal version 0.0.0-DEV (Server 1.29.1, UI 2.42.1)', true],
    ['temporal version 0.0.0-DEV (Server 1.28.1, UI 2.42.1)', false],
    ['something else', false],
    ['', false],
  ])('"%s": %s', (line, isRecent) => {
    expect(isRecentTemporal(line)).toBe(isRecent);
  });
});

describe('findTemporal', () => {
  const folder = makeTemporaryFolder('tools');
  const progress = openProgress({ write: () => true });
  afterAll(() => {
    progress.close();
    folder.remove();
  });

  function program(name: string, versionLine: string): string {
    const path = join(folder.path, name, 'temporal');
    mkdirSync(join(folder.path, name));
    writeFileSync(path, `#!/bin/sh\necho '${versionLine}'\n`);
    chmodSync(path, 0o755);
    return path;
  }
  /** A machine with nothing but these folders on its PATH, and a project without the SDK: nothing is downloaded. */
  const search = (path: string, cache: string) => ({
    machine: { path, home: null, cacheHome: join(folder.path, cache) },
    projectRoot: folder.path,
    progress,
  });

  it('takes a program on the PATH that is recent enough', async () => {
    const path = program('recent', 'temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)');
    expect(await findTemporal(search(join(folder.path, 'recent'), 'cache-a'))).toBe(path);
  });

  it('passes over an old one, and takes what an earlier build kept', async () => {
    program('old', 'temporal version 1.4.0 (Server 1.28.0, UI 2.39.0)');
    const built = join(folder.path, 'cache-b', 'dealkeeper', 'temporal-1.5.1', 'temporal');
    mkdirSync(join(built, '..'), { recursive: true });
    writeFileSync(built, '');
    expect(await findTemporal(search(join(folder.path, 'old'), 'cache-b'))).toBe(built);
  });

  it('says what was tried and what to do where nothing can be had', async () => {
    await expect(findTemporal(search(join(folder.path, 'old'), 'cache-c'))).rejects.toMatchObject({
      message: 'A Temporal server is needed: the one on the PATH is older than 1.5, its download failed, and there is no Go to build one.',
      remedy: expect.stringContaining('TEMPORAL_ADDRESS') as string,
    });
    await expect(findTemporal(search('', 'cache-c'))).rejects.toThrow('none is on the PATH');
  });

  it('does not take a folder or a file without permission for a program', () => {
    mkdirSync(join(folder.path, 'trap', 'temporal'), { recursive: true });
    writeFileSync(join(folder.path, 'trap', 'go'), '');
    expect(findOnPath('temporal', join(folder.path, 'trap'))).toBeNull();
    expect(findOnPath('go', join(folder.path, 'trap'))).toBeNull();
  });
});

describeWith(findServers().temporal, 'startTemporal', (found) => {
  const folder = makeTemporaryFolder('temporal');
  afterAll(folder.remove);

  it('keeps its namespace and search attributes over a restart, and ends without a trace on its ports', async () => {
    const databaseFile = join(folder.path, 'temporal.db');
    const [port, uiPort] = [await findFreePort(), await findFreePort()];
    const options = { program: found, databaseFile, port, uiPort, namespace: 'default', logFile: join(folder.path, 'temporal.log') };
    for (const _round of ['first start', 'second start']) {
      const server = await startTemporal(options);
      try {
        const connection = await Connection.connect({ address: server.address });
        const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
        await connection.close();
        expect(Object.keys(customAttributes ?? {})).toEqual(expect.arrayContaining(Object.keys(SEARCH_ATTRIBUTES)));
        expect((await fetch(server.uiUrl ?? '')).status).toBe(200);
      } finally {
        await server.stop();
      }
      expect(existsSync(databaseFile)).toBe(true);
    }
  });

  it('fails with what the program said when it does not come up', async () => {
    const program = join(folder.path, 'broken');
    writeFileSync(program, '#!/bin/sh\necho "database is damaged" >&2\nexit 3\n');
    chmodSync(program, 0o755);
    const options = {
      program,
      databaseFile: join(folder.path, 'x.db'),
      port: await findFreePort(),
      uiPort: null,
      namespace: 'default',
      logFile: join(folder.path, 'x.log'),
    };
    await expect(startTemporal(options)).rejects.toThrow('The Temporal server did not start. The last it said:\ndatabase is damaged');
  });
});
