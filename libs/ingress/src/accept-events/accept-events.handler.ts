import { Inject, Injectable } from '@nestjs/common';
import { type AnyEvent, type EventIdentity, type Network } from '@par/contracts';
import { Outbox } from '@par/messaging';
import { OrganisationRegister } from '@par/organisation';
import { Clock, Database, isOvertaken, Problem, type Transaction } from '@par/service-kit';
import { identityKey, insertAll, insertNew, recordConflicts, storedHashes } from '../accepted-events.ts';
import { type EventResult, type Outcome, resultOf } from '../event-result.ts';
import { FRONT_DOOR, type FrontDoor } from '../front-door.ts';
import { type Circumstances, judge, type Judgement, refuseSecret, type Taken } from '../judgement.ts';
import { type ReadMessage } from '../message.ts';
import { type Producer } from '../producer.ts';
import { REFUSALS } from '../refusal.ts';
import { addToTally, Tally } from '../tally.ts';
import { DoorWatch } from './door-watch.ts';
import { GroupCommit } from './group-commit.ts';

/** A call with its events judged, waiting for a transaction. */
interface Call {
  judgements: Judgement[];
  received: Date;
  producer: string;
  /** Where its trace has come; undefined without traces. */
  traceparent?: string | undefined;
}

/** After an identity that was known, more of them may come: so long each is asked for. */
const CAREFUL_MS = 2_000;

