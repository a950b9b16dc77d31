import { Injectable, Logger } from '@nestjs/common';
import { deadQueueArguments, deadQueueOf, EXCHANGES, hasDeadQueue, QUEUES, queueArguments } from '@par/contracts';
import { Environment } from '@par/service-kit';
import { type Channel, type ChannelModel, type ConfirmChannel, connect } from 'amqplib';

/** Injection token of the service's name. */
export const SERVICE_NAME = Symbol('par.service-name');

type Role = 'publish' | 'consume';

/**
 * The connections to RabbitMQ: one to publish on, one to consume on, so that back-pressure on the first never stops the second.
 * Each is opened again for ever with back-off after it breaks; the topology is declared by whoever connects, publisher included.
 */
@Injectable()
export class Broker {
  readonly #logger = new Logger('Broker');
  readonly #url: string;
  readonly #connections = new Map<Role, ChannelModel>();
  readonly #openers: { role: Role; open: (connection: ChannelModel) => Promise<void> }[] = [];
  #closing = false;
  #wakeUp: (() => void) | undefined;

  constructor(environment: Environment) {
    this.#url = environment.text('AMQP_URL');
  }

  /** Calls `open` now and after every reconnection of that role. */
  async onConnection(role: Role, open: (connection: ChannelModel) => Promise<void>): Promise<void> {
    this.#openers.push({ role, open });
    const connection = this.#connections.get(role);
    if (connection) await open(connection);
    else if (this.#openers.filter((opener) => opener.role === role).length === 1) void this.#keepConnected(role);
  }

  isConnected(role: Role): boolean {
    return this.#connections.has(role);
  }

  async #keepConnected(role: Role): Promise<void> {
    for (let wait = 100; !this.#closing; wait = Math.min(wait * 2, 3_000)) {
      try {
        const connection = await this.#connect(role);
        wait = 100;
        await new Promise<void>((closed) => {
          connection.on('close', () => closed());
        });
        this.#connections.delete(role);
        if (!this.#closing) this.#logger.warn(`${role} connection lost, connecting again`);
      } catch (error) {
        if (!this.#closing) this.#logger.warn(`${role} connection not opened: ${describe(error)}`);
      }
      if (!this.#closing) await this.#pause(wait);
    }
  }

  async #connect(role: Role): Promise<ChannelModel> {
    const connection = await connect(this.#url, {
      noDelay: true,
      timeout: 10_000,
      clientProperties: { connection_name: `par ${role} ${process.pid}` },
    });
    // A broken connection emits 'error' and then 'close'; the loop above acts on 'close'.
    connection.on('error', (error: Error) => this.#logger.warn(`${role} connection: ${error.message}`));
    try {
      if (this.#closing) throw new Error('shutting down');
      await declareTopology(connection);
      this.#connections.set(role, connection);
      for (const opener of this.#openers) if (opener.role === role) await opener.open(connection);
      return connection;
    } catch (error) {
      this.#connections.delete(role);
      await connection.close().catch((failure: unknown) => this.#logger.debug(`close after failure: ${describe(failure)}`));
      throw error;
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, ms);
      this.#wakeUp = () => {
        clearTimeout(timer);
        done();
      };
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#wakeUp?.();
    for (const connection of this.#connections.values()) {
      await connection.close().catch((error: unknown) => this.#logger.debug(`close: ${describe(error)}`));
    }
    this.#connections.clear();
  }
}

/** Declares every exchange, queue and binding of the house; a queue that stands there with other arguments is an error, said so. */
export async function declareTopology(connection: ChannelModel): Promise<void> {
  const channel = await connection.createChannel();
  // Without a listener an error of the channel would end the process; the failed declaration rejects as well.
  const heard: string[] = [];
  channel.on('error', (error: Error) => heard.push(error.message));
  try {
    for (const exchange of EXCHANGES) await channel.assertExchange(exchange, 'topic', { durable: true });
    for (const queue of QUEUES) {
      if (hasDeadQueue(queue.name)) {
        const dead = deadQueueOf(queue.name);
        await channel.assertQueue(dead, { durable: true, arguments: deadQueueArguments() });
        await channel.bindQueue(dead, 'par.dead', dead);
      }
      await channel.assertQueue(queue.name, { durable: true, arguments: queueArguments(queue.name) });
      for (const binding of queue.bindings) await channel.bindQueue(queue.name, binding.exchange, binding.pattern);
    }
    await channel.close();
  } catch (error) {
    throw new Error(`topology not declared: ${heard.at(-1) ?? describe(error)}`);
  }
}

export function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export type { Channel, ConfirmChannel };
