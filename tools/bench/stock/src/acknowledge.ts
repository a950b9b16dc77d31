import type { RmqContext } from '@nestjs/microservices';
import type { Channel, ConsumeMessage } from 'amqplib';

/** Acknowledges after the work; what fails is tried once more and then left to the broker's dead letters. */
export async function acknowledgeAfter(context: RmqContext, work: () => Promise<void>): Promise<void> {
  const channel = context.getChannelRef() as Channel;
  const message = context.getMessage() as ConsumeMessage;
  try {
    await work();
    channel.ack(message);
  } catch (error) {
    channel.nack(message, false, !message.fields.redelivered);
    throw error;
  }
}
