import type { ChannelModel, ConfirmChannel } from 'amqplib';
import type pg from 'pg';

export interface OutboxRow {
  id: string;
  body: string;
}

const MOST_UNCONFIRMED = 1_000;

/** Publishes outbox rows right after their commit, persistent and confirmed, and removes them in bulk when the broker has them. */
export class Sender {
  #confirmed: string[] = [];
  #removing = false;
  #unconfirmed = 0;
  #waiting: string[][] = [];

  private constructor(
    private readonly channel: ConfirmChannel,
    private readonly pool: pg.Pool,
    private readonly exchange: string,
    private readonly routingKey: string,
    private readonly pack: number,
  ) {}

  static async open(connection: ChannelModel, pool: pg.Pool, to: { exchange: string; routingKey: string }, pack: number): Promise<Sender> {
    return new Sender(await connection.createConfirmChannel(), pool, to.exchange, to.routingKey, pack);
  }

  send(rows: readonly OutboxRow[]): void {
    for (let i = 0; i < rows.length; i += this.pack) {
      const part = rows.slice(i, i + this.pack);
      const body = part.length === 1 ? part[0]!.body : `[${part.map((row) => row.body).join(',')}]`;
      this.#waiting.push([body, ...part.map((row) => row.id)]);
    }
    this.#pump();
  }

  #pump(): void {
    while (this.#waiting.length > 0 && this.#unconfirmed < MOST_UNCONFIRMED) {
      const [body, ...ids] = this.#waiting.shift()!;
      this.#unconfirmed += 1;
      this.channel.publish(this.exchange, this.routingKey, Buffer.from(body!), { persistent: true, mandatory: true }, (error: unknown) => {
        if (error) throw new Error('the broker refused a message', { cause: error });
        this.#unconfirmed -= 1;
        this.#confirmed.push(...ids);
        this.#remove();
        this.#pump();
      });
    }
  }

  #remove(): void {
    if (this.#removing || this.#confirmed.length === 0) return;
    this.#removing = true;
    setTimeout(() => {
      const ids = this.#confirmed.splice(0);
      this.pool
        .query('DELETE FROM outbox WHERE id = ANY($1::bigint[])', [ids])
        .then(() => {
          this.#removing = false;
          this.#remove();
        })
        .catch((error: unknown) => {
          throw error;
        });
    }, 20);
  }
}
