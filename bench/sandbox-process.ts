import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** A sandbox in a process of its own, as `npm run sandbox` starts it. */
export interface SandboxProcess {
  /** A call as the integration user; throws unless it is answered well. */
  readonly call: (method: string, path: string, body?: string, contentType?: string) => Promise<Response>;
  /** The most memory it has held so far, in MB; what it holds now where the system tells no peak. */
  readonly peakMegabytes: () => number | null;
  readonly stop: () => Promise<void>;
}

const TOKENS = { salesforce: '00D000000000001!integration', hubspot: 'pat-sandbox-integration' } as const;

/** Starts a CRM without records that is kept in `folder`, or goes on with the one that is there. */
export async function startSandbox(crm: 'salesforce' | 'hubspot', folder: string): Promise<SandboxProcess> {
  const args = ['--disable-warning=ExperimentalWarning', 'sandbox/main.ts', crm, '--port', '0', '--empty', '--data', folder];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  const line = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended.then(() => [''])]);
  const url = /^ready (\S+)$/.exec(String(line[0]))?.[1];
  if (url === undefined) throw new Error('the sandbox did not start; what it said is above');
  return {
    call: async (method, path, body, contentType = 'application/json') => {
      const response = await fetch(url + path, {
        method,
        headers: { authorization: `Bearer ${TOKENS[crm]}`, ...(body === undefined ? {} : { 'content-type': contentType }) },
        ...(body === undefined ? {} : { body }),
      });
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
      return response;
    },
    peakMegabytes: () => readPeak(child.pid),
    stop,
  };
}

function readPeak(pid: number | undefined): number | null {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) / 1024;
  } catch {
    // Only Linux tells it.
    return null;
  }
}
