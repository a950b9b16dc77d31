import { join } from 'node:path';
import { hueOrganisation } from '@par/administration';
import { timedEvents } from '../events/timed-events.ts';
import { writeEventLines } from '../load/event-lines.ts';
import type { Pace } from '../load/load-order.ts';
import type { BenchContext, Row, WayResult } from '../row.ts';
import { Journey, type PathRun } from '../ways/path-run.ts';
import { startWay } from '../ways/start-way.ts';
import type { WayName } from '../ways/way.ts';

const PER_SECOND = 500;
const MOST_CONNECTIONS = 256;

/** From the instant at which an event should be sent to the arrival of the figure that counts it, at a fixed pace. */
export const latency: Row = {
  name: 'latency-500',
  title: '500 events a second, one by one: from sending to the changed figure (p99; p50 beside it)',
  run: async (ctx) => {
    const pace = paceOf(ctx);
    const file = join(ctx.directory, 'timed.events');
    writeEventLines(file, timedEvents(pace.perSecond * pace.seconds));
    const ways: Record<string, WayResult> = {};
    for (const name of ['bare', 'stock', 'ours'] as const) ways[name] = wayResult(await timed(ctx, name, file, pace));
    const { ours, bare, stock } = ways as Record<WayName, WayResult>;
    return [
      {
        name: 'latency-500',
        ...ours,
        p50: ours.p50 as number,
        ratioToBare: ours.value / bare.value,
        ratioToStock: ours.value / stock.value,
        ways: { bare, stock },
        note: 'value is p99; half of the events are receipts at intake, half completions that go through the judgement of workflow',
      },
    ];
  },
};

function paceOf({ quick }: BenchContext): Extract<Pace, { kind: 'open' }> {
  const [seconds, warmUpSeconds] = quick ? [5, 2] : [30, 10];
  return { kind: 'open', perSecond: PER_SECOND, seconds, warmUpSeconds, mostConnections: MOST_CONNECTIONS };
}

async function timed(ctx: BenchContext, name: WayName, file: string, pace: Pace): Promise<PathRun> {
  const way = await startWay(name, ctx);
  try {
    await way.prepare(hueOrganisation());
    return await new Journey(ctx, way, file).run(pace);
  } finally {
    await way.stop();
  }
}

/** @throws where no figure came at all */
function wayResult({ heard, posted, verdict, cpuMsPerEvent, walBytesPerEvent }: PathRun): WayResult {
  const { sendToCounted: spread, sendToCountedByType: byType } = heard;
  if (!spread) throw new Error('not one figure of the timed events was heard of');
  return {
    value: spread.p99,
    unit: 'ms',
    exact: verdict.exact,
    p50: spread.p50,
    p95: spread.p95,
    largest: spread.largest,
    timed: spread.count,
    byType,
    httpMs: posted.answer,
    verdict: verdict.note,
    cpuMsPerEvent,
    walBytesPerEvent,
  };
}
