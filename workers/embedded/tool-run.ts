import { spawn } from 'node:child_process';

/** How much of what a tool said last is kept, in lines. */
const KEPT_LINES = 15;

/** `code` is null when the tool could not be started, was killed or took too long; `said` holds its last lines of both outputs. */
export interface ToolOutcome {
  readonly code: number | null;
  readonly said: string;
  readonly timedOut: boolean;
}

export interface ToolOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly gid?: number;
  /** After this time the tool and all it started are killed. */
  readonly timeoutMs?: number;
}

/** The process groups of the tools that run now. */
const running = new Set<number>();

/** Ends the tools that run now, with all that they started; their callers see them as failed. */
export function killRunningTools(): void {
  for (const pid of running) killGroup(pid);
}

/** Runs a tool to its end and answers how it went; nothing is thrown and nothing printed. */
export function runTool(program: string, args: readonly string[], options: ToolOptions = {}): Promise<ToolOutcome> {
  const { timeoutMs, ...spawnOptions } = options;
  return new Promise((resolve) => {
    const lines: string[] = [];
    let timedOut = false;
    const child = spawn(program, args, { ...spawnOptions, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const timer = timeoutMs === undefined ? null : setTimeout(() => ((timedOut = true), killGroup(child.pid)), timeoutMs);
    const keep = (chunk: Buffer) => {
      lines.push(...chunk.toString('utf8').split('\n').filter(Boolean));
      lines.splice(0, lines.length - KEPT_LINES);
    };
    if (child.pid !== undefined) running.add(child.pid);
    if (running.size === 1) process.once('exit', killRunningTools);
    const settle = (code: number | null) => {
      if (timer !== null) clearTimeout(timer);
      running.delete(child.pid ?? 0);
      if (running.size === 0) process.off('exit', killRunningTools);
      resolve({ code, said: lines.join('\n'), timedOut });
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => {
      lines.push(error.message);
      settle(null);
    });
    child.on('close', (code) => settle(code));
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has ended by itself.
  }
}
