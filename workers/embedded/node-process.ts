import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RunningProcess } from './part.ts';
import { signalProcess } from './process-identity.ts';

/** How long one of our own processes may take to stop: longer than the workers' grace for activities that are under way. */
const STOP_TIMEOUT_MS = 20_000;

export interface NodeProcessOptions {
  readonly projectRoot: string;
  /** The TypeScript file, relative to the project's root. */
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
}

/** Starts one of our own processes on this Node, with both its outputs in the log file. It does not wait until the process is ready. */
export function startNodeProcess(options: NodeProcessOptions): RunningProcess {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, 'a', 0o600);
  const args = ['--disable-warning=ExperimentalWarning', join(options.projectRoot, options.file), ...options.args];
  // A group of its own: a terminal's Ctrl-C is for the supervisor, which stops the parts in order.
  const child = spawn(process.execPath, args, { cwd: options.projectRoot, env: options.env, stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => {
    const settle = () => {
      hasEnded = true;
      resolve();
    };
    child.once('error', settle);
    child.once('close', settle);
  });
  return {
    pid: child.pid ?? 0,
    ended,
    async stop() {
      if (hasEnded || child.pid === undefined) return;
      const group = -child.pid;
      child.kill('SIGTERM');
      const timer = setTimeout(() => signalProcess(group, 'SIGKILL'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}
