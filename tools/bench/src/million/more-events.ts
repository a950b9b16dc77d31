import { type CloudEvent } from '@par/contracts';
import { ofOtherDossiers, type PublishedEvent, wholeYear } from '../drain/backlog.ts';
import { type City, withClient } from './city.ts';

const SEED = 2021;
const MARK = 'N.';
/** Fewer than the year tells of one, so that there are enough. */
const EVENTS_PER_DOSSIER = 6;

/**
 * Events for a city that has its year already: two of three lives of new dossiers, every third a rating that comes late for one of the old, which lie anywhere among
 * all that it has. The same events for a city whatever its size, but for which old dossiers they meet.
 */
export async function moreEvents(city: City, count: number): Promise<PublishedEvent[]> {
  const ratings = Math.floor(count / 3);
  const lives = ofOtherDossiers(wholeYear(Math.ceil(count / EVENTS_PER_DOSSIER) + 50, SEED).events, MARK);
  const old = await someDossiers(city, ratings);
  if (old.length < ratings || lives.length < count - ratings)
    throw new Error(`the city is too small for ${count} more events: it has ${old.length} dossiers that have ended`);
  const received = new Date().toISOString();
  return Array.from({ length: ratings }).flatMap((_, index) => [...lives.slice(2 * index, 2 * index + 2), ratingOf(old[index]!, received)]);
}

interface OldDossier {
  code: string;
  unit: string;
  endedAt: Date;
}

/** Dossiers that came to an end, in an order that has nothing to do with where their rows lie. */
async function someDossiers(city: City, count: number): Promise<OldDossier[]> {
  return withClient(city.database, async (client) => {
    const { rows } = await client.query<OldDossier>(
      `SELECT substr(subject, 6) AS code, unit, ended_at AS "endedAt" FROM dossier_fact WHERE ended_at IS NOT NULL AND NOT beside
       ORDER BY md5(subject) LIMIT $1`,
      [count],
    );
    return rows;
  });
}

function ratingOf({ code, unit, endedAt }: OldDossier, received: string): PublishedEvent {
  const event: CloudEvent<'vn.par.dossier.rated.v1'> = {
    specversion: '1.0',
    id: `${code}/rated-late`,
    source: `urn:par:bench:one-stop:${unit}`,
    type: 'vn.par.dossier.rated.v1',
    subject: code,
    time: new Date(endedAt.getTime() + 60_000).toISOString(),
    datacontenttype: 'application/json',
    unit,
    received,
    network: 'tslcd',
    data: { questionSet: 'hue-2021', answers: [{ question: 'q1', grade: 'satisfied' }] },
  };
  return { event, body: JSON.stringify(event), origin: 'dossier-intake' };
}
