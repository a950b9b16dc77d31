import type { Bilingual } from '@par/service-kit';
import type { Terminal } from '../terminal.ts';
import { AnsweredRows } from './answered-rows.ts';
import type { Journal } from './journal.ts';
import { isUnitEvent, Lanes, type Outgoing, type TargetCity } from './lanes.ts';
import { PostingReport, type AnswerListener, type Postable, type PostingCounts } from './posting-report.ts';

/** What one row of an input gives: events, and faults that keep it from giving others. */
export interface PostItem {
  /** Line of the file; 0 where it comes from none. */
  line: number;
  events: Outgoing[];
  faults: { code: string; id?: string; field?: string; text?: Bilingual }[];
}

export interface PostingOptions {
  city: TargetCity;
  batch: number;
  /** Absent where the input cannot be read twice. */
  journal?: Journal | undefined;
  terminal: Terminal;
}

export interface PostingOutcome extends PostingCounts {
  clean: boolean;
  /** Rows that an earlier run was answered for, and that were not posted again; null where there was none. */
  resumedAfter: number | null;
}

/**
 * Rows on their way at most, in batches; beyond them half-filled batches are sent and answers waited for. One event of a door that takes few, waiting for
 * its batch to fill, would hold the journal back and let memory grow.
 */
const MOST_WAITING = 20;
const PROBED_EVENTS = 20;

/**
 * Posts an input row by row, from the first row or from where the journal says that an earlier run stopped. `items` gives the same rows each time it is
 * called. @throws Mistake where a door stays away, refuses the call, or the input is broken; what was answered stays in the journal
 */
export async function postItems(items: () => AsyncIterable<PostItem>, options: PostingOptions): Promise<PostingOutcome> {
  const { journal, terminal } = options;
  const start = journal?.read();
  const probe = new Probe();
  if (start && start.row > 0) {
    const outcome = await new Pass(options, probe, start).run(items());
    if (outcome) return outcome;
    terminal.note(
      terminal.language === 'vi'
        ? 'hệ thống đích không có dữ liệu của lần nhập trước: bắt đầu lại từ dòng đầu'
        : 'the target does not have what the earlier run posted: starting from the first row',
    );
  }
  return (await new Pass(options, probe).run(items()))!;
}

/** What the rows of an earlier run are tried with: their unit events and the last others. The city has them, or it is another one. */
class Probe implements AnswerListener {
  /** Events that the probing itself brought in: they were new, whatever is said when they are posted in their turn. */
  readonly accepted = new Set<string>();

  answered({ id = '', row }: Postable, { result }: { result: string }): void {
    if (result === 'accepted') this.accepted.add(`${row}\n${id}`);
  }
}

class Pass {
  readonly #answered: AnsweredRows;
  readonly #lanes: Lanes;
  readonly #skipped: { event: Outgoing; place: { line: number; row: number } }[] = [];

  constructor(
    private readonly options: PostingOptions,
    private readonly probe: Probe,
    private readonly start?: { row: number; counts: PostingCounts },
  ) {
    this.#answered = new AnsweredRows(start ? PostingReport.from(start.counts) : new PostingReport(), start?.row);
    this.#lanes = this.#lanesTo({
      answered: (posted, result) => {
        const wasNew = result.result === 'duplicate' && probe.accepted.has(`${posted.row}\n${posted.id ?? ''}`);
        this.#answered.answered(posted, wasNew ? { ...result, result: 'accepted' } : result);
        options.journal?.mark(this.#answered);
      },
    });
  }

  /** Undefined where the earlier run's events are not there. */
  async run(items: AsyncIterable<PostItem>): Promise<PostingOutcome | undefined> {
    const { journal, terminal } = this.options;
    const from = this.start?.row ?? 0;
    let row = 0;
    try {
      for await (const item of items) {
        row += 1;
        if (row > from) await this.#post(item, row);
        else {
          this.#remember(item, row);
          if (row === from && !(await this.#isSameCity())) return undefined;
        }
      }
      // The file ends before the row that the journal speaks of: it is not the file of the earlier run.
      if (row < from) return undefined;
      await this.#lanes.finish();
    } catch (error) {
      await this.#lanes.end();
      if (journal && this.#answered.row > from) journal.write(this.#answered);
      if (journal && this.#answered.row > 0) terminal.note(keptText(this.#answered.row, terminal));
      throw error;
    }
    journal?.remove();
    const { report } = this.#answered;
    return { ...report.counts(), clean: report.clean, resumedAfter: this.start ? from : null };
  }

  async #post({ line, events, faults }: PostItem, row: number): Promise<void> {
    const told = faults.map(({ code, ...fault }) => ({ code, example: { ...(line > 0 && { line }), ...fault } }));
    this.#answered.begin(row, events.length, told);
    for (const event of events) await this.#lanes.add(event, { line, row });
    if (this.#answered.waiting > MOST_WAITING * this.options.batch) await this.#lanes.drain();
  }

  #remember({ line, events }: PostItem, row: number): void {
    for (const event of events) {
      this.#skipped.push({ event, place: { line, row } });
      if (this.#skipped.length < 10 * PROBED_EVENTS) continue;
      const old = this.#skipped.splice(0);
      this.#skipped.push(...old.filter(({ event: one }, index) => isUnitEvent(one) || index >= old.length - PROBED_EVENTS));
    }
  }

  /** Posts some of the earlier run's events again. One that is new to the city means that it is not the city they went to. */
  async #isSameCity(): Promise<boolean> {
    const { journal } = this.options;
    // Once a probe has brought something in, the next would find it there: a run that is killed in between must begin anew.
    journal?.remove();
    const lanes = this.#lanesTo(this.probe);
    const units = this.#skipped.filter(({ event }) => isUnitEvent(event));
    const others = this.#skipped.filter(({ event }) => !isUnitEvent(event)).slice(-PROBED_EVENTS);
    try {
      for (const { event, place } of [...units, ...others]) await lanes.add(event, place);
      await lanes.finish();
    } finally {
      await lanes.end();
      if (this.probe.accepted.size === 0) journal?.write(this.#answered);
    }
    return this.probe.accepted.size === 0;
  }

  #lanesTo(listener: AnswerListener): Lanes {
    return new Lanes(this.options.city, this.options.batch, listener);
  }
}

function keptText(row: number, { language }: Terminal): string {
  return language === 'vi'
    ? `${row} dòng đã có trả lời; chạy lại cùng lệnh để tiếp tục`
    : `${row} rows are answered for; run the same command again to go on`;
}
