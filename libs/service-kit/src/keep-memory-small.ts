import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const LOOK_EVERY_MS = 2_000;
/** How far the heap may grow between two whole collections, in percent. V8 would let it double and more where the machine has memory. */
const HEAP_GROWTH_PERCENT = 30;
/** Probes, timers and checkpoints take so much time on the processor between two looks; what is more is work. */
const USUAL_MS = 60;
/** A process that takes no more than this between two looks is at rest. */
const REST_MS = 150;
/** V8 gives the room for young objects back only when few were made in the last seconds. */
const QUIET_LOOKS = 3;
/** So much work leaves something worth collecting. */
const WORTH_COLLECTING_MS = 40;
/** Room for young objects that a process at rest has no use for, bytes. */
const YOUNG_AT_REST = 8 << 20;
const MOST_TRIES = 5;

/** What is seen of the process at one look. */
export interface Look {
  /** Time on the processor since the look before. */
  cpuMs: number;
  /** Room that V8 holds for young objects. */
  youngBytes: number;
}

/** Decides when a process that has worked has come to rest, so that a collection holds nobody up. */
export class RestWatch {
  #worked = 0;
  #quietLooks = 0;
  #tries = 0;

  /** Whether to collect now. */
  look({ cpuMs, youngBytes }: Look): boolean {
    this.#worked += Math.max(0, cpuMs - USUAL_MS);
    this.#quietLooks = cpuMs <= REST_MS ? this.#quietLooks + 1 : 0;
    if (this.#quietLooks < QUIET_LOOKS) return false;
    if (this.#worked >= WORTH_COLLECTING_MS) {
      this.#worked = 0;
      this.#tries = 1;
    } else if (youngBytes > YOUNG_AT_REST && this.#tries < MOST_TRIES) {
      // The last collection came too soon after the work for V8 to give the room back.
      this.#tries += 1;
    } else return false;
    this.#quietLooks = 0;
    return true;
  }
}

/**
 * Keeps memory small, under load and at rest. A start, and a wave of events, leave tens of megabytes behind that V8 would keep until there is need. A collection when the
 * process has come to rest gives them back; nobody waits for it then.
 */
export function keepMemorySmall(): void {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`);
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  const watch = new RestWatch();
  let looked = process.cpuUsage();
  setInterval(() => {
    const { user, system } = process.cpuUsage(looked);
    const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
    if (watch.look({ cpuMs: (user + system) / 1_000, youngBytes: young?.space_size ?? 0 })) collect();
    looked = process.cpuUsage();
  }, LOOK_EVERY_MS).unref();
}
