import { connect, type ChannelModel } from 'amqplib';
import { type FigureChange } from './counted-events.ts';
import { type FigureSource, monotonicMs } from './load-order.ts';

const MOST_UNACKNOWLEDGED = 2_000;
const ACKNOWLEDGE_EVERY = 200;

/** A figure that an event moved, and no clock: those have a month, states have a year or `now`. */
const MONTH = /^\d{4}-\d{2}$/;

/** Subscribes to the metrics as an outside reporting service does, over a queue of its own, and notes when each change arrived. */
export class FigureListener {
  lastFigureAt = 0;
  figures = 0;
  #unacknowledged = 0;

  private constructor(
    private readonly connection: ChannelModel,
    private readonly onFigure: (figure: FigureChange, at: number) => void,
  ) {}

  static async start(
    { amqpUrl, exchange, pattern }: FigureSource,
    onFigure: (figure: FigureChange, at: number) => void,
  ): Promise<FigureListener> {
    const connection = await connect(amqpUrl, { noDelay: true, clientProperties: { connection_name: 'bench listener' } });
    const listener = new FigureListener(connection, onFigure);
    const channel = await connection.createChannel();
    await channel.prefetch(MOST_UNACKNOWLEDGED);
    const { queue } = await channel.assertQueue('', { exclusive: true, durable: false, autoDelete: true });
    await channel.bindQueue(queue, exchange, pattern);
    await channel.consume(queue, (message) => {
      if (message) listener.#take(message.content, () => channel.ack(message, true));
    });
    return listener;
  }

  async stop(): Promise<void> {
    await this.connection.close();
  }

  #take(content: Buffer, acknowledge: () => void): void {
    const at = monotonicMs();
    for (const figure of figuresIn(JSON.parse(content.toString()))) {
      if (!MONTH.test(figure.data.period)) continue;
      this.figures += 1;
      this.lastFigureAt = at;
      this.onFigure(figure, at);
    }
    this.#unacknowledged += 1;
    if (this.#unacknowledged < ACKNOWLEDGE_EVERY) return;
    this.#unacknowledged = 0;
    acknowledge();
  }
}

/** A message is one event, several of them in an array, or one in the envelope of Nest's client (`{pattern, data}`). */
export function figuresIn(body: unknown): FigureChange[] {
  const events = Array.isArray(body) ? (body as unknown[]) : [body];
  return events.map((event) => (isNestPacket(event) ? event.data : event) as FigureChange);
}

function isNestPacket(event: unknown): event is { data: unknown } {
  return typeof event === 'object' && event !== null && 'pattern' in event && 'data' in event;
}
