import { SingleBar } from 'cli-progress';
import type { Terminal } from './terminal.ts';

/** A bar where somebody watches; elsewhere one plain line for each tenth. Both on standard error. */
export class Progress {
  readonly #bar: SingleBar | undefined;
  #tenths = 0;

  constructor(
    private readonly terminal: Terminal,
    private readonly label: string,
    private readonly total: number,
  ) {
    if (!process.stderr.isTTY) return;
    this.#bar = new SingleBar({
      format: `${label} {bar} {percentage}% {note}`,
      stream: process.stderr,
      clearOnComplete: false,
      hideCursor: true,
      barsize: 30,
      fps: 8,
      barCompleteChar: '█',
      barIncompleteChar: '░',
    });
    this.#bar.start(Math.max(1, total), 0, { note: '' });
  }

  at(done: number, note: string): void {
    if (this.#bar) {
      this.#bar.update(Math.min(done, this.total), { note });
      return;
    }
    const tenths = this.total === 0 ? 10 : Math.min(10, Math.floor((done / this.total) * 10));
    if (tenths <= this.#tenths) return;
    this.#tenths = tenths;
    this.terminal.note(`${this.label} ${tenths * 10}% ${note}`);
  }

  stop(): void {
    this.#bar?.stop();
  }
}
