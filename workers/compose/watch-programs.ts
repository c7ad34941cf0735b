import type { OpenShelf, ShelfLog } from './program-shelf.ts';

const POLL_MS = 5_000;

/** Looks at the program definitions every five seconds, never twice at once, until it is stopped. A look that fails is logged and the next one is made. */
export function watchPrograms(shelf: OpenShelf, log: ShelfLog): { readonly stop: () => Promise<void> } {
  let looking: Promise<void> | null = null;
  const timer = setInterval(() => {
    looking ??= shelf
      .refresh()
      .catch((error: unknown) => {
        log.error({ err: error }, 'the program definitions could not be read; the versions that run go on as they are');
      })
      .finally(() => {
        looking = null;
      });
  }, POLL_MS);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}
