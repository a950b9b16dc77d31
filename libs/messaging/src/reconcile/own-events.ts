import { Inject, Injectable, Optional } from '@nestjs/common';
import { readingQueueOf, type BalanceKey, type EventIdentity, type EventType, type ServiceName, isEventType } from '@par/contracts';
import { Database } from '@par/service-kit';
import { SERVICE_NAME } from '../broker.ts';
import { IdentitySource } from '../identity-source.ts';
import { hashIdentities, type HashedIdentity } from './identity-ranges.ts';

/** Narrowing asks for one line several times within a few seconds, and a service may have to search its whole store for it. */
const KEPT_MS = 60_000;
const MOST_KEPT = 200;
const MOST_KEPT_EVENTS = 100_000;

interface KeptLine {
  revision: number;
  at: number;
  events: HashedIdentity[];
}

/** Names the events of a line as this service has them. */
@Injectable()
export class OwnEvents {
  readonly #kept = new Map<string, KeptLine>();

  constructor(
    private readonly database: Database,
    @Inject(SERVICE_NAME) private readonly service: ServiceName,
    @Optional() private readonly source?: IdentitySource,
  ) {}

  /** What this service sent out on a line whose revision is `revision`. */
  async sent(line: BalanceKey, revision: number): Promise<HashedIdentity[]> {
    return this.#remembered(`out ${textOf(line)}`, revision, () => this.#identities('out', line));
  }

  /** What this service has of a line: taken in, waiting for another try, or given up. */
  async has(line: BalanceKey, revision: number): Promise<HashedIdentity[]> {
    const taken = await this.#remembered(`in ${textOf(line)}`, revision, () => this.#identities('in', line));
    const known = new Set(taken.map(({ identity }) => `${identity.source}\0${identity.id}`));
    return [...taken, ...(await this.waiting(line)).filter(({ identity }) => !known.has(`${identity.source}\0${identity.id}`))];
  }

  /** Events of a line that wait for another try or were given up. */
  async waiting(line: BalanceKey): Promise<HashedIdentity[]> {
    const queue = isEventType(line.type) ? readingQueueOf(this.service, line.type) : undefined;
    if (queue === undefined) return [];
    const rows = await this.database.query<{ body: string }>(
      `SELECT body FROM messaging.retry WHERE queue = $1 AND (origin, type, unit, day) = ($2, $3, $4, $5::date)
       UNION SELECT body FROM messaging.dead_letter WHERE queue = $1 AND (origin, type, unit, day) = ($2, $3, $4, $5::date)`,
      [queue, line.origin, line.type, line.unit, line.day],
    );
    const events = rows.map(({ body }) => JSON.parse(body) as EventIdentity);
    const each = new Map(events.map(({ source, id }) => [`${source}\0${id}`, { source, id }]));
    return hashIdentities([...each.values()]);
  }

  /** Looks several lines up at once, for `has` to find them. */
  async lookUp(lines: readonly (BalanceKey & { revision: number })[]): Promise<void> {
    const unknown = lines.filter((line) => !this.#fresh(`in ${textOf(line)}`, line.revision));
    if (unknown.length < 2 || !this.source) return;
    const found = await this.source.takenIn(unknown.map(({ origin, type, unit, day }) => ({ origin, type, unit, day })));
    unknown.forEach((line, index) => this.#keep(`in ${textOf(line)}`, line.revision, hashIdentities(found[index] ?? [])));
  }

  async #identities(direction: 'out' | 'in', line: BalanceKey): Promise<EventIdentity[]> {
    const { origin, type, unit, day } = line;
    return (await this.source?.identities({ direction, origin, type, unit, day })) ?? [];
  }

  async #remembered(key: string, revision: number, find: () => Promise<EventIdentity[]>): Promise<HashedIdentity[]> {
    const kept = this.#fresh(key, revision);
    if (kept) return kept.events;
    const events = hashIdentities(await find());
    this.#keep(key, revision, events);
    return events;
  }

  #fresh(key: string, revision: number): KeptLine | undefined {
    const kept = this.#kept.get(key);
    return kept?.revision === revision && Date.now() - kept.at < KEPT_MS ? kept : undefined;
  }

  #keep(key: string, revision: number, events: HashedIdentity[]): void {
    this.#kept.delete(key);
    this.#kept.set(key, { revision, at: Date.now(), events });
    let sum = [...this.#kept.values()].reduce((total, line) => total + line.events.length, 0);
    for (const [oldest, line] of this.#kept) {
      if (sum <= MOST_KEPT_EVENTS && this.#kept.size <= MOST_KEPT) return;
      this.#kept.delete(oldest);
      sum -= line.events.length;
    }
  }
}

/** Whether this service reads a type at all. */
export function isRead(service: ServiceName, type: string): type is EventType {
  return isEventType(type) && readingQueueOf(service, type) !== undefined;
}

function textOf({ origin, type, unit, day }: BalanceKey): string {
  return [origin, type, unit, day].join(' ');
}
