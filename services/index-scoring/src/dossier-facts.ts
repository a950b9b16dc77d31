import { Injectable } from '@nestjs/common';
import { monthOf, type Stop, stoppedMs } from '@par/administration';
import { type Transaction } from '@par/service-kit';
import { type Basis } from './basis.ts';
import { type CaseView } from './case-view.ts';
import { byDecision766, doneByForm, endBy766, waitingForSupplement } from './on-time-rules.ts';

/** A dossier as one row, for what is computed over dossiers at an instant: forms, "overdue now", Decision 766. */
export interface DossierFactRow {
  subject: string;
  city: string;
  unit: string;
  received_unit: string | null;
  beside: boolean;
  received_at: string | null;
  channel: string | null;
  procedure: string | null;
  online_level: number | null;
  due_at: string | null;
  first_due_at: string | null;
  ended_at: string | null;
  ended_as: string | null;
  ended_class: string | null;
  intake_refused: boolean;
  waiting_since: string | null;
  stops: string;
  supplement_requests: number;
  waited_ms: number;
  finding_count: number;
  end_766_at: string | null;
  in_time_766: boolean | null;
}

const COLUMNS = {
  subject: 'text',
  city: 'text',
  unit: 'text',
  received_unit: 'text',
  beside: 'boolean',
  received_at: 'timestamptz',
  channel: 'text',
  procedure: 'text',
  online_level: 'int',
  due_at: 'timestamptz',
  first_due_at: 'timestamptz',
  ended_at: 'timestamptz',
  ended_as: 'text',
  ended_class: 'text',
  intake_refused: 'boolean',
  waiting_since: 'timestamptz',
  stops: 'text',
  supplement_requests: 'int',
  waited_ms: 'bigint',
  finding_count: 'int',
  end_766_at: 'timestamptz',
  in_time_766: 'boolean',
} as const satisfies Record<keyof DossierFactRow, string>;
/** Columns of `dossier_fact`; the first is its key. */
export const DOSSIER_FACT_COLUMNS = Object.keys(COLUMNS) as (keyof DossierFactRow)[];
const NAMES = DOSSIER_FACT_COLUMNS;

/** The row of a dossier; undefined for a work dossier that belongs to no dossier. */
export function dossierFactOf(subject: string, view: CaseView, basis: Basis): DossierFactRow | undefined {
  const { life, isDossier } = view.fact;
  if (!isDossier) return undefined;
  const known = life.received ?? life.ended ?? life.registered ?? life.intakeRefused ?? life.supplementRequests[0] ?? life.transfers[0];
  const unit = basis.organisation.unit(known ? view.unitOf(known) : '') ?? view.homeUnit;
  const { received, ended } = life;
  const end766 = endBy766(view);
  const inTime766 = byDecision766(view)[0];
  return {
    subject,
    city: unit.city,
    unit: unit.id,
    received_unit: received?.unit ?? null,
    beside: unit.kind === 'provincial-body',
    received_at: received?.at ?? null,
    channel: received?.channel ?? null,
    procedure: received?.procedure ?? null,
    online_level: view.onlineLevel ?? null,
    due_at: view.dues.inForce?.at ?? null,
    first_due_at: view.dues.first?.at ?? null,
    ended_at: ended?.at ?? null,
    ended_as: ended?.as ?? null,
    ended_class: ended ? (doneByForm(view)?.class ?? null) : null,
    intake_refused: life.intakeRefused !== undefined && !received,
    waiting_since: waitingForSupplement(view)?.at ?? null,
    stops: rangesOf(life.stops),
    supplement_requests: life.supplementRequests.length,
    waited_ms: received ? stoppedMs(life.stops, received.at, ended?.at ?? FAR) : 0,
    finding_count: life.findings.length,
    end_766_at: end766?.at ?? null,
    in_time_766: inTime766 ? inTime766.numerator === 1 : null,
  };
}

/** An open stop has waited no measured time yet: it is measured when read. */
const FAR = '0001-01-01T00:00:00.000Z';

function rangesOf(stops: readonly Stop[]): string {
  return `{${stops
    .filter((stop) => stop.to === undefined || stop.from < stop.to)
    .map((stop) => `[${stop.from},${stop.to ?? 'infinity'})`)
    .join(',')}}`;
}

/** Writes dossier rows and findings of a batch. */
@Injectable()
export class DossierFacts {
  save(tx: Transaction, rows: readonly DossierFactRow[]): void {
    if (rows.length === 0) return;
    const select = NAMES.map((name) => (name === 'stops' ? 'stops::tstzmultirange' : `"${name}"`)).join(', ');
    tx.send(
      `INSERT INTO dossier_fact (${NAMES.join(', ')})
       SELECT ${select} FROM unnest(${NAMES.map((name, index) => `$${index + 1}::${COLUMNS[name]}[]`).join(', ')}) AS f(${NAMES.join(', ')})
       ON CONFLICT (subject) DO UPDATE SET ${NAMES.slice(1)
         .map((name) => `${name} = excluded.${name}`)
         .join(', ')}`,
      NAMES.map((name) => rows.map((row) => row[name])),
    );
  }

  /** Replaces the findings of the subjects that have or had some. */
  saveFindings(tx: Transaction, findings: readonly SubjectFindings[]): void {
    if (findings.length === 0) return;
    tx.send('DELETE FROM finding WHERE subject = ANY($1::text[])', [findings.map(({ subject }) => subject)]);
    const rows = findings.flatMap(({ subject, unit, month, list }) => list.map((finding) => ({ subject, unit, month, ...finding })));
    if (rows.length === 0) return;
    tx.send(
      `INSERT INTO finding (subject, code, source, id, unit, month, raw)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])`,
      [
        rows.map((r) => r.subject),
        rows.map((r) => r.code),
        rows.map((r) => r.event?.source ?? null),
        rows.map((r) => r.event?.id ?? null),
        rows.map((r) => r.unit),
        rows.map((r) => r.month),
        rows.map((r) => r.raw ?? null),
      ],
    );
  }
}

export interface SubjectFindings {
  subject: string;
  unit: string;
  month: string | null;
  list: { code: string; event?: { source: string; id: string }; raw?: string }[];
}

/** Findings of a dossier, in the month of its receipt or of what is known first. */
export function findingsOf(subject: string, view: CaseView, row: DossierFactRow): SubjectFindings {
  const at = row.received_at ?? row.ended_at ?? view.fact.life.registered?.at;
  return {
    subject,
    unit: row.unit,
    month: at === undefined || at === null ? null : monthOf(new Date(at), view.timeZone),
    list: view.fact.life.findings,
  };
}
