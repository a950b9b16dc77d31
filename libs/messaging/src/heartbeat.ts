import { Injectable, Logger } from '@nestjs/common';
import { Broker, type Channel } from './broker.ts';
import { errorText, type HealthResult } from '@par/service-kit';

const EVERY_MS = 5_000;
const STALE_MS = 30_000;

/**
 * Sends a message to itself through the broker. A socket may look open long after the broker forgot us, so "alive" means that a
 * message went round lately. While the broker is away the process is not dead: intake goes on accepting.
 */
@Injectable()
export class Heartbeat {
  readonly #logger = new Logger('Heartbeat');
  #channel: Channel | undefined;
  #queue = '';
  #timer: NodeJS.Timeout | undefined;
  #lastRound = Date.now();

  constructor(private readonly broker: Broker) {}

  async start(): Promise<void> {
    await this.broker.onConnection('consume', async (connection) => {
      const channel = await connection.createChannel();
      channel.on('error', (error: Error) => this.#logger.warn(`channel: ${error.message}`));
      channel.on('close', () => {
        if (this.#channel === channel) this.#channel = undefined;
      });
      const { queue } = await channel.assertQueue('', { exclusive: true, autoDelete: true });
      await channel.consume(
        queue,
        (message) => {
          if (message === null) return;
          channel.ack(message);
          this.#lastRound = Date.now();
        },
        { noAck: false },
      );
      this.#queue = queue;
      this.#channel = channel;
      this.#lastRound = Date.now();
    });
    this.#timer = setInterval(() => this.#send(), EVERY_MS);
    this.#timer.unref();
  }

  state(): HealthResult {
    if (!this.#channel) return { ok: true, detail: 'broker away, connecting again' };
    const age = Date.now() - this.#lastRound;
    return age > STALE_MS ? { ok: false, detail: `no message went round for ${Math.round(age / 1_000)} s` } : { ok: true };
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #send(): void {
    try {
      this.#channel?.sendToQueue(this.#queue, Buffer.from('heartbeat'), { persistent: false });
    } catch (error) {
      this.#logger.warn(`not sent: ${errorText(error)}`);
    }
  }
}
