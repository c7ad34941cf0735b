/** Resolves when the process is asked to stop: by a signal, or because the parent that started it is gone. */
export function stopRequested(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal));
    process.once('disconnect', () => resolve('the parent process ended'));
  });
}
