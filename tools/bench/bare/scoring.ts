// The end of the bare path: every event raises one counter, and each counter that moved is published.
import { METRICS, runStage } from './stage.ts';

await runStage({
  queue: 'bare.scoring',
  to: { exchange: METRICS, routingKey: 'figure.changed.v1' },
  statement: `
    WITH given AS (SELECT e->>'source' AS source, e->>'id' AS id, e->>'type' AS type, e->>'unit' AS unit, left(e->>'time', 7) AS month
                     FROM json_array_elements($1::json) AS e),
         fresh AS (INSERT INTO inbox (source, id) SELECT source, id FROM given ON CONFLICT DO NOTHING RETURNING source, id),
         new AS (SELECT DISTINCT ON (source, id) type, unit, month FROM given JOIN fresh USING (source, id)),
         moved AS (INSERT INTO counter (type, unit, month, count) SELECT type, unit, month, count(*) FROM new GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
                   ON CONFLICT (type, unit, month) DO UPDATE SET count = counter.count + excluded.count RETURNING type, unit, month, count)
    INSERT INTO outbox (body)
    SELECT json_build_object('specversion', '1.0', 'type', 'vn.par.figure.changed.v1', 'unit', unit,
             'data', json_build_object('indicator', type, 'rule', 'count', 'period', month, 'numerator', count, 'denominator', count))::text
      FROM moved RETURNING id, body`,
});
