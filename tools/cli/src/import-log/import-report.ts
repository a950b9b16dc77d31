import type { Bilingual } from '@par/service-kit';

export interface RefusalExample {
  /** Line of the log on which the row ends; absent for the organisation, which comes from the mapping. */
  line?: number;
  id?: string;
  field?: string;
  text?: Bilingual;
}

/** What became of the events of an import. */
export interface ImportSummary {
  rows: number;
  cases: number;
  posted: number;
  accepted: number;
  duplicate: number;
  conflict: number;
  /** Refused by a front door, or never posted because the mapping could not make an event of the row. */
  refused: number;
  /** Cause → how often, and the first examples. Conflicts stand under `event.conflict` or the code of the door. */
  causes: { code: string; count: number; examples: RefusalExample[] }[];
  /** Whether the figures had caught up at the end; null where nobody waited. */
  settled: boolean | null;
  seconds: number;
}

const EXAMPLES = 3;

/** Counts answers; a conflict is a cause too, since somebody has to look at it. */
export class ImportReport {
  posted = 0;
  accepted = 0;
  duplicate = 0;
  conflict = 0;
  refused = 0;
  readonly #causes = new Map<string, { code: string; count: number; examples: RefusalExample[] }>();

  fault(code: string, example: RefusalExample): void {
    let cause = this.#causes.get(code);
    if (!cause) this.#causes.set(code, (cause = { code, count: 0, examples: [] }));
    cause.count += 1;
    if (cause.examples.length < EXAMPLES) cause.examples.push(example);
  }

  get clean(): boolean {
    return this.refused + this.conflict === 0;
  }

  summary(rest: Pick<ImportSummary, 'rows' | 'cases' | 'settled' | 'seconds'>): ImportSummary {
    const { posted, accepted, duplicate, conflict, refused } = this;
    const causes = [...this.#causes.values()].sort((a, b) => b.count - a.count);
    return {
      rows: rest.rows,
      cases: rest.cases,
      posted,
      accepted,
      duplicate,
      conflict,
      refused,
      causes,
      settled: rest.settled,
      seconds: rest.seconds,
    };
  }
}
