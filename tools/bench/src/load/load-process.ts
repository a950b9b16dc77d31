import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CHECKOUT } from '@par/infrastructure';
import { type FromLoad, type FromParent, type Heard, type LoadOrder, monotonicMs, type Posted } from './load-order.ts';

type Told<S extends FromLoad['say']> = Extract<FromLoad, { say: S }>;

const POLL_MS = 200;
/** So long without a change of a figure, and it is worth the cost to ask whether all is counted. */
const QUIET_MS = 800;

/** The load generator in its own process, so that it neither waits for the harness nor makes it wait. */
export class LoadProcess {
  #failure: Error | undefined;
  #waiting: { say: FromLoad['say']; found: (message: FromLoad) => void; failed: (error: Error) => void }[] = [];

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (message) => this.#take(message as FromLoad));
    child.once('exit', (code, signal) => this.#fail(new Error(`the load process ended (${signal ?? code})`)));
  }

  /** Resolves when it listens to the figures and is about to post. */
  static async start(order: LoadOrder): Promise<LoadProcess> {
    const child = fork(join(CHECKOUT, 'tools/run.mjs'), [join(CHECKOUT, 'tools/bench/src/load/main.ts')], { cwd: CHECKOUT });
    const load = new LoadProcess(child);
    const listening = load.#next('listening');
    child.send(order);
    await listening;
    return load;
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Resolves when everything is posted. @throws where a door refused */
  async posted(): Promise<Posted> {
    return (await this.#next('posted')).posted;
  }

  /**
   * Waits until figures rest and `isCounted` says that nothing is on its way any more; then ends the process and answers what it heard.
   * @throws where that takes longer than the limit
   */
  async heard(isCounted: () => Promise<boolean>, limitMs: number): Promise<Heard> {
    const giveUpAt = monotonicMs() + limitMs;
    for (;;) {
      const { lastFigureAt } = await this.#ask('status');
      if (monotonicMs() - lastFigureAt >= QUIET_MS && (await isCounted())) break;
      if (monotonicMs() > giveUpAt) throw new Error(`not everything was counted within ${limitMs / 1000} s`);
      await pause(POLL_MS);
    }
    const finished = this.#next('finished');
    this.#say({ say: 'finish' });
    return (await finished).heard;
  }

  kill(): void {
    this.#waiting = [];
    if (this.child.exitCode === null) this.child.kill('SIGKILL');
  }

  async #ask(say: 'status'): Promise<Told<'status'>> {
    const answer = this.#next(say);
    this.#say({ say });
    return answer;
  }

  #say(message: FromParent): void {
    this.child.send(message);
  }

  #next<S extends FromLoad['say']>(say: S): Promise<Told<S>> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((found, failed) => {
      this.#waiting.push({ say, found: (message) => found(message as Told<S>), failed });
    });
  }

  #take(message: FromLoad): void {
    if (message.say === 'failed') return this.#fail(new Error(message.reason));
    const index = this.#waiting.findIndex(({ say }) => say === message.say);
    if (index >= 0) this.#waiting.splice(index, 1)[0]!.found(message);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { failed } of this.#waiting.splice(0)) failed(error);
  }
}
