import { countsLines, endLines } from '../post-events/counts-text.ts';
import { Journal } from '../post-events/journal.ts';
import { postItems, type PostItem } from '../post-events/posting.ts';
import type { PostingCounts } from '../post-events/posting-report.ts';
import { targetCity, type ResumeOptions, type TargetOptions } from '../post-events/target-city.ts';
import { waitForFigures } from '../post-events/wait-for-figures.ts';
import { numberText, type Language } from '../language.ts';
import { Progress } from '../progress.ts';
import { openInput, readMistake, sizeOf } from '../read-table/input-file.ts';
import { RunningCity } from '../running-city.ts';
import type { Terminal } from '../terminal.ts';
import { readEvents } from './read-events.ts';

export interface PostFileOptions extends TargetOptions, ResumeOptions {
  /** `-` for standard input. */
  file: string;
  json?: boolean;
}

interface PostSummary extends PostingCounts {
  /** Lines of the file, the empty ones too. */
  lines: number;
  resumedAfter: number | null;
  settled: boolean | null;
  seconds: number;
}

/** `par post`: exit 1 when anything was refused or in conflict. */
export async function postFile(options: PostFileOptions, terminal: Terminal): Promise<number> {
  const startedAt = performance.now();
  const city = targetCity(new RunningCity(), options);
  const reading = options.file === '-' ? new InputReading() : new FileReading(options.file, await sizeOf(options.file), terminal);
  const journal = await reading.journal(Object.values(city.doors), options);
  const { clean, ...counts } = await postItems(() => reading.items(), { city, batch: options.batch, journal, terminal });
  const settled = options.wait ? await waitForFigures(city.services, options.waitLimit, terminal) : null;
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  const summary: PostSummary = { lines: reading.lines, ...counts, settled, seconds };
  terminal.print(options.json ? JSON.stringify(summary, null, 2) : summaryText(summary, options, terminal.language));
  return clean ? 0 : 1;
}

/** A file of events, read from its beginning each time. */
class FileReading {
  lines = 0;

  constructor(
    private readonly file: string,
    private readonly size: number,
    private readonly terminal: Terminal,
  ) {}

  async journal(target: string[], { resume, journal: path }: ResumeOptions): Promise<Journal> {
    const journal = await Journal.of({ file: this.file, rules: ['events'], target }, path);
    if (!resume) journal.remove();
    return journal;
  }

  async *items(): AsyncGenerator<PostItem> {
    this.lines = 0;
    const inVietnamese = this.terminal.language === 'vi';
    const progress = new Progress(this.terminal, inVietnamese ? 'Gửi sự kiện' : 'Posting events', this.size);
    const input = openInput(this.file);
    try {
      for await (const item of readEvents(input.stream)) {
        this.lines += 1;
        yield item;
        progress.at(Math.min(input.bytesRead(), this.size - 1), `${this.lines} ${inVietnamese ? 'dòng' : 'lines'}`);
      }
      progress.at(this.size, `${this.lines} ${inVietnamese ? 'dòng' : 'lines'}`);
    } catch (error) {
      throw readMistake(this.file, error);
    } finally {
      input.close();
      progress.stop();
    }
  }
}

/** Standard input: it comes once, so nothing of it can be gone on from. */
class InputReading {
  lines = 0;

  journal(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async *items(): AsyncGenerator<PostItem> {
    for await (const item of readEvents(process.stdin)) {
      this.lines += 1;
      yield item;
    }
  }
}

function summaryText(summary: PostSummary, { file, waitLimit }: PostFileOptions, language: Language): string {
  const n = (value: number): string => numberText(value, language);
  const head =
    language === 'vi'
      ? `${file}: ${n(summary.lines)} dòng, ${n(summary.seconds)} giây`
      : `${file}: ${n(summary.lines)} lines, ${n(summary.seconds)} s`;
  return [head, ...countsLines(summary, language), ...endLines(summary, waitLimit, language)].join('\n');
}
