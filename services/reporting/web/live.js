// The stream of changes. EventSource comes back by itself with the last id it saw, so nothing is missed in between.

const PATIENCE_MS = 3_000;

/** Calls `onChange(kind)` for every change and whenever everything has to be asked for again (`all`); `onState` with connecting, live or lost. */
export function follow({ onChange, onState }) {
  let source;
  let waiting;

  function lose() {
    waiting ??= setTimeout(() => onState('lost'), PATIENCE_MS);
  }

  function found() {
    clearTimeout(waiting);
    waiting = undefined;
    onState('live');
  }

  function open() {
    source = new EventSource('v1/stream');
    source.addEventListener('open', found);
    source.addEventListener('hello', () => onChange('all'));
    source.addEventListener('reset', () => onChange('all'));
    source.addEventListener('figure', () => onChange('figure'));
    source.addEventListener('balance', () => onChange('balance'));
    source.addEventListener('error', () => {
      lose();
      // A refused connection is not tried again by the browser: begin anew, and ask for everything again.
      if (source.readyState === EventSource.CLOSED) setTimeout(open, PATIENCE_MS);
    });
  }

  onState('connecting');
  open();
}
