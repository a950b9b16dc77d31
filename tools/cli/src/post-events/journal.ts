import { createHash, type Hash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf, Mistake } from '../mistake.ts';
import { STATE_DIRECTORY } from '../running-city.ts';
import type { AnsweredRows } from './answered-rows.ts';
import type { PostingCounts } from './posting-report.ts';

/** What a journal is about: other bytes, other rules or another target make it another one. */
export interface JournalSubject {
  file: string;
  /** What decides how the file becomes events: the text of a mapping, names of a sheet. */
  rules: string[];
  /** Addresses of the doors. */
  target: string[];
}

interface JournalEntry {
  version: 1;
  file: string;
  identity: string;
  row: number;
  counts: PostingCounts;
}

const HEAD_BYTES = 1024 * 1024;
const WRITE_EVERY_MS = 500;

/**
 * A small file that says up to which row everything was answered for, written twice a second while a posting runs and removed when it is done. A posting
 * that was killed goes on from there. It holds counts and the first examples of refusals, no events.
 */
export class Journal {
  #writtenAt = 0;
  #writtenRow = 0;

  private constructor(
    readonly path: string,
    private readonly file: string,
    private readonly identity: string,
  ) {}

  /** `path` where given, else a file of its own under `imports/` of the state directory. */
  static async of(subject: JournalSubject, path?: string): Promise<Journal> {
    const identity = await identityOf(subject);
    return new Journal(path ?? join(STATE_DIRECTORY, 'imports', `${identity.slice(0, 32)}.json`), subject.file, identity);
  }

  /** Where to go on from; undefined where nothing was begun. @throws Mistake where the journal is one of another file, mapping or target */
  read(): { row: number; counts: PostingCounts } | undefined {
    let entry: Partial<JournalEntry>;
    try {
      entry = JSON.parse(readFileSync(this.path, 'utf8')) as Partial<JournalEntry>;
    } catch (error) {
      // Never written, or cut off by a power cut: the first row is always a right place to begin.
      if (error instanceof SyntaxError || codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
    if (entry.version !== 1 || entry.identity !== this.identity || entry.row === undefined || !entry.counts) {
      throw new Mistake('journal.of-another-import', {
        en: `${this.path} is the journal of another import (${entry.file ?? 'unknown'}, or its mapping or target was another); give another file, or --no-resume to write over it`,
        vi: `${this.path} là nhật ký của lần nhập khác (${entry.file ?? 'không rõ'}, hoặc khác ánh xạ, khác đích); hãy nêu tệp khác, hoặc --no-resume để ghi đè`,
      });
    }
    return { row: entry.row, counts: entry.counts };
  }

  /** Writes where it stands, at most twice a second. */
  mark(answered: AnsweredRows): void {
    if (answered.row === this.#writtenRow || Date.now() - this.#writtenAt < WRITE_EVERY_MS) return;
    this.write(answered);
  }

  write(answered: AnsweredRows): void {
    const { file, identity, path } = this;
    const entry: JournalEntry = { version: 1, file, identity, row: answered.row, counts: answered.report.counts() };
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // Written beside and renamed, so that a kill never leaves half a journal.
    const scratch = `${path}.${process.pid}`;
    writeFileSync(scratch, JSON.stringify(entry), { mode: 0o600 });
    renameSync(scratch, path);
    this.#writtenAt = Date.now();
    this.#writtenRow = answered.row;
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }
}

/** SHA-256 over size, time of change and first megabyte of the file, the rules and the target. */
async function identityOf({ file, rules, target }: JournalSubject): Promise<string> {
  const handle = await open(file, 'r');
  const sum: Hash = createHash('sha256');
  try {
    const { size, mtimeMs } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(HEAD_BYTES, size)), 0);
    sum.update(JSON.stringify([size, mtimeMs, rules, target])).update(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
  return sum.digest('hex');
}
