import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** Signals of one request arrive twice when a terminal sends them to the whole group and npm passes its own on: what follows within this time is the same one. */
const SAME_SIGNAL_MS = 400;

/**
 * Runs a program in the foreground, passes SIGINT, SIGTERM and SIGHUP on to it exactly once each, and answers with its exit code (128 + n after signal n).
 *
 * The child leads a process group of its own: a terminal's Ctrl-C would otherwise reach it a second time, beside the one that is passed on. It is given a
 * channel, so that it may notice that this process was killed.
 *
 * @param {string} program a program of Node's
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @param {(kill: () => void) => void} [onStart] receives how to end the child at once
 * @returns {Promise<number>}
 */
export function runInForeground(program, args, options = {}, onStart) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      detached: process.platform !== 'win32',
      ...options,
    });
    onStart?.(() => process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL'));
    const passedAt = new Map();
    const pass = (signal) => {
      const now = performance.now();
      if (now - (passedAt.get(signal) ?? -Infinity) < SAME_SIGNAL_MS) return;
      passedAt.set(signal, now);
      // A closed terminal is a request to stop, in order.
      child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, pass);
    const settle = () => {
      for (const signal of signals) process.off(signal, pass);
    };
    child.on('error', (error) => {
      settle();
      reject(error);
    });
    child.on('close', (code, signal) => {
      settle();
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}
