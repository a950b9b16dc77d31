/**
 * Calls `ended` once when npm, which ran this process, is gone: npm hands a SIGTERM to the shell between it and us, and that shell ends without
 * handing it on. Does nothing in a process that npm did not run, so that it can be sent to the background.
 */
export function onEndOfNpm(ended: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    ended();
  }, 300);
  timer.unref();
}
