import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedFailure } from './embedded-failure.ts';

const LOOPBACK = '127.0.0.1';

/** A port that a part of the embedded run listens on, with the variable that sets it. */
export interface WantedPort {
  readonly variable: string;
  readonly purpose: string;
  readonly port: number;
}

/** Whether nothing listens on the loopback's `port` now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Below what systems give to outgoing connections and to listeners that take any port, so that none of these gets it in between. */
const FIRST_PORT = 10_000;
const LAST_PORT = 32_000;

/** Goes up from anywhere, so that a process gets none twice and two processes seldom the same. */
let lastGiven = randomInt(FIRST_PORT, LAST_PORT);

/** A port of the loopback that was free a moment ago, for a part that was given 0. */
export async function findFreePort(): Promise<number> {
  for (let tries = FIRST_PORT; tries <= LAST_PORT; tries += 1) {
    lastGiven = lastGiven >= LAST_PORT ? FIRST_PORT : lastGiven + 1;
    if (await isPortFree(lastGiven)) return lastGiven;
  }
  throw new EmbeddedFailure(`No port from ${FIRST_PORT} to ${LAST_PORT} is free.`, 'stop what holds them (ss -ltnp names the programs).');
}

/**
 * Checks that every wanted port is free and that no two are the same.
 *
 * @throws EmbeddedFailure that names every port in the way with its variable: all at once
 */
export async function requireFreePorts(wanted: readonly WantedPort[]): Promise<void> {
  const lines: string[] = [];
  const seen = new Map<number, WantedPort>();
  for (const want of wanted) {
    const other = seen.get(want.port);
    if (other === undefined) seen.set(want.port, want);
    else lines.push(`Port ${want.port} is given twice: ${other.variable} (${other.purpose}) and ${want.variable} (${want.purpose}).`);
  }
  for (const want of seen.values()) {
    if (!(await isPortFree(want.port))) lines.push(`Port ${want.port} for ${want.purpose} is in use by another program.`);
  }
  if (lines.length === 0) return;
  const variables = wanted.filter((want) => lines.some((line) => line.includes(`${want.port}`))).map((want) => want.variable);
  const first = wanted.find((want) => variables.includes(want.variable));
  throw new EmbeddedFailure(
    lines.join('\n'),
    `set ${variables.join(', ')} to free ports, or stop what holds them (lsof -i :${first?.port ?? 0}, or ss -ltnp, names the program; ask its owner).`,
  );
}

/** Waits until something accepts connections on the loopback's `port`; false after `timeoutMs` or as soon as `hasEnded` answers true. */
export async function waitForPort(port: number, timeoutMs: number, hasEnded: () => boolean): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline && !hasEnded()) {
    if (await accepts(port)) return true;
    await delay(50);
  }
  return false;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: LOOPBACK, timeout: 1000 });
    const answer = (value: boolean) => {
      socket.destroy();
      resolve(value);
    };
    socket.once('connect', () => answer(true));
    socket.once('timeout', () => answer(false));
    socket.once('error', () => answer(false));
  });
}
