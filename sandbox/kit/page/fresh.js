/**
 * Calls `look` now and then while the tab can be seen, and at once when it is seen again; never twice at the same time. `pauseMs()` is asked anew each time.
 * Answers how to stop.
 */
export function keepFresh(look, pauseMs) {
  let timer;
  let isLooking = false;
  let isStopped = false;
  const plan = () => {
    clearTimeout(timer);
    if (!isStopped && !document.hidden) timer = setTimeout(() => void run(), pauseMs());
  };
  const run = async () => {
    if (isLooking || isStopped || document.hidden) return;
    isLooking = true;
    // An answer that does not come is asked for again; what the page shows stays.
    await look().catch(() => undefined);
    isLooking = false;
    plan();
  };
  const onVisible = () => {
    if (document.hidden) clearTimeout(timer);
    else void run();
  };
  document.addEventListener('visibilitychange', onVisible);
  plan();
  return {
    /** Plans the next look anew, after something happened that should be followed closely. */
    soon: plan,
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisible);
    },
  };
}
