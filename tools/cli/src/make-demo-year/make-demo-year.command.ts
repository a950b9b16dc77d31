import type { ProducerEvent } from '@par/contracts';
import { DAY, demoYear, midnightOf, YEAR_FROM, YEAR_TO } from '@par/demo-year';
import { numberText, type Language } from '../language.ts';
import { countsLines, endLines } from '../post-events/counts-text.ts';
import { postItems, type PostItem } from '../post-events/posting.ts';
import type { PostingCounts } from '../post-events/posting-report.ts';
import { targetCity, type TargetOptions } from '../post-events/target-city.ts';
import { waitForFigures } from '../post-events/wait-for-figures.ts';
import { Progress } from '../progress.ts';
import { RunningCity } from '../running-city.ts';
import type { Terminal } from '../terminal.ts';
import { writeLines } from './write-lines.ts';

export interface MakeDemoOptions extends TargetOptions {
  year: '2021';
  dossiers: number;
  seed: number;
  /** `-` for standard output. */
  out?: string;
  json?: boolean;
}

interface Made {
  year: number;
  dossiers: number;
  seed: number;
  events: number;
  seconds: number;
}

/** `par demo`: exit 1 when anything was refused or in conflict. */
export async function makeDemoYear(options: MakeDemoOptions, terminal: Terminal): Promise<number> {
  const startedAt = performance.now();
  const year = new YearInHand(options, terminal);
  const made = (): Made => ({
    year: Number(options.year),
    dossiers: options.dossiers,
    seed: options.seed,
    events: year.events,
    seconds: Math.round((performance.now() - startedAt) / 100) / 10,
  });
  if (options.out !== undefined) {
    await writeLines(options.out, year.lines());
    const text = options.json ? JSON.stringify({ ...made(), out: options.out }, null, 2) : madeText(made(), options.out, terminal.language);
    // What was asked for is on standard output already.
    if (options.out === '-') terminal.note(text);
    else terminal.print(text);
    return 0;
  }
  const city = targetCity(new RunningCity(), options);
  const { clean, resumedAfter: _, ...counts } = await postItems(() => year.items(), { city, batch: options.batch, terminal });
  const settled = options.wait ? await waitForFigures(city.services, options.waitLimit, terminal) : null;
  const summary = { ...made(), ...counts, settled };
  terminal.print(options.json ? JSON.stringify(summary, null, 2) : summaryText(summary, options.waitLimit, terminal.language));
  return clean ? 0 : 1;
}

/** The year while it is being made, with a bar that goes from January to December. */
class YearInHand {
  events = 0;
  readonly #label: string;

  constructor(
    private readonly options: Pick<MakeDemoOptions, 'dossiers' | 'seed' | 'out'>,
    private readonly terminal: Terminal,
  ) {
    const inVietnamese = terminal.language === 'vi';
    this.#label =
      options.out === undefined ? (inVietnamese ? 'Gửi sự kiện' : 'Posting events') : inVietnamese ? 'Ghi sự kiện' : 'Writing events';
  }

  *lines(): Generator<string> {
    for (const event of this.#made()) yield JSON.stringify(event);
  }

  async *items(): AsyncGenerator<PostItem> {
    for (const event of this.#made()) {
      const { type, source, id, subject } = event;
      yield await Promise.resolve({ line: 0, events: [{ type, source, id, subject, json: () => JSON.stringify(event) }], faults: [] });
    }
  }

  *#made(): Generator<ProducerEvent> {
    this.events = 0;
    const days = Math.round((YEAR_TO - YEAR_FROM) / DAY);
    const progress = new Progress(this.terminal, this.#label, days);
    const unit = this.terminal.language === 'vi' ? 'sự kiện' : 'events';
    let day = 0;
    try {
      for (const event of demoYear(this.options)) {
        yield event;
        this.events += 1;
        // Events come in the order in which they were sent; those of units, which come first, say nothing of that.
        const reached = event.type.startsWith('vn.par.unit.') ? 0 : dayOf(event);
        if (reached <= day) continue;
        day = reached;
        progress.at(Math.min(day, days), `${this.events} ${unit}`);
      }
      progress.at(days, `${this.events} ${unit}`);
    } finally {
      progress.stop();
    }
  }
}

function dayOf({ sent, time }: ProducerEvent): number {
  return Math.floor((midnightOf(Date.parse(sent ?? time)) - YEAR_FROM) / DAY);
}

function madeText({ dossiers, seed, events, seconds }: Made, out: string, language: Language): string {
  const n = (value: number): string => numberText(value, language);
  return language === 'vi'
    ? `${out}: năm 2021 giả định, ${n(dossiers)} hồ sơ, hạt giống ${seed}: ${n(events)} sự kiện, ${n(seconds)} giây`
    : `${out}: a made-up 2021, ${n(dossiers)} dossiers, seed ${seed}: ${n(events)} events, ${n(seconds)} s`;
}

function summaryText(summary: Made & PostingCounts & { settled: boolean | null }, waitLimit: number, language: Language): string {
  const n = (value: number): string => numberText(value, language);
  const head =
    language === 'vi'
      ? `năm 2021 giả định: ${n(summary.dossiers)} hồ sơ, hạt giống ${summary.seed}, ${n(summary.seconds)} giây`
      : `a made-up 2021: ${n(summary.dossiers)} dossiers, seed ${summary.seed}, ${n(summary.seconds)} s`;
  return [head, ...countsLines(summary, language), ...endLines({ resumedAfter: null, settled: summary.settled }, waitLimit, language)].join(
    '\n',
  );
}
