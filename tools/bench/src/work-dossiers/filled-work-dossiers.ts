import { hueOrganisation } from '@par/administration';
import pg from 'pg';
import { restUp } from '../million/city.ts';

const PROCEDURES = 130;
/** Events that the row of a work dossier keeps, some 190 bytes each: what the pages must not read. */
const EVENTS_EACH = 5;

/** Tells the service the organisation of Huế, as intake did; answers the ids of all its units. */
export async function tellUnits(client: pg.Client): Promise<string[]> {
  const events = hueOrganisation();
  await client.query(
    `INSERT INTO organisation.unit_event (source, id, unit, body)
     SELECT e ->> 'source', e ->> 'id', e ->> 'subject', (e || jsonb_build_object('unit', e -> 'subject', 'received', e -> 'time'))::text
       FROM jsonb_array_elements($1::jsonb) AS e`,
    [JSON.stringify(events)],
  );
  return events.filter(({ type }) => type === 'vn.par.unit.opened.v1').map(({ subject }) => subject);
}

/**
 * Fills the table of work dossiers, over units and procedures evenly and two years: one in twenty open, most of them for citizens, one in 33 without a term. Nothing is left
 * to chance: the same number gives the same rows.
 */
export async function fillWorkDossiers(client: pg.Client, units: readonly string[], count: number): Promise<void> {
  // What is made here can be made again, and an index is made faster than kept.
  await client.query('SET synchronous_commit = off');
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE tablename = 'work_dossier' AND indexname <> 'work_dossier_pkey'`,
  );
  for (const { name } of indexes) await client.query(`DROP INDEX ${pg.escapeIdentifier(name)}`);
  await client.query(
    `INSERT INTO work_dossier (id, events, state, revision, unit, kind, urgency, opened_at, due_at, closed_at, process, process_version, expected, expected_revision)
     SELECT 'H57.' || place || '-' || to_char(opened, 'YYMMDD') || '-' || lpad(n::text, 7, '0'),
            (SELECT jsonb_agg(jsonb_build_object('source', 'urn:bench:office', 'id', n || '/' || step, 'type', 'vn.par.work-dossier.step-taken.v1', 'time', opened,
                                                 'unit', unit, 'day', opened::date, 'step', 'T0' || step || ' Check', 'medium', 'network'))
               FROM generate_series(1, ${EVENTS_EACH}) AS step),
            CASE WHEN open THEN 'open' ELSE 'closed' END, CASE WHEN open THEN 0 ELSE 1 END, unit,
            CASE WHEN n % 100 < 85 THEN 'procedure' WHEN n % 100 < 93 THEN 'incoming-document' WHEN n % 100 < 98 THEN 'outgoing-document' WHEN n % 100 < 99 THEN 'matter' END,
            CASE WHEN n % 50 = 0 THEN 'urgent' ELSE 'normal' END, opened,
            CASE WHEN n % 33 = 0 THEN NULL ELSE opened + make_interval(hours => 24 + n % 700) END,
            CASE WHEN open THEN NULL ELSE opened + make_interval(hours => n % 600) END, 'procedure-' || n % ${PROCEDURES}, 1,
            CASE WHEN open THEN jsonb_build_array(jsonb_build_object('step', 'T03 Appraise', 'element', 'Task_3', 'role', 'officer', 'since', opened,
                                                                     'due', opened + interval '1 day', 'signature', false, 'paper', false)) ELSE '[]' END,
            1
       FROM (SELECT n, place, ($1::text[])[1 + place] AS unit, opened, open
               FROM (SELECT n, (hashint4(n) & 65535) % cardinality($1::text[]) AS place, (hashint4(n + 7) & 65535) % 20 = 0 AS open,
                            timestamptz '2021-01-01T01:00:00Z' + n * interval '2 years' / $2::int AS opened FROM generate_series(1, $2::int) AS n) AS spread
            ) AS made`,
    [units, count],
  );
  for (const { definition } of indexes) await client.query(definition);
  await restUp(client);
}
