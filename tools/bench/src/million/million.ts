import { setTimeout as pause } from 'node:timers/promises';
import { type BenchContext, type Row, type RowResult } from '../row.ts';
import { type City, countCity, dossiersIn, multiplyCity, twinOf, withScoring } from './city.ts';
import { backlogOf, ofOtherDossiers } from '../drain/backlog.ts';
import { askJson, countedOf, type ScoringPlace, settled } from '../drain/scoring.ts';
import { type WayProcess } from '../ways/way-process.ts';
import { type Answers, askFor, type AskedQuery, dashboardQueries } from './dashboard-load.ts';
import { EVENTS_PER_SECOND, Trickle } from './trickle.ts';
import { type CostOfCounting, countMore } from './growth.ts';
import { startReporting } from './reporting-model.ts';
import { forgetWhatWasPublished, publishedWhatWasTold, tellWhatWasSent } from './senders-sheets.ts';

const SIZES = {
  full: { dossiers: 10_000, times: 100, events: 18_000, askSeconds: 40 },
  quick: { dossiers: 2_000, times: 5, events: 4_500, askSeconds: 4 },
};

/** How often each of the eight readers asks: a person who clicks and a page that looks for news. */
const ASK_EVERY_MS = 500;
/** Often enough that no line of the balance sheet counts as different meanwhile. */
const TELL_EVERY_MS = 5_000;

/** The year of the city once more, its first dossiers under codes of their own. */
const SEED = 2021;
const MARK = 'Q.';

/** How the cost of counting grows from ten thousand dossiers to a million, and how fast the dashboard is answered with a million. */
export const million: Row = {
  name: 'million',
  title: 'counting and the dashboard with a million dossiers in the database, beside ten thousand',
  gives: ['growth-1m', 'query-1m'],
  // With a few thousand dossiers they say nothing, and a million is not made in three minutes.
  inQuick: false,
  run: async (ctx) => {
    const { dossiers, times, events, askSeconds } = ctx.quick ? SIZES.quick : SIZES.full;
    const small = await countCity(ctx, dossiers);
    let large: City | undefined;
    try {
      large = await twinOf(ctx, small);
      ctx.say(`million: ${await dossiersIn(small)} dossiers counted, now ${times} times as many`);
      await multiplyCity(ctx, small, 1);
      await multiplyCity(ctx, large, times);
      const few = await countMore(ctx, small, events);
      await small.database.drop();
      const many = await countMore(ctx, large, events);
      return [growth(few, many), await query(ctx, large, askSeconds, many.exact)];
    } finally {
      await small.database.drop();
      await large?.database.drop();
    }
  },
};

function growth(few: CostOfCounting, many: CostOfCounting): RowResult {
  const value = many.cpuMsPerEvent!.all! / few.cpuMsPerEvent!.all!;
  return {
    name: 'growth-1m',
    value,
    unit: '×',
    ratioToBare: null,
    ratioToStock: null,
    exact: few.exact === true && many.exact === true,
    ways: { [`${few.dossiers} dossiers`]: few, [`${many.dossiers} dossiers`]: many },
    throughput: many.value / few.value,
    note: `processor time per event with ${many.dossiers} dossiers over that with ${few.dossiers}; two of three events are of new dossiers, the third of an old one anywhere`,
  };
}

/**
 * The same while events of other dossiers move the figures, so that no answer can be kept for long. Their senders' checkpoints come with them.
 * @throws where one of the events was not counted
 */
async function askWhileCounting(
  queries: readonly AskedQuery[],
  seconds: number,
  city: City,
  scoring: WayProcess,
  place: ScoringPlace,
): Promise<Answers> {
  const before = countedOf(await askJson(`${scoring.url}/v1/balance`));
  const trickle = await Trickle.start(place, ofOtherDossiers(backlogOf(EVENTS_PER_SECOND * seconds, SEED).events, MARK));
  let isAsking = true;
  const asking = askFor(queries, seconds, ASK_EVERY_MS).finally(() => (isAsking = false));
  while (isAsking) {
    await tellWhatWasSent(city, place);
    await Promise.race([asking, pause(TELL_EVERY_MS)]);
  }
  const answers = await asking.finally(() => trickle.stop());
  await settled(scoring, before + trickle.sent);
  return answers;
}

async function query(ctx: BenchContext, city: City, seconds: number, exact: boolean | null): Promise<RowResult> {
  const dossiers = await dossiersIn(city);
  const database = await ctx.createServiceDatabase('reporting');
  await forgetWhatWasPublished(city);
  try {
    return await withScoring(ctx, city, async (scoring, place) => {
      await tellWhatWasSent(city, place);
      const reporting = await startReporting(ctx, city, place, scoring.url, database);
      try {
        await publishedWhatWasTold(city, database);
        const queries = await dashboardQueries(reporting.url, scoring.url);
        // What is measured is the second time: prepared statements, a warm cache, compiled code.
        const unpaced = await askFor(queries, seconds / 2, 0);
        const paced = await askFor(queries, seconds, ASK_EVERY_MS);
        const busy = await askWhileCounting(queries, seconds, city, scoring, place);
        return {
          name: 'query-1m',
          value: paced.all.p99,
          unit: 'ms',
          ratioToBare: null,
          ratioToStock: null,
          exact,
          p50: paced.all.p50,
          dossiers,
          answersPerSecond: paced.perSecond,
          byQuery: paced.byQuery,
          unpaced,
          whileCounting: busy,
          note: `p99 of ${paced.all.count} answers, ${dossiers} dossiers, no rights beyond a reader's; 8 readers ask ${1000 / ASK_EVERY_MS} times a second each. Without a pause between questions: p99 ${unpaced.all.p99.toFixed(0)} ms at ${unpaced.perSecond.toFixed(0)} answers/s. While ${EVENTS_PER_SECOND} events a second move the figures: p50 ${busy.all.p50.toFixed(0)}, p99 ${busy.all.p99.toFixed(0)} ms`,
        };
      } finally {
        await reporting.stop();
      }
    });
  } finally {
    await database.drop();
  }
}
