import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './run-command.ts';

// Each command is a process of its own.
jest.setTimeout(120_000);

const EMPTY_FOLDER = { DATA_DIR: join(tmpdir(), 'dealkeeper-nothing-runs-here') };

describe('the command line', () => {
  it.each([
    [[]],
    [['program']],
    [['program', 'check']],
    [['program', 'explain']],
    [['sync']],
    [['sync', 'status']],
    [['sync', 'issues']],
    [['sync', 'retry']],
    [['sync', 'skip']],
    [['sync', 'pause']],
    [['sync', 'resume']],
    [['connections']],
    [['connections', 'check']],
    [['provision']],
    [['audit']],
    [['audit', 'list']],
    [['audit', 'verify']],
    [['audit', 'export']],
    [['registration']],
    [['registration', 'link']],
    [['registration', 'relink']],
    [['registration', 'unlink']],
    [['registration', 'create-opportunity']],
  ])('explains %j under --help and exits 0', async (command) => {
    const { exitCode, stdout, stderr } = await runCommand([...command, '--help']);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`Usage: ${['npm run cli --', ...command].join(' ')}`);
  });

  it.each([
    ['a command that is not there', ['sync', 'everything'], "unknown command 'everything'"],
    ['an option that is not there', ['sync', 'status', '--jsn'], "unknown option '--jsn'"],
    ['an argument that is missing', ['sync', 'retry'], "missing required argument 'issueId'"],
    ['a pause without a reason', ['sync', 'pause', 'salesforce'], "required option '--reason <text>' not specified"],
    ['a reason of blanks', ['sync', 'pause', 'salesforce', '--reason', ' '], 'expected 1–255 characters'],
    ['a limit below the least', ['sync', 'issues', '--limit', '0'], 'expected a whole number, 1–200'],
    ['a limit above the most', ['sync', 'issues', '--limit', '201'], 'expected a whole number, 1–200'],
    ['an audience that is not one', ['program', 'explain', 'x', '--audience', 'rival'], 'Allowed choices are partner, internal'],
    ['a subject without a kind', ['audit', 'list', 'x'], '"x" names no subject.'],
    ['a subject of an export without a kind', ['audit', 'export', '--subject', 'x'], '"x" names no subject.'],
    ['a head that is no hash', ['audit', 'verify', '--head', 'abc'], 'expected the 64 hexadecimal digits'],
    ['a day that does not exist', ['audit', 'export', '--since', '2026-02-30'], 'expected an instant such as 2026-01-31T12:00:00Z'],
    ['a time without its zone', ['audit', 'export', '--until', '2026-01-31T12:00:00'], 'expected an instant such as 2026-01-31T12:00:00Z'],
    ['a file that is not there', ['program', 'check', 'programs/nowhere.yaml'], 'programs/nowhere.yaml cannot be read (ENOENT).'],
    ['no installation at all', ['sync', 'status'], 'No system runs on'],
    ['a link to nothing', ['registration', 'link', 'x', '--actor', 'manager'], "required option '--opportunity <id>' not specified"],
    ['a link by nobody', ['registration', 'link', 'x', '--opportunity', 'y'], "required option '--actor <alias>' not specified"],
    ['no connection at all', ['connections', 'check'], 'No system runs on'],
  ])('refuses %s with the reason and a remedy', async (_what, command, reason) => {
    const { exitCode, stdout, stderr } = await runCommand(command, EMPTY_FOLDER);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain(reason);
    expect(stderr).toMatch(/^Remedy: \S/m);
  });

  it.each([
    [{ DATABASE_URL: 'postgres://a:secret-word@127.0.0.1:1/x' }, ['sync', 'status'], 'The database does not answer: connect ECONNREFUSED'],
    [
      { DATABASE_URL: 'postgres://a:secret-word@127.0.0.1:1/x' },
      ['connections', 'check'],
      'neither SALESFORCE_INSTANCE_URL nor HUBSPOT_ACCESS_TOKEN is set',
    ],
    [
      { SALESFORCE_INSTANCE_URL: 'http://127.0.0.1:1', SALESFORCE_ACCESS_TOKEN: 'secret-word' },
      ['connections', 'check'],
      'CRM_UNAVAILABLE',
    ],
    [{ DATABASE_URL: 'nonsense' }, ['audit', 'list', 'connection/salesforce'], 'DATABASE_URL expected postgres://'],
  ])('names what does not answer under %j', async (environment, command, reason) => {
    const { exitCode, stdout, stderr } = await runCommand(command, { ...EMPTY_FOLDER, ...environment });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(reason);
    expect(stdout + stderr).not.toContain('secret-word');
  });
});
