import { runCommand } from './run-command.ts';

// Each command is a process of its own.
jest.setTimeout(120_000);

describe('program document', () => {
  it('finds the committed guide current', async () => {
    const { exitCode, stdout, stderr } = await runCommand(['program', 'document', '--check']);
    expect([exitCode, stdout, stderr]).toEqual([0, 'docs/program.md is current.\n', '']);
  });
});
