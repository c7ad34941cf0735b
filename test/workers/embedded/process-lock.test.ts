import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identifyProcess, isSameProcess } from '../../../workers/embedded/process-identity.ts';
import { tryLock, waitForLock } from '../../../workers/embedded/process-lock.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

describe('tryLock', () => {
  const folder = makeTemporaryFolder('lock');
  afterAll(folder.remove);

  it('holds until it is released, and leaves nothing behind', () => {
    const path = join(folder.path, 'a', 'run.lock');
    const first = tryLock(path);
    if (first.kind !== 'held') throw new Error('expected to hold the lock');
    expect(first.staleHolder).toBeNull();
    expect(tryLock(path)).toEqual({ kind: 'busy', holder: process.pid });
    first.release();
    expect(readdirSync(join(folder.path, 'a'))).toEqual([]);
    expect(tryLock(path).kind).toBe('held');
  });

  it('takes over from a process that died', async () => {
    const path = join(folder.path, 'dead.lock');
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const identity = identifyProcess(child.pid ?? 0);
    writeFileSync(path, JSON.stringify(identity));
    expect(tryLock(path)).toEqual({ kind: 'busy', holder: child.pid });
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(tryLock(path)).toMatchObject({ kind: 'held', staleHolder: child.pid });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid });
  });

  it('takes over where the id was given to another process since', () => {
    const path = join(folder.path, 'reused.lock');
    writeFileSync(path, JSON.stringify({ pid: process.pid, stamp: '1' }));
    // Where the system does not tell when a process began, the id alone decides.
    const canTell = identifyProcess(process.pid)?.stamp !== null;
    expect(tryLock(path).kind).toBe(canTell ? 'held' : 'busy');
  });

  it('takes over from a file that nobody can read', () => {
    const path = join(folder.path, 'torn.lock');
    writeFileSync(path, '{"pi');
    expect(tryLock(path)).toMatchObject({ kind: 'held', staleHolder: null });
  });

  it('lets one wait for another', async () => {
    const path = join(folder.path, 'wait.lock');
    const first = tryLock(path);
    if (first.kind !== 'held') throw new Error('expected to hold the lock');
    const release = await waitForLock(path, (holder) => {
      expect(holder).toBe(process.pid);
      first.release();
    });
    expect(existsSync(path)).toBe(true);
    release();
    expect(existsSync(path)).toBe(false);
  });
});

describe('isSameProcess', () => {
  it('knows this process, and no other under its id', () => {
    const identity = identifyProcess(process.pid);
    expect(identity).not.toBeNull();
    expect(isSameProcess({ pid: process.pid, stamp: identity?.stamp ?? null })).toBe(true);
    if (identity?.stamp !== null) expect(isSameProcess({ pid: process.pid, stamp: 'another' })).toBe(false);
  });
});
