import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { identifyProcess, isSameProcess, signalProcess, waitForProcessEnd } from './process-identity.ts';
import type { Say } from './progress.ts';

/** How long a process that was left behind may take to stop before it is killed. */
const LEFTOVER_TIMEOUT_MS = 10_000;

const RunRecord = z.object({
  pid: z.number(),
  parts: z.array(z.object({ name: z.string(), pid: z.number(), stamp: z.string().nullable() })),
  ports: z.record(z.string(), z.number()),
  urls: z.record(z.string(), z.string()),
});

/** What a run wrote about itself: for scripts that look for its addresses, and for the next run that finds it dead. Holds no token and no password. */
export type RunRecord = Readonly<z.output<typeof RunRecord>>;

const fileOf = (dataDir: string) => join(dataDir, 'run.json');

/** Writes `run.json`, readable by its owner alone; whoever reads it sees the old record or the new one. */
export function writeRunRecord(
  dataDir: string,
  record: Omit<RunRecord, 'parts'>,
  parts: readonly { readonly name: string; readonly pid: number }[],
): void {
  const identified = parts.flatMap(({ name, pid }) => {
    const identity = identifyProcess(pid);
    return identity === null ? [] : [{ name, ...identity }];
  });
  const draft = `${fileOf(dataDir)}.draft`;
  writeFileSync(draft, `${JSON.stringify({ ...record, parts: identified }, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, fileOf(dataDir));
}

/** What the run on `dataDir` wrote about itself; null where none runs, or where the file cannot be read. */
export function readRunRecord(dataDir: string): RunRecord | null {
  const parsed = RunRecord.safeParse(readJson(fileOf(dataDir)));
  return parsed.success ? parsed.data : null;
}

export function removeRunRecord(dataDir: string): void {
  rmSync(fileOf(dataDir), { force: true });
}

/** Stops the processes of a run that died without stopping them, in the order in which they are stopped normally. */
export async function stopLeftovers(dataDir: string, say: Say): Promise<void> {
  if (!existsSync(fileOf(dataDir))) return;
  const alive = (readRunRecord(dataDir)?.parts ?? []).filter(isSameProcess);
  for (const part of alive.toReversed()) {
    say(`${part.name} of the last run (process ${part.pid}) is still there: it is stopped first.`);
    // PostgreSQL waits for its clients at SIGTERM and does not at SIGINT; the others take either.
    signalProcess(part.pid, 'SIGINT');
    if (!(await waitForProcessEnd(part, LEFTOVER_TIMEOUT_MS))) signalProcess(part.pid, 'SIGKILL');
  }
  removeRunRecord(dataDir);
}

/** The operator's token: what was configured, else what an earlier start made up, else a new one that is kept for the next. */
export function operatorToken(dataDir: string, configured: string | null): string {
  if (configured !== null) return configured;
  const file = join(dataDir, 'api-token');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const token = randomBytes(24).toString('base64url');
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  return token;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
