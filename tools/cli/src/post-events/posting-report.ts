import type { Bilingual } from '@par/service-kit';

export interface RefusalExample {
  /** Line of the file on which it stands; absent for what comes with a mapping. */
  line?: number;
  id?: string;
  field?: string;
  text?: Bilingual;
}

export interface RefusalCause {
  code: string;
  count: number;
  /** The first ones. */
  examples: RefusalExample[];
}

/** What a front door said of one event. */
export interface EventResult {
  index: number;
  id?: string;
  result: 'accepted' | 'duplicate' | 'conflict' | 'refused';
  code?: string;
  field?: string;
  message?: Bilingual;
}

/** An event on its way to a door. */
export interface Postable {
  /** JSON of the event. */
  json: string;
  id?: string;
  /** Line of the file it comes from; 0 where it comes from none. */
  line: number;
  /** Which part of the input it belongs to, counted from 1; see `AnsweredRows`. */
  row: number;
}

export interface AnswerListener {
  answered(posted: Postable, result: EventResult): void;
}

/** Counts of answers, and the causes of what was not taken with their first examples. */
export interface PostingCounts {
  posted: number;
  accepted: number;
  duplicate: number;
  conflict: number;
  /** Refused by a front door, or never posted because no event could be made of the row. */
  refused: number;
  /** Most frequent first. Conflicts stand under `event.conflict` or the code of the door: somebody has to look at them too. */
  causes: RefusalCause[];
}

const EXAMPLES = 3;

/** Counts answers and what could not be posted. */
export class PostingReport implements AnswerListener {
  posted = 0;
  accepted = 0;
  duplicate = 0;
  conflict = 0;
  refused = 0;
  readonly #causes = new Map<string, RefusalCause>();

  /** Goes on from the counts of an earlier run. */
  static from({ causes, ...counts }: PostingCounts): PostingReport {
    const report = Object.assign(new PostingReport(), counts);
    for (const cause of causes) report.#causes.set(cause.code, { ...cause, examples: [...cause.examples] });
    return report;
  }

  get clean(): boolean {
    return this.refused + this.conflict === 0;
  }

  answered(posted: Postable, { result, code, field, message }: EventResult): void {
    this.posted += 1;
    this[result] += 1;
    if (result === 'accepted' || result === 'duplicate') return;
    this.#cause(code ?? `event.${result}`, {
      ...(posted.line > 0 && { line: posted.line }),
      ...(posted.id !== undefined && { id: posted.id }),
      ...(field !== undefined && { field }),
      ...(message && { text: message }),
    });
  }

  /** Something that was not posted because it cannot be an event. */
  refuse(code: string, example: RefusalExample): void {
    this.refused += 1;
    this.#cause(code, example);
  }

  counts(): PostingCounts {
    const { posted, accepted, duplicate, conflict, refused } = this;
    const causes = [...this.#causes.values()].sort((a, b) => b.count - a.count);
    return { posted, accepted, duplicate, conflict, refused, causes };
  }

  #cause(code: string, example: RefusalExample): void {
    let cause = this.#causes.get(code);
    if (!cause) this.#causes.set(code, (cause = { code, count: 0, examples: [] }));
    cause.count += 1;
    if (cause.examples.length < EXAMPLES) cause.examples.push(example);
  }
}
