import { spawn } from 'node:child_process';

export interface Shell {
  /** Types `text` and answers everything that was printed until it was done, with the exit code of its last command. */
  type(text: string): Promise<{ readonly output: string; readonly exitCode: number }>;
  close(): Promise<void>;
}

const DONE = '--- typed ---';

/** A shell that keeps its variables from one text to the next, as a person's terminal does. */
export function openShell(environment: Readonly<Record<string, string>>): Shell {
  const child = spawn('bash', ['--noprofile', '--norc'], { cwd: process.cwd(), env: environment, stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let printed = '';
  let heard: () => void = () => undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      heard();
    });
  }
  child.once('close', () => heard());
  return {
    async type(text) {
      printed = '';
      child.stdin.write(`${text}\nprintf '%s %s\\n' '${DONE}' "$?"\n`);
      const done = new RegExp(`${DONE} (\\d+)\\n`);
      while (!done.test(printed)) {
        if (child.exitCode !== null) throw new Error(`the shell ended: ${printed}`);
        await new Promise<void>((resolve) => (heard = resolve));
      }
      return { output: printed.replace(done, ''), exitCode: Number(done.exec(printed)?.[1]) };
    },
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}
