import { type RmqOptions, Transport } from '@nestjs/microservices';

const urls = [process.env.AMQP_URL!];
/** Durable and replicated, as for anything that must not be lost. */
const queueOptions = { durable: true, arguments: { 'x-queue-type': 'quorum' } };

export const WORKFLOW_QUEUE = 'stock.workflow';
export const SCORING_QUEUE = 'stock.scoring';

/** A consumer that acknowledges by hand, at most a hundred messages at a time. */
export function serverOf(queue: string): RmqOptions {
  return { transport: Transport.RMQ, options: { urls, queue, queueOptions, noAck: false, prefetchCount: 100 } };
}

/** A client that sends persistent messages to a queue. */
export function clientOf(queue: string): RmqOptions {
  return { transport: Transport.RMQ, options: { urls, queue, queueOptions, persistent: true } };
}

/** A client that publishes to a topic exchange; the pattern is the routing key. */
export function topicClientOf(exchange: string): RmqOptions {
  return { transport: Transport.RMQ, options: { urls, exchange, exchangeType: 'topic', wildcards: true, persistent: true } };
}
