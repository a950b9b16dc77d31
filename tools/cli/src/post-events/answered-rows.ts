import type { AnswerListener, EventResult, Postable, PostingReport, RefusalExample } from './posting-report.ts';

interface OpenRow {
  /** Events without an answer. */
  unanswered: number;
  answers: { posted: Postable; result: EventResult }[];
  faults: { code: string; example: RefusalExample }[];
}

/**
 * Knows up to which row of an input everything is answered for. Answers come in any order, several requests being in flight; they go into the report
 * row by row, so that report and row always belong together and a broken-off run can go on from them without counting anything twice.
 */
export class AnsweredRows implements AnswerListener {
  readonly #open = new Map<number, OpenRow>();
  #row: number;

  constructor(
    readonly report: PostingReport,
    from = 0,
  ) {
    this.#row = from;
  }

  /** The last row of which, and of all before it, every event has its answer. */
  get row(): number {
    return this.#row;
  }

  /** Rows begun and not yet passed. */
  get waiting(): number {
    return this.#open.size;
  }

  /** Begins the next row: its number of events to be posted, and what of it cannot be posted at all. */
  begin(row: number, events: number, faults: { code: string; example: RefusalExample }[]): void {
    this.#open.set(row, { unanswered: events, answers: [], faults });
    if (events === 0) this.#pass();
  }

  answered(posted: Postable, result: EventResult): void {
    const open = this.#open.get(posted.row);
    if (!open) return;
    open.unanswered -= 1;
    open.answers.push({ posted, result });
    if (open.unanswered === 0) this.#pass();
  }

  #pass(): void {
    for (let open = this.#open.get(this.#row + 1); open?.unanswered === 0; open = this.#open.get(this.#row + 1)) {
      this.#row += 1;
      this.#open.delete(this.#row);
      for (const { code, example } of open.faults) this.report.refuse(code, example);
      for (const { posted, result } of open.answers) this.report.answered(posted, result);
    }
  }
}
