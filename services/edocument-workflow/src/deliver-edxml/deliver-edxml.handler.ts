import { Injectable, Logger } from '@nestjs/common';
import { Database, Environment, ScrapedGauges } from '@par/service-kit';
import { EdxmlDestinations } from '../edxml-destinations.ts';
import { failureCode, postMessage } from './post-message.ts';

interface Claimed {
  id: number;
  message: number;
  destination: string;
  bytes: number;
  attempts: number;
  /** Whether it is tried for so long already that this attempt is the last. */
  last: boolean;
}

type Outcome = { kind: 'delivered' } | { kind: 'failed' | 'again'; error: string };

/** A lease outlasts the attempt that it is for by so much. */
const LEASE_MARGIN_MS = 30_000;
const AT_ONCE = 8;
const LONGEST_WAIT_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** A message whose event was not accepted within this time was left behind by a crash. */
const LEFT_BEHIND = '1 hour';

/** Of the event that a message `m` belongs to: it was accepted with the content that the message was written from. */
const ACCEPTED = `EXISTS (SELECT FROM ingress.accepted_event a WHERE a.source = m.event_source AND a.id = m.event_id AND a.content_hash = m.content_hash)`;

/**
 * Delivers what waits, a few at a time. Any replica may: a row is claimed by a lease, and what a replica that died had claimed is taken over when that ends. Messages about one
 * document reach an organisation in the order in which they were written.
 */
@Injectable()
export class DeliverEdxml {
  readonly #logger = new Logger('DeliverEdxml');
  readonly #timeoutMs: number;
  readonly #retryMs: number;
  readonly #giveUpMs: number;

