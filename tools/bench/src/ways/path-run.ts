import { LoadProcess } from '../load/load-process.ts';
import type { Heard, Pace, Posted } from '../load/load-order.ts';
import { cpuMsPerEvent, type BenchContext } from '../row.ts';
import type { Verdict, Way } from './way.ts';

/** What one run of load through one way gave. */
export interface PathRun {
  /** Events counted over the time from the first sending to the last change of a figure. */
  perSecond: number;
  posted: Posted;
  heard: Heard;
  verdict: Verdict;
  cpuMsPerEvent: Record<string, number>;
  walBytesPerEvent: number;
  diskBytesPerEvent: number;
  /** Largest resident memory of each part, in bytes. */
  largestMemory: Record<string, number>;
}

const DRAIN_MS = 300_000;

/** Events accepted by a way since its start, over all runs: what its proof is held against. */
export class Journey {
  accepted = 0;
  /** Line of the file at which the next run begins. */
  next = 0;

  constructor(
    private readonly ctx: BenchContext,
    readonly way: Way,
    private readonly file: string,
  ) {}

  /** Posts, waits until all is counted, and has the way prove it. @throws where a door refuses or the way does not come to an end */
  async run(pace: Pace): Promise<PathRun> {
    const { ctx, way } = this;
    const sizeBefore = await way.size();
    const load = await LoadProcess.start({
      doors: way.doors,
      headers: way.headers,
      file: this.file,
      from: this.next,
      pace,
      figures: way.figures,
    });
    try {
      const meter = await ctx.meter({ ...way.parts, load: () => [load.pid] });
      const posted = await load.posted();
      ctx.say(
        `${way.name}: ${posted.accepted} events posted in ${((posted.endedAt - posted.startedAt) / 1000).toFixed(1)} s, waiting until counted`,
      );
      this.next = posted.next;
      this.accepted += posted.accepted;
      const heard = await load.heard(() => way.isCounted(this.accepted), DRAIN_MS);
      const metering = await meter.stop();
      const verdict = await this.#verify(posted, heard, pace);
      const seconds = (heard.lastFigureAt - posted.startedAt) / 1000;
      return {
        perSecond: posted.accepted / seconds,
        posted,
        heard,
        verdict,
        cpuMsPerEvent: cpuMsPerEvent(metering, posted.accepted),
        walBytesPerEvent: metering.walBytes / posted.accepted,
        diskBytesPerEvent: ((await way.size()) - sizeBefore) / posted.accepted,
        largestMemory: metering.largestMemory,
      };
    } finally {
      load.kill();
    }
  }

  async #verify(posted: Posted, heard: Heard, pace: Pace): Promise<Verdict> {
    if (posted.accepted !== posted.events) return { exact: false, note: `${posted.events} events posted, ${posted.accepted} accepted` };
    if (pace.kind === 'open' && heard.uncounted > 0) return { exact: false, note: `the figures of ${heard.uncounted} events never came` };
    return this.way.verify(this.accepted);
  }
}
