import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { inheritedEnvironment } from '../../../workers/config.ts';

export interface CommandRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export interface RunningCommand {
  /** What it has printed so far. */
  readonly printed: { readonly stdout: string; readonly stderr: string };
  readonly signal: (name: 'SIGINT' | 'SIGTERM') => void;
  readonly ended: Promise<CommandRun>;
}

export function runCommand(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<CommandRun> {
  return startCommand(args, environment).ended;
}

/** Runs `npm run cli -- <args>` as a process of its own. Nothing that configures another installation reaches it: only `environment` does. */
export function startCommand(args: readonly string[], environment: Readonly<Record<string, string>> = {}): RunningCommand {
  const foreign = /^(DATABASE_URL|DATA_DIR|API_TOKEN|TEMPORAL_|SALESFORCE_|HUBSPOT_|CONNECTIONS$|PORTAL_|SMTP_|MAIL_|NODE_OPTIONS$|JEST_)/;
  const inherited = Object.fromEntries(Object.entries(inheritedEnvironment()).filter(([name]) => !foreign.test(name)));
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join('workers', 'cli', 'main.ts'), ...args], {
    cwd: process.cwd(),
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (printed.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed.stderr += chunk.toString()));
  const ended = new Promise<CommandRun>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, ...printed }));
  });
  return { printed, signal: (name) => void child.kill(name), ended };
}

/** The longest line of an output, in characters. */
export function widthOf(text: string): number {
  return Math.max(...text.split('\n').map((line) => line.length));
}
