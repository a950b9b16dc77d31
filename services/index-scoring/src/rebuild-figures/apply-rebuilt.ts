import { type Transaction } from '@par/service-kit';
import { DOSSIER_FACT_COLUMNS } from '../dossier-facts.ts';

interface Counter {
  indicator: string;
  rule: string;
  unit: string;
  month: string;
}

/**
 * Writes what a rebuild has kept: parts, dossier rows, findings and fingerprints of the subjects that came out otherwise. Returns the counters of the units and
 * months in which they counted before or count now.
 */
export async function applyRebuilt(tx: Transaction): Promise<Counter[]> {
  const before = await cellsOfRebuilt(tx);
  await tx.query('DELETE FROM contribution WHERE subject IN (SELECT subject FROM rebuilt)');
  await tx.query(
    `INSERT INTO contribution (subject, part, unit, month, decided_at, decided_source, decided_id, verdicts)
     SELECT r.subject, p.place - 1, part ->> 'unit', part ->> 'month', (part ->> 'decidedAt')::timestamptz, part ->> 'decidedSource', part ->> 'decidedId', part ->> 'verdicts'
     FROM rebuilt AS r, json_array_elements(r.parts) WITH ORDINALITY AS p(part, place)`,
  );
  const columns = DOSSIER_FACT_COLUMNS.join(', ');
  await tx.query(
    `INSERT INTO dossier_fact (${columns})
     SELECT ${DOSSIER_FACT_COLUMNS.map((name) => `d.${name}`).join(', ')} FROM rebuilt, json_populate_record(NULL::dossier_fact, dossier) AS d WHERE dossier IS NOT NULL
     ON CONFLICT (subject) DO UPDATE SET ${DOSSIER_FACT_COLUMNS.slice(1)
       .map((name) => `${name} = excluded.${name}`)
       .join(', ')}`,
  );
  await tx.query('DELETE FROM finding WHERE subject IN (SELECT subject FROM rebuilt)');
  await tx.query(
    `INSERT INTO finding (subject, code, source, id, unit, month, raw)
     SELECT f.subject, f.code, f.source, f.id, f.unit, f.month, f.raw FROM rebuilt, json_populate_recordset(NULL::finding, findings) AS f`,
  );
  await tx.query('UPDATE subject SET judged = r.judged FROM rebuilt AS r WHERE subject.key = r.subject');
  const cells = [...before, ...(await cellsOfRebuilt(tx))];
  return tx.query<Counter>(
    `SELECT indicator, rule, unit, month FROM counter WHERE (unit, month) IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
    [cells.map(({ unit }) => unit), cells.map(({ month }) => month)],
  );
}

async function cellsOfRebuilt(tx: Transaction): Promise<{ unit: string; month: string }[]> {
  return tx.query('SELECT DISTINCT unit, month FROM contribution WHERE subject IN (SELECT subject FROM rebuilt)');
}
