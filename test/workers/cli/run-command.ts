import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { inheritedEnvironment } from '../../../workers/config.ts';

export interface CommandRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `npm run cli -- <args>` as a process of its own. Nothing that configures another installation reaches it: only `environment` does. */
export function runCommand(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<CommandRun> {
  const foreign = /^(DATABASE_URL|DATA_DIR|API_TOKEN|TEMPORAL_|SALESFORCE_|HUBSPOT_|PORTAL_|SMTP_|MAIL_|NODE_OPTIONS$|JEST_)/;
  const inherited = Object.fromEntries(Object.entries(inheritedEnvironment()).filter(([name]) => !foreign.test(name)));
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join('workers', 'cli', 'main.ts'), ...args], {
    cwd: process.cwd(),
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (printed.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed.stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, ...printed }));
  });
}

/** The longest line of an output, in characters. */
export function widthOf(text: string): number {
  return Math.max(...text.split('\n').map((line) => line.length));
}
