import { type TallyRow } from '@par/contracts';
import { type Transaction } from '@par/service-kit';
import { type Outcome } from './event-result.ts';
import { type Judgement } from './judgement.ts';

/** A line of the tally as it grows within one commit. `day` is the UTC date of receipt. */
export interface TallyLine extends Omit<TallyRow, 'refused'> {
  refused: Map<string, number>;
}

/** What came in and what became of it, per day, source and unit. A refused secret is counted with neither source nor unit. */
export class Tally {
  readonly #lines = new Map<string, TallyLine>();

  /** Counts events as they came in, before anything is known of their fate. */
  countPosted(day: string, judgements: readonly Judgement[]): void {
    for (const judgement of judgements) this.#line(day, judgement).posted += 1;
  }

  countOutcome(day: string, judgement: Judgement, outcome: Outcome): void {
    const line = this.#line(day, judgement);
    if (outcome !== 'refused') line[outcome] += 1;
    else if (judgement.kind === 'refused') {
      const { code } = judgement.refusal;
      line.refused.set(code, (line.refused.get(code) ?? 0) + 1);
    }
  }

  /** In one order for every process, so that two commits never lock each other out. */
  lines(): TallyLine[] {
    return [...this.#lines.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
  }

  #line(day: string, judgement: Judgement): TallyLine {
    const [source, unit] =
      judgement.kind === 'taken' ? [judgement.event.source, judgement.event.unit] : [judgement.tallySource, judgement.tallyUnit];
    const key = `${day}\0${source}\0${unit}`;
    let line = this.#lines.get(key);
    if (!line) this.#lines.set(key, (line = { day, source, unit, posted: 0, accepted: 0, duplicate: 0, conflict: 0, refused: new Map() }));
    return line;
  }
}

/** Adds the lines to the tables; both statements are sent at once. */
export async function addToTally(tx: Transaction, lines: readonly TallyLine[]): Promise<void> {
  await Promise.all([addCounts(tx, lines), addRefusals(tx, lines)]);
}

async function addCounts(tx: Transaction, lines: readonly TallyLine[]): Promise<void> {
  await tx.query(
    `INSERT INTO ingress.tally AS t (day, source, unit, posted, accepted, duplicate, conflict)
     SELECT * FROM unnest($1::date[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
     ON CONFLICT (day, source, unit) DO UPDATE SET posted = t.posted + excluded.posted, accepted = t.accepted + excluded.accepted,
       duplicate = t.duplicate + excluded.duplicate, conflict = t.conflict + excluded.conflict`,
    [
      lines.map((l) => l.day),
      lines.map((l) => l.source),
      lines.map((l) => l.unit),
      lines.map((l) => l.posted),
      lines.map((l) => l.accepted),
      lines.map((l) => l.duplicate),
      lines.map((l) => l.conflict),
    ],
  );
}

async function addRefusals(tx: Transaction, lines: readonly TallyLine[]): Promise<void> {
  const refusals = lines.flatMap((line) =>
    [...line.refused]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([code, count]) => ({ day: line.day, source: line.source, unit: line.unit, code, count })),
  );
  if (refusals.length === 0) return;
  await tx.query(
    `INSERT INTO ingress.tally_refusal AS r (day, source, unit, code, count)
     SELECT * FROM unnest($1::date[], $2::text[], $3::text[], $4::text[], $5::bigint[])
     ON CONFLICT (day, source, unit, code) DO UPDATE SET count = r.count + excluded.count`,
    [
      refusals.map((r) => r.day),
      refusals.map((r) => r.source),
      refusals.map((r) => r.unit),
      refusals.map((r) => r.code),
      refusals.map((r) => r.count),
    ],
  );
}
