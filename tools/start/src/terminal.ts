const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Says what happens: one line each, and on a terminal a spinner behind the last one while it goes on. */
export class Terminal {
  private frame = 0;
  private timer: NodeJS.Timeout | undefined;
  private current: string | undefined;
  private readonly out: NodeJS.WriteStream;

  constructor(out: NodeJS.WriteStream = process.stdout) {
    this.out = out;
  }

  /** What goes on from now on. */
  step(text: string): void {
    this.settle();
    if (!this.out.isTTY) {
      this.out.write(`  ${text}\n`);
      return;
    }
    this.current = text;
    this.draw();
    this.timer ??= setInterval(() => this.draw(), 100);
  }

  /** Text that stays; nothing goes on any more. */
  print(text: string): void {
    this.settle();
    clearInterval(this.timer);
    this.timer = undefined;
    this.out.write(`${text}\n`);
  }

  private draw(): void {
    if (this.current === undefined) return;
    const width = Math.max(20, (this.out.columns ?? 80) - 4);
    this.out.write(`\r\u001b[2K${FRAMES[this.frame++ % FRAMES.length]!} ${this.current.slice(0, width)}`);
  }

  private settle(): void {
    if (this.current === undefined) return;
    this.out.write(`\r\u001b[2K  ${this.current}\n`);
    this.current = undefined;
  }
}
