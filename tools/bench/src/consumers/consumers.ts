import { dossierYear, type DossierYear } from '../events/dossier-year.ts';
import { LoadProcess } from '../load/load-process.ts';
import { monotonicMs } from '../load/load-order.ts';
import { cpuMsPerEvent, type BenchContext, type Row, type RowResult } from '../row.ts';
import { OurWay } from '../ways/our-way.ts';

const NUMBERS = [1, 2, 4] as const;
const DRAIN_MS = 300_000;
const POLL_MS = 200;
/** Less than half of what the broker lets pass without a sign of life before it gives a stopped consumer up. */
const PASS_ON_MS = 50_000;

/**
 * How counting grows with its processes. They are started, warm and idle, and held (SIGSTOP) while the city's events pass through intake and workflow
 * and lie in scoring's queue; then all go on at once, and the time runs until the last figure has changed.
 */
export const consumers: Row = {
  name: 'consumers',
  title: 'a backlog of the full path counted by 1, 2 and 4 processes of index-scoring',
  gives: NUMBERS.map(nameOf),
  inQuick: false,
  run: async (ctx) => {
    const year = dossierYear(ctx);
    const results: RowResult[] = [];
    for (const count of NUMBERS) if (ctx.wants(nameOf(count))) results.push(await counted(ctx, year, count));
    const one = results.find(({ name }) => name === nameOf(1));
    return results.map((result) => ({ ...result, ...(one && { ratioToOne: result.value / one.value }) }));
  },
};

function nameOf(count: number): string {
  return `consumers-${count}`;
}

async function counted(ctx: BenchContext, year: DossierYear, count: number): Promise<RowResult> {
  ctx.say(`starting ours with ${count} of index-scoring`);
  const way = await OurWay.start(ctx);
  try {
    for (let more = 1; more < count; more++) await way.add('index-scoring');
    await way.prepare(year.before);
    const before = await way.countedByScoring();
    const scoring = way.running('index-scoring');
    for (const each of scoring) each.signal('SIGSTOP');
    const pace = { kind: 'closed', connections: 8, batch: 100, seconds: ctx.quick ? 2 : 12 } as const;
    const load = await LoadProcess.start({ doors: way.doors, headers: way.headers, file: year.file, from: 0, pace, figures: way.figures });
    try {
      const { accepted } = await load.posted();
      await passedOn(way);
      ctx.say(`${accepted} events have come to scoring's queue`);
      const meter = await ctx.meter(way.parts);
      const startedAt = monotonicMs();
      for (const each of scoring) each.signal('SIGCONT');
      const heard = await load.heard(() => way.isCounted(), DRAIN_MS);
      const metering = await meter.stop();
      const events = (await way.countedByScoring()) - before;
      const verdict = await way.verify(accepted);
      return {
        name: nameOf(count),
        value: (events * 1000) / (heard.lastFigureAt - startedAt),
        unit: 'events/s',
        ratioToBare: null,
        ratioToStock: null,
        exact: verdict.exact,
        events,
        verdict: verdict.note,
        cpuMsPerEvent: cpuMsPerEvent(metering, events),
        walBytesPerEvent: metering.walBytes / events,
      };
    } finally {
      load.kill();
    }
  } finally {
    for (const each of way.running('index-scoring')) each.signal('SIGCONT');
    await way.stop();
  }
}

async function passedOn(way: OurWay): Promise<void> {
  const giveUpAt = monotonicMs() + PASS_ON_MS;
  while (!(await way.isPassedOn())) {
    if (monotonicMs() > giveUpAt) throw new Error(`intake and workflow did not pass everything on within ${PASS_ON_MS / 1000} s`);
    await new Promise((next) => setTimeout(next, POLL_MS));
  }
}
