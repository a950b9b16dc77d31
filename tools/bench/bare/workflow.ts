// The middle hop of the bare path: every event is stored once and sent on.
import { EXCHANGE, runStage } from './stage.ts';

await runStage({
  queue: 'bare.workflow',
  to: { exchange: EXCHANGE, routingKey: 'judged' },
  statement: `
    WITH given AS (SELECT e->>'source' AS source, e->>'id' AS id, e->>'subject' AS subject, e::text AS body FROM json_array_elements($1::json) AS e),
         fresh AS (INSERT INTO inbox (source, id) SELECT source, id FROM given ON CONFLICT DO NOTHING RETURNING source, id),
         new AS (SELECT DISTINCT ON (source, id) subject, body FROM given JOIN fresh USING (source, id)),
         state AS (INSERT INTO work_dossier (id, events) SELECT subject, count(*) FROM new GROUP BY subject ORDER BY subject
                   ON CONFLICT (id) DO UPDATE SET events = work_dossier.events + excluded.events)
    INSERT INTO outbox (body) SELECT body FROM new RETURNING id, body`,
});
