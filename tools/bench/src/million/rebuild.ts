import { setTimeout as pause } from 'node:timers/promises';
import { backlogOf, ofOtherDossiers } from '../drain/backlog.ts';
import { askJson, scoringIsExact } from '../drain/scoring.ts';
import { type BenchContext, type Row, type RowResult } from '../row.ts';
import { type City, countCity, dossiersIn, multiplyCity, withScoring } from './city.ts';
import { tellWhatWasSent } from './senders-sheets.ts';
import { Trickle } from './trickle.ts';

const SIZES = { full: { dossiers: 10_000, times: 10 }, quick: { dossiers: 1_000, times: 3 } };
/** The year of the city once more, its first dossiers under codes of their own. */
const SEED = 2021;
const MARK = 'N.';

/** What `POST /v1/rebuild` and `GET /v1/rebuild` answer, as far as the bench looks at it. */
interface RebuildReport {
  state: 'running' | 'done' | 'failed';
  startedAt: string;
  finishedAt?: string;
  subjects: number;
  moved: unknown[];
  error?: string;
}

interface Rebuilt {
  perSecond: number;
  seconds: number;
  moved: number;
}

/** How fast all figures are made again from the facts while counting goes on. */
export const rebuild: Row = {
  name: 'rebuild',
  title: 'all figures made again from the facts while events go on coming',
  run: async (ctx) => {
    const { dossiers, times } = ctx.quick ? SIZES.quick : SIZES.full;
    const city = await countCity(ctx, dossiers);
    try {
      await multiplyCity(ctx, city, times);
      return [await measure(ctx, city)];
    } finally {
      await city.database.drop();
    }
  },
};

async function measure(ctx: BenchContext, city: City): Promise<RowResult> {
  const subjects = await dossiersIn(city);
  return withScoring(ctx, city, async (scoring, place) => {
    await tellWhatWasSent(city, place);
    // Copies have no fingerprint yet, so nothing that is kept of them can be told to be right: the first rebuild writes all anew.
    const whole = await rebuildOnce(scoring.url);
    ctx.say(`rebuild: ${subjects} dossiers, all written anew: ${Math.round(whole.perSecond)} dossiers/s`);
    const trickle = await Trickle.start(place, ofOtherDossiers(backlogOf(20_000, SEED).events, MARK));
    const meter = await ctx.meter({ scoring: () => [scoring.pid] });
    const again = await rebuildOnce(scoring.url).finally(() => trickle.stop());
    const metering = await meter.stop();
    await trickle.stop();
    const { exact, audit } = await scoringIsExact(scoring, city.events + trickle.sent);
    return {
      name: 'rebuild',
      value: again.perSecond,
      unit: 'dossiers/s',
      ratioToBare: null,
      ratioToStock: null,
      exact: exact && whole.moved === 0 && again.moved === 0,
      subjects,
      seconds: again.seconds,
      moved: again.moved,
      allWrittenAnew: whole.perSecond,
      eventsMeanwhile: trickle.sent,
      cpuSeconds: metering.cpuSeconds,
      audit,
      note: `${subjects} dossiers, ${trickle.sent} events counted meanwhile; nothing comes out otherwise. ${Math.round(whole.perSecond)} dossiers/s where every row has to be written anew`,
    };
  });
}

async function rebuildOnce(url: string): Promise<Rebuilt> {
  const started = await fetch(`${url}/v1/rebuild`, { method: 'POST' });
  if (started.status !== 202) throw new Error(`the rebuild was not started: ${await started.text()}`);
  for (;;) {
    const report = await askJson<RebuildReport>(`${url}/v1/rebuild`);
    if (report.state === 'failed') throw new Error(`the rebuild failed: ${report.error ?? 'it does not say why'}`);
    // The end is stamped a moment after the last step.
    if (report.state === 'done' && report.finishedAt !== undefined) {
      const seconds = (Date.parse(report.finishedAt) - Date.parse(report.startedAt)) / 1000;
      return { perSecond: report.subjects / seconds, seconds, moved: report.moved.length };
    }
    await pause(20);
  }
}
