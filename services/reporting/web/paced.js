// Loading at a measured pace.

/**
 * Runs a load at most every `spacing` milliseconds, however often it is asked for, and not while nobody looks; after a failure it tries
 * again. `onOutcome` hears of each end: true where it went well.
 */
export function paced(load, spacing, onOutcome) {
  let wanted = false;
  let running = false;
  const run = async () => {
    if (running || !wanted || document.hidden) return;
    running = true;
    wanted = false;
    try {
      await load();
      onOutcome(true);
    } catch (error) {
      console.warn(error);
      wanted = true;
      onOutcome(false);
    }
    setTimeout(() => {
      running = false;
      void run();
    }, spacing);
  };
  document.addEventListener('visibilitychange', () => void run());
  return () => {
    wanted = true;
    void run();
  };
}
