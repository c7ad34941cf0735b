import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identifyProcess } from '../../workers/embedded/process-identity.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

jest.setTimeout(60_000);

const folder = makeTemporaryFolder('launch');
afterAll(folder.remove);
const launcher = join(process.cwd(), 'scripts', 'launch.js');

function program(name: string, source: string): string {
  const path = join(folder.path, `${name}.ts`);
  writeFileSync(path, source);
  return path;
}

describe('scripts/launch.js', () => {
  it('runs a TypeScript file on the bundled Node, hands the arguments on and answers with its exit code, without warnings', () => {
    const path = program(
      'plain',
      "import { DatabaseSync } from 'node:sqlite';\nnew DatabaseSync(':memory:');\nconst code: number = 7;\nconsole.log(process.version, process.argv.slice(2).join('|'));\nprocess.exitCode = code;\n",
    );
    const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, path, '--a', 'b c'], { encoding: 'utf8' });
    expect(stdout).toMatch(/^v24\.\d+\.\d+ --a\|b c\n$/);
    expect(stderr).toBe('');
    expect(status).toBe(7);
  });

  it.each([
    [['--bin', 'nothing-of-this-name'], 'No installed package has a program "nothing-of-this-name".'],
    [['workers/nowhere.ts'], 'There is no file workers/nowhere.ts in this clone.'],
    [[], 'Usage:'],
  ])('refuses %j with a sentence', (args, sentence) => {
    const { status, stderr } = spawnSync(process.execPath, [launcher, ...args], { encoding: 'utf8' });
    expect(stderr).toContain(sentence);
    expect(status).toBe(2);
  });

  it('passes a signal on exactly once, also when it arrives twice at once as from a terminal and npm', async () => {
    const path = program(
      'signals',
      "let seen = 0;\nprocess.on('SIGINT', () => (seen += 1));\nprocess.on('SIGTERM', () => { console.log(`seen ${seen}`); process.exit(3); });\nsetInterval(() => undefined, 1000);\nconsole.log('up');\n",
    );
    const child = spawn(process.execPath, [launcher, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    while (!said.includes('up')) await delay(20);
    child.kill('SIGINT');
    child.kill('SIGINT');
    await delay(100);
    child.kill('SIGINT');
    await delay(100);
    child.kill('SIGTERM');
    const [code] = (await once(child, 'close')) as [number];
    expect(said).toContain('seen 1');
    expect(code).toBe(3);
  });

  it('lets the program notice that the launcher was killed', async () => {
    const path = program(
      'orphan',
      "process.on('disconnect', () => process.exit(0));\nsetInterval(() => undefined, 1000);\nconsole.log(`pid ${process.pid}`);\n",
    );
    const child = spawn(process.execPath, [launcher, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    while (!/pid \d+/.test(said)) await delay(20);
    const pid = Number(/pid (\d+)/.exec(said)?.[1]);
    child.kill('SIGKILL');
    while (identifyProcess(pid) !== null) await delay(20);
  });
});

describe('an installation that fails', () => {
  it('ends with what npm said and a remedy, and leaves no lock', () => {
    const clone = join(folder.path, 'clone');
    mkdirSync(join(clone, 'scripts'), { recursive: true });
    for (const file of readdirSync(join(process.cwd(), 'scripts')))
      if (file.endsWith('.js')) copyFileSync(join(process.cwd(), 'scripts', file), join(clone, 'scripts', file));
    writeFileSync(
      join(clone, 'package.json'),
      JSON.stringify({ name: 'clone', version: '1.0.0', type: 'module', dependencies: { absent: 'file:./absent.tgz' } }),
    );
    writeFileSync(join(clone, 'package-lock.json'), '{ "name": "clone", "lockfileVersion": 3, "packages": {} }');
    for (const _attempt of ['first', 'second']) {
      const { status, stderr } = spawnSync(process.execPath, [join(clone, 'scripts', 'launch.js'), 'workers/any.ts'], { encoding: 'utf8' });
      expect(stderr).toContain('Installing the packages with npm ci: they are not there yet.');
      expect(stderr).toMatch(/npm ci failed with exit code \d+\. What it said:\n {2}npm error/);
      expect(stderr).toContain('Remedy: see that the package registry can be reached');
      expect(stderr).not.toContain('waiting for it');
      expect(status).toBe(1);
    }
  });
});
