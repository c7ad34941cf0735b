import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeCodes } from '../../../program/definition/code-document.ts';
import { runCommand } from './run-command.ts';

// Each command is a process of its own.
jest.setTimeout(120_000);

const TODAY = ['--today', '2026-11-23'];

describe('program check', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dealkeeper-program-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const acme = readFileSync('programs/acme.yaml', 'utf8');

  function write(name: string, text: string): string {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  }

  it('finds the shipped definitions good, without naming any', async () => {
    const { exitCode, stdout, stderr } = await runCommand(['program', 'check', ...TODAY]);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('programs/acme.yaml: good\n');
    expect(stdout).not.toContain('refused');
  });

  it('fails for the six problems of the bad program, and for nothing else', async () => {
    const { exitCode, stdout, stderr } = await runCommand(['program', 'check', 'test/fixtures/bad-program.yaml', ...TODAY]);
    expect(exitCode).toBe(1);
    expect(stdout.match(/^test\/fixtures\/bad-program\.yaml:\d+ (L\d{3}) \S+: .+; .+\.$/gm)).toHaveLength(6);
    expect(stdout).toContain('test/fixtures/bad-program.yaml: refused, 6 errors\n');
    expect(stderr).toBe('6 errors found.\nRemedy: mend the lines that are named and check again.\n');
  });

  it('shows warnings, and takes the definition', async () => {
    const warned = write('warned.yaml', acme.replace('executiveSponsor: vp', 'executiveSponsor: null'));
    const { exitCode, stdout } = await runCommand(['program', 'check', warned, ...TODAY]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/:\d+ L308 governance\.executiveSponsor: no role sponsors the program; .* \(warning\)\n/);
    expect(stdout).toContain(`${warned}: good, 1 warning\n`);
  });

  it('names every problem with its line and path, of all files, and exits 1', async () => {
    const line = acme.split('\n').findIndex((text) => text.startsWith('version:')) + 1;
    const wrong = write('wrong.yaml', acme.replace(/^version:.*$/m, 'version: 5\nsurprise: true'));
    const good = write('good.yaml', acme);
    const { exitCode, stdout, stderr } = await runCommand(['program', 'check', good, wrong, ...TODAY]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`${good}: good\n`);
    expect(stdout).toContain(`${wrong}:${line} P002 version: 5;`);
    expect(stdout).toContain(`${wrong}:${line + 1} P002 surprise: unknown key`);
    expect(stderr).toContain('2 errors found.\n');
  });

  it('gives the same as JSON', async () => {
    const wrong = write('surprise.yaml', `surprise: true\n${acme}`);
    const { exitCode, stdout } = await runCommand(['program', 'check', '--json', wrong, ...TODAY]);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      files: [
        {
          file: wrong,
          findings: [
            { code: 'P002', severity: 'error', path: 'surprise', line: 1, message: 'unknown key', remedy: expect.stringMatching(/\.$/) },
          ],
        },
      ],
    });
  });

  it('shows by another date what will be due', async () => {
    const { exitCode, stdout } = await runCommand(['program', 'check', 'programs/acme.yaml', '--today', '2027-01-01']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('program_guide is quarterly, of 2026-10-01, and was due on 2027-01-01');
  });

  it.each(['tomorrow', '2026-02-30', '2026-13-01'])('refuses %s as a date', async (date) => {
    const { exitCode, stderr } = await runCommand(['program', 'check', '--today', date]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('expected a date such as 2026-01-31.');
  });

  it('says what every code means', async () => {
    expect(await runCommand(['program', 'check', '--codes'])).toEqual({ exitCode: 0, stdout: `${describeCodes()}\n`, stderr: '' });
  });
});
