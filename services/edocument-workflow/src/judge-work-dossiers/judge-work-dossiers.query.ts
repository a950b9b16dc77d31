import type { CloudEvent } from '@par/contracts';
import type { Transaction } from '@par/service-kit';
import type { ChangedWorkDossier, StoredWorkDossier } from '../dossier-change.ts';

/** Makes the rows that are missing and locks all of them, both in the order of the key, so that no two consumers wait for each other. */
export async function lockWorkDossiers(tx: Transaction, ids: readonly string[]): Promise<StoredWorkDossier[]> {
  tx.send('INSERT INTO work_dossier (id) SELECT unnest($1::text[]) COLLATE "C" ON CONFLICT (id) DO NOTHING', [ids]);
  const rows = await tx.query<Omit<StoredWorkDossier, 'due'> & { due: Date | null }>(
    `SELECT id, events, judgement, revision, process, process_version AS "processVersion", process_basis AS "processBasis",
            expected, expected_revision AS "expectedRevision", unit, due_at AS due
       FROM work_dossier WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE`,
    [ids],
  );
  return rows.map((row) => ({ ...row, due: row.due?.toISOString() ?? null }));
}

export function store(tx: Transaction, changed: readonly ChangedWorkDossier[]): void {
  if (changed.length === 0) return;
  tx.send(
    `UPDATE work_dossier AS w
        SET events = w.events || c.fresh::jsonb, state = c.state, judgement = coalesce(c.judgement::jsonb, w.judgement), revision = c.revision,
            unit = c.unit, kind = c.kind, urgency = c.urgency, opened_at = c.opened_at, due_at = c.due_at, closed_at = c.closed_at, ended_at = c.ended_at,
            process = c.process, process_version = c.process_version, process_basis = c.process_basis,
            expected = coalesce(c.expected::jsonb, w.expected), expected_revision = c.expected_revision
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::text[], $7::text[], $8::text[], $9::timestamptz[], $10::timestamptz[],
                   $11::timestamptz[], $12::timestamptz[], $13::text[], $14::int[], $15::text[], $16::text[], $17::int[])
         AS c(id, fresh, state, judgement, revision, unit, kind, urgency, opened_at, due_at, closed_at, ended_at, process, process_version,
              process_basis, expected, expected_revision)
      WHERE w.id = c.id`,
    [
      changed.map(({ id }) => id),
      changed.map(({ fresh }) => JSON.stringify(fresh)),
      changed.map(({ dossier }) => dossier.state),
      changed.map(({ judgement }) => (judgement ? JSON.stringify(judgement.content) : null)),
      changed.map(({ revision }) => revision),
      changed.map(({ dossier }) => dossier.lead ?? null),
      changed.map(({ dossier }) => dossier.kind ?? null),
      changed.map(({ dossier }) => dossier.urgency ?? null),
      changed.map(({ dossier }) => dossier.openedAt ?? null),
      changed.map(({ dossier }) => dossier.due ?? null),
      changed.map(({ dossier }) => dossier.completion?.time ?? null),
      changed.map(({ dossier }) => dossier.endedAt ?? null),
      changed.map(({ process }) => process?.id ?? null),
      changed.map(({ process }) => process?.version ?? null),
      changed.map(({ processBasis }) => processBasis ?? null),
      changed.map(({ stepDue }) => (stepDue ? JSON.stringify(stepDue.data.steps) : null)),
      changed.map(({ expectedRevision }) => expectedRevision),
    ],
  );
}

export function storeJudgements(tx: Transaction, events: readonly CloudEvent<'vn.par.work-dossier.closed.v1'>[]): void {
  if (events.length === 0) return;
  tx.send(
    `INSERT INTO judgement (subject, revision, unit, received_at, content, judged_at)
     SELECT * FROM unnest($1::text[], $2::int[], $3::text[], $4::timestamptz[], $5::jsonb[], $6::timestamptz[])`,
    [
      events.map((event) => event.subject),
      events.map((event) => event.data.revision),
      events.map((event) => event.unit),
      events.map((event) => event.received),
      events.map((event) => JSON.stringify(event.data)),
      events.map((event) => event.time),
    ],
  );
}

/** The places of the steps that are expected now in the lists of tasks, instead of those before; the lock on each work dossier's row keeps writers apart. */
export function storeExpectedSteps(tx: Transaction, changed: readonly ChangedWorkDossier[]): void {
  const told = changed.flatMap(({ stepDue }) => stepDue ?? []);
  if (told.length === 0) return;
  tx.send('DELETE FROM expected_step WHERE work_dossier = ANY($1::text[])', [told.map(({ subject }) => subject)]);
  const steps = told.flatMap(({ subject, unit, data }) => data.steps.map((step) => ({ subject, unit, step })));
  if (steps.length === 0) return;
  tx.send(
    `INSERT INTO expected_step (work_dossier, element, unit, due_at)
     SELECT work_dossier, element, unit, coalesce(due_at, 'infinity')
       FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) AS s(work_dossier, element, unit, due_at)`,
    [
      steps.map(({ subject }) => subject),
      steps.map(({ step }) => step.element),
      steps.map(({ unit }) => unit),
      steps.map(({ step }) => step.due ?? null),
    ],
  );
}
