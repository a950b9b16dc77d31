import { Injectable } from '@nestjs/common';
import { Database, Problem } from '@par/service-kit';
import { hashKey, keyOf, type Producer } from './producer.ts';
import { REFUSALS } from './refusal.ts';

/** A key that is added or revoked takes effect after this long at the latest. */
const KNOWN_FOR_MS = 5_000;
/** Wrong keys are remembered too, or guessing would cost a query each; the memory is bounded. */
const MOST_REMEMBERED = 1_000;

interface Remembered {
  producer: Producer | undefined;
  /** On the monotonic clock: a wall clock that is set back must not keep a revoked key alive. */
  until: number;
}

/** Looks producers up by the hash of their key, and remembers them for some seconds. */
@Injectable()
export class ProducerKeys {
  readonly #remembered = new Map<string, Remembered>();
  readonly #asking = new Map<string, Promise<Producer | undefined>>();

  constructor(private readonly database: Database) {}

  /** What is remembered of a key: its producer, `undefined` for a wrong key, `ask` where only the database can say. */
  remembered(key: string): Producer | undefined | 'ask' {
    const found = this.#remembered.get(nameOf(key));
    return found && found.until > performance.now() ? found.producer : 'ask';
  }

  async find(key: string): Promise<Producer | undefined> {
    const known = this.remembered(key);
    if (known !== 'ask') return known;
    const name = nameOf(key);
    let asking = this.#asking.get(name);
    if (!asking) {
      asking = this.#ask(key, name).finally(() => this.#asking.delete(name));
      this.#asking.set(name, asking);
    }
    return asking;
  }

  /** Who calls, by the `Authorization` header; undefined without a key that holds. For doors that others may pass too. */
  async knownProducerOf(authorization: unknown): Promise<Producer | undefined> {
    const key = keyOf(authorization);
    return key === undefined ? undefined : this.find(key);
  }

  /** Who calls, by the `Authorization` header. @throws problem 401 `producer.unknown-key` */
  async producerOf(authorization: unknown): Promise<Producer> {
    const producer = await this.knownProducerOf(authorization);
    if (!producer) throw unknownKey();
    return producer;
  }

  async #ask(key: string, name: string): Promise<Producer | undefined> {
    const [producer] = await this.database.query<Producer>(
      'SELECT name, sources, units, declares FROM ingress.producer_key WHERE key_hash = $1 AND revoked_at IS NULL',
      [hashKey(key)],
    );
    // Oldest out first: a Map keeps the order of insertion.
    this.#remembered.delete(name);
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.delete(this.#remembered.keys().next().value!);
    this.#remembered.set(name, { producer, until: performance.now() + KNOWN_FOR_MS });
    return producer;
  }
}

export function unknownKey(): Problem {
  return new Problem({
    status: 401,
    code: 'producer.unknown-key',
    title: REFUSALS['producer.unknown-key'],
    detail: { en: 'Send it as authorization: Bearer <key>.', vi: 'Gửi khóa trong tiêu đề authorization: Bearer <khóa>.' },
  });
}

// Not even in memory is a key kept longer than its call.
function nameOf(key: string): string {
  return hashKey(key).toString('base64');
}
