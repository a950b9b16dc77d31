// The load process: takes one order over IPC, posts, listens to the figures, and says what it saw. Started by `load-process.ts`.
import type { ProducerEvent } from '@par/contracts';
import { runClosedLoop } from './closed-loop.ts';
import { CountedEvents } from './counted-events.ts';
import { readEventLines, type EventLine } from './event-lines.ts';
import { FigureListener } from './figure-listener.ts';
import { type FromLoad, type FromParent, type LoadOrder, monotonicMs } from './load-order.ts';
import { runOpenLoop } from './open-loop.ts';

const tell = (message: FromLoad): void => void process.send?.(message);
const order = await new Promise<LoadOrder>((received) => process.once('message', (message) => received(message as LoadOrder)));

const counted = new CountedEvents(order.figures.countedIn);
let timesFrom = -Infinity;
const { pace } = order;
const isPaced = pace.kind === 'open';
const listener = await FigureListener.start(order.figures, (figure, at) => {
  if (isPaced) counted.heard(figure, at, timesFrom);
});
const lines = readEventLines(order.file, order.from);
tell({ say: 'listening' });

/** Local month of an event; the timed events are written in the city's own zone. */
function note({ json }: EventLine, at: number): void {
  const { type, unit, time } = JSON.parse(json) as ProducerEvent;
  counted.sent({ type, unit, month: time.slice(0, 7) }, at);
}

process.on('message', (message) => {
  switch ((message as FromParent).say) {
    case 'status':
      tell({ say: 'status', lastFigureAt: listener.lastFigureAt, figures: listener.figures, open: counted.uncounted });
      return;
    case 'finish':
      void finish();
  }
});

async function finish(): Promise<void> {
  await listener.stop();
  const { all, byType } = counted.spread();
  const { lastFigureAt, figures } = listener;
  tell({
    say: 'finished',
    heard: { lastFigureAt, figures, ...(all && { sendToCounted: all, sendToCountedByType: byType }), uncounted: counted.uncounted },
  });
  process.disconnect();
}

try {
  if (pace.kind === 'open') timesFrom = monotonicMs() + pace.warmUpSeconds * 1000;
  const posted = pace.kind === 'closed' ? await runClosedLoop(order, pace, lines) : await runOpenLoop(order, pace, lines, note);
  tell({ say: 'posted', posted });
} catch (error) {
  tell({ say: 'failed', reason: String((error as Error).stack) });
  process.exitCode = 1;
  await listener.stop();
  process.disconnect();
}