/** The one way in: judges the events of a call and stores what is new of them, in one transaction with the calls beside it. */
@Injectable()
export class AcceptEvents {
  readonly #commits = new GroupCommit<Call, Outcome[]>((calls) =>
    this.watch.storing(
      calls.map(({ traceparent }) => traceparent),
      () => this.#storeAll(calls),
    ),
  );
  #lastKnownAt = -Infinity;

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly register: OrganisationRegister,
    private readonly clock: Clock,
    @Inject(FRONT_DOOR) private readonly frontDoor: FrontDoor,
    private readonly watch: DoorWatch,
  ) {
    watch.watchBacklog(() => this.backlog);
  }

  /** Events that wait for a transaction. */
  get backlog(): number {
    return this.#commits.backlog;
  }

  /**
   * Answers every event of a message after the commit. Rejects with the database's error when it is away: then nothing was stored.
   * @param caller the `traceparent` that the call came with
   */
  async accept(message: ReadMessage, producer: Producer, network: Network, caller?: string): Promise<EventResult[]> {
    return this.watch.accepting(message, caller, async (traceparent) => {
      const received = this.clock.now();
      const judgements = await this.#judge(message, producer, network, received, traceparent);
      return this.#answer({ judgements, received, producer: producer.name, traceparent });
    });
  }

  /** Counts a message, or part of one, that has no events to be judged. */
  async refuseAll(judgements: Judgement[]): Promise<EventResult[]> {
    return this.#answer({ judgements, received: this.clock.now(), producer: '' });
  }

  /** Counts a message with a secrecy mark, of which nothing else is kept, and gives what it is answered: problem 422 `secrecy.marked`. */
  async refuseSecret(): Promise<Problem> {
    await this.refuseAll([refuseSecret()]);
    return new Problem({ status: 422, code: 'secrecy.marked', title: REFUSALS['secrecy.marked'] });
  }

  async #answer(call: Call): Promise<EventResult[]> {
    const outcomes = await this.#commits.submit(call, call.judgements.length);
    const results = call.judgements.map((judgement, index) => resultOf(index, judgement, outcomes[index]!));
    this.watch.count(results);
    return results;
  }

  async #judge({ events }: ReadMessage, producer: Producer, network: Network, now: Date, traceparent?: string): Promise<Judgement[]> {
    const judgeAll = (organisation: Circumstances['organisation']): Judgement[] => {
      const circumstances: Circumstances = {
        door: this.frontDoor.door,
        producer,
        organisation,
        now,
        network,
        traceparent,
        opened: new Map(),
      };
      return events.map(({ raw, marked }) => (marked ? refuseSecret() : judge(raw, circumstances)));
    };
    const judgements = judgeAll(this.register.current());
    // The copy in memory may be a moment behind; nobody is refused for that.
    const refusedByOrganisation = judgements.some((j) => j.kind === 'refused' && j.contentHash !== undefined);
    return refusedByOrganisation ? judgeAll(await this.register.latest()) : judgements;
  }

  /**
   * Nearly always every identity is new. So the whole transaction is sent in one go on that belief, and where one was known after all, PostgreSQL undoes it and it is done
   * again step by step: the same in effect, and two ways to the server less.
   */
  async #storeAll(calls: readonly Call[]): Promise<Outcome[][]> {
    const isAnswerNeeded = calls.some(({ judgements }) => judgements.some((each) => each.kind === 'refused' && each.contentHash));
    if (!isAnswerNeeded && performance.now() - this.#lastKnownAt > CAREFUL_MS) {
      try {
        return await this.database.transaction((tx) => this.#store(tx, calls, 'new'), 'key');
      } catch (error) {
        if (!isOvertaken(error)) throw error;
        this.#lastKnownAt = performance.now();
      }
    }
    return this.database.transaction((tx) => this.#store(tx, calls, 'any'), 'key');
  }

  /** @param believed whether every identity is taken to be new: then it fails as overtaken where one is not */
  async #store(tx: Transaction, calls: readonly Call[], believed: 'new' | 'any'): Promise<Outcome[][]> {
    const first = new Map<string, { taken: Taken; producer: string }>();
    const doubted: EventIdentity[] = [];
    for (const { judgements, producer } of calls) {
      for (const judgement of judgements) {
        if (judgement.kind === 'taken') {
          const key = identityKey(judgement.event);
          if (!first.has(key)) first.set(key, { taken: judgement, producer });
        } else if (judgement.contentHash) doubted.push(identityOf(judgement));
      }
    }
    const rows = [...first.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
    if (believed === 'new') insertAll(tx, rows);
    const known = believed === 'new' ? [] : await insertNew(tx, rows);
    const untold = new Map([...first].map(([key, { taken }]) => [key, taken.contentHash]));
    for (const identity of known) untold.delete(identityKey(identity));
    const doubtedBefore = doubted.filter((identity) => !untold.has(identityKey(identity)));
    const hashes = await storedHashes(tx, [...known, ...doubtedBefore]);

    const fresh: Taken[] = [];
    const conflicts = new Map<string, EventIdentity & { times: number }>();
    const tally = new Tally();
    const outcomes = calls.map(({ judgements, received }) => {
      const day = received.toISOString().slice(0, 10);
      tally.countPosted(day, judgements);
      return judgements.map((judgement) => {
        const outcome = outcomeOf(judgement, hashes, untold);
        if (outcome === 'accepted' && judgement.kind === 'taken') fresh.push(judgement);
        if (outcome === 'conflict') {
          const identity = identityOf(judgement);
          const key = identityKey(identity);
          conflicts.set(key, { ...identity, times: (conflicts.get(key)?.times ?? 0) + 1 });
        }
        tally.countOutcome(day, judgement, outcome);
        return outcome;
      });
    });

    if (fresh.length > 0) {
      const events = fresh.map(({ event }) => event as AnyEvent);
      await this.frontDoor.onAccepted?.(tx, events);
      const bodies = fresh.map(({ body }) => body);
      this.outbox.put(tx, events, bodies);
    }
    recordConflicts(tx, conflicts, this.clock.now());
    tx.withCommit(() => addToTally(tx, tally.lines()));
    return outcomes;
  }
}

/**
 * The first of a new identity is accepted and then counts as stored: equal ones after it are duplicates, others conflict. What the
 * organisation speaks against is refused, unless it was accepted before.
 */
function outcomeOf(judgement: Judgement, stored: Map<string, Buffer>, untold: Map<string, Buffer>): Outcome {
  if (!judgement.contentHash) return 'refused';
  const key = identityKey(identityOf(judgement));
  const before = stored.get(key);
  if (before) return before.equals(judgement.contentHash) ? 'duplicate' : 'conflict';
  const fresh = untold.get(key);
  if (!fresh || judgement.kind === 'refused') return 'refused';
  untold.delete(key);
  stored.set(key, fresh);
  return 'accepted';
}

function identityOf(judgement: Judgement): EventIdentity {
  if (judgement.kind === 'taken') return judgement.event;
  return { source: judgement.source ?? '', id: judgement.id ?? '' };
}