  constructor(
    private readonly database: Database,
    private readonly destinations: EdxmlDestinations,
    environment: Environment,
    gauges: ScrapedGauges,
  ) {
    this.#timeoutMs = environment.integer('EDXML_TIMEOUT_MS', 60_000, { min: 100, max: 600_000 });
    this.#retryMs = environment.integer('EDXML_RETRY_MS', 5_000, { min: 10, max: LONGEST_WAIT_MS });
    this.#giveUpMs = environment.integer('EDXML_GIVE_UP_DAYS', 7, { min: 0, max: 365 }) * DAY_MS;
    gauges.add({
      name: 'par_edxml_deliveries',
      help: 'edXML messages on their way, by state: waiting, or given up and kept for somebody to look at',
      labelNames: ['state'],
      read: () => this.#counts(),
    });
    gauges.add({
      name: 'par_edxml_oldest_waiting_seconds',
      help: 'For how long the oldest undelivered edXML message is tried; 0 where none waits',
      read: async () => [{ value: (await this.#oldest()) ?? 0 }],
    });
  }

  /** Tries what is due. Returns how many it tried. */
  async deliverDue(): Promise<number> {
    const claimed = await this.#claim();
    await Promise.all(claimed.map((each) => this.#deliver(each)));
    return claimed.length;
  }

  /** Removes messages whose events were never accepted. */
  async forgetLeftBehind(): Promise<void> {
    await this.database.query(`DELETE FROM edxml_message m WHERE created_at < now() - $1::interval AND NOT ${ACCEPTED}`, [LEFT_BEHIND]);
  }

  #claim(): Promise<Claimed[]> {
    return this.database.query<Claimed>(
      `WITH due AS (
         SELECT d.id FROM edxml_delivery d JOIN edxml_message m ON m.id = d.message
          WHERE d.delivered_at IS NULL AND d.gave_up_at IS NULL AND d.next_at <= now() AND ${ACCEPTED}
            AND NOT EXISTS (
              SELECT FROM edxml_delivery earlier JOIN edxml_message m ON m.id = earlier.message
               WHERE earlier.document = d.document AND earlier.destination = d.destination AND earlier.id < d.id
                 AND earlier.delivered_at IS NULL AND earlier.gave_up_at IS NULL AND ${ACCEPTED})
          ORDER BY d.next_at, d.id LIMIT $1 FOR UPDATE OF d SKIP LOCKED
       )
       UPDATE edxml_delivery d SET attempts = d.attempts + 1, next_at = now() + make_interval(secs => $2)
         FROM due, edxml_message m WHERE d.id = due.id AND m.id = d.message
       RETURNING d.id, d.message, d.destination, m.bytes, d.attempts, now() - d.since >= make_interval(secs => $3) AS last`,
      [AT_ONCE, (this.#timeoutMs + LEASE_MARGIN_MS) / 1_000, this.#giveUpMs / 1_000],
    );
  }

  async #deliver(claimed: Claimed): Promise<void> {
    const outcome = await this.#attempt(claimed);
    const givesUp = outcome.kind === 'failed' || (outcome.kind === 'again' && claimed.last);
    if (givesUp) this.#logger.error(`edXML message ${claimed.message} to ${claimed.destination} is given up: ${outcome.error}`);
    await this.#settle(claimed, givesUp ? { kind: 'failed', error: outcome.error } : outcome);
  }

  async #attempt({ message, destination, bytes }: Claimed): Promise<Outcome> {
    const where = this.destinations.of(destination);
    if (!where) return { kind: 'again', error: 'edxml.no-destination' };
    try {
      return outcomeOf(await postMessage(where, bytes, this.#pieces(message), this.#timeoutMs));
    } catch (error) {
      return { kind: 'again', error: failureCode(error) };
    }
  }

  async *#pieces(message: number): AsyncGenerator<Buffer> {
    for (let position = 0; ; position += 1) {
      const [piece] = await this.database.query<{ content: Buffer }>(
        'SELECT content FROM edxml_piece WHERE message = $1 AND position = $2',
        [message, position],
      );
      if (!piece) return;
      yield piece.content;
    }
  }

  /** Writes what became of an attempt, and removes the text once nobody waits for it any more. One that lost its lease meanwhile only says that it was delivered. */
  async #settle({ id, message, attempts }: Claimed, outcome: Outcome): Promise<void> {
    const waitMs = Math.min(LONGEST_WAIT_MS, this.#retryMs * 2 ** Math.min(attempts - 1, 20));
    await this.database.transaction(async (tx) => {
      // One after the other, so that the last of two sees that no other waits.
      await tx.query('SELECT id FROM edxml_message WHERE id = $1 FOR UPDATE', [message]);
      tx.send(
        `UPDATE edxml_delivery SET error = $3,
           delivered_at = CASE WHEN $4 = 'delivered' THEN now() END,
           gave_up_at = CASE WHEN $4 = 'failed' THEN now() END,
           next_at = CASE WHEN $4 = 'again' THEN now() + make_interval(secs => $5) ELSE next_at END
         WHERE id = $1 AND delivered_at IS NULL AND gave_up_at IS NULL AND (attempts = $2 OR $4 = 'delivered')`,
        [id, attempts, outcome.kind === 'delivered' ? null : outcome.error, outcome.kind, waitMs / 1_000],
      );
      tx.send(
        `DELETE FROM edxml_piece WHERE message = $1
           AND NOT EXISTS (SELECT FROM edxml_delivery WHERE message = $1 AND delivered_at IS NULL AND gave_up_at IS NULL)`,
        [message],
      );
    });
  }

  async #counts(): Promise<{ labels: { state: string }; value: number }[]> {
    const [row] = await this.database.query<{ waiting: number; given_up: number }>(
      `SELECT (SELECT count(*)::int FROM edxml_delivery WHERE delivered_at IS NULL AND gave_up_at IS NULL) AS waiting,
              (SELECT count(*)::int FROM edxml_delivery WHERE gave_up_at IS NOT NULL) AS given_up`,
    );
    return [
      { labels: { state: 'waiting' }, value: row?.waiting ?? 0 },
      { labels: { state: 'given-up' }, value: row?.given_up ?? 0 },
    ];
  }

  async #oldest(): Promise<number | null> {
    const [row] = await this.database.query<{ seconds: number | null }>(
      `SELECT extract(epoch FROM now() - min(since))::float8 AS seconds FROM edxml_delivery WHERE delivered_at IS NULL AND gave_up_at IS NULL`,
    );
    return row?.seconds ?? null;
  }
}

/** 408 and 429 ask to come again; any other refusal will be the same tomorrow. */
function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  const isFinal = status >= 400 && status < 500 && status !== 408 && status !== 429;
  return { kind: isFinal ? 'failed' : 'again', error: `http.${status}` };
}
