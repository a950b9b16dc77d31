/** What a consumer that ours is compared with is told when its process starts. */
export interface PeerSettings {
  databaseUrl: string;
  amqpUrl: string;
  redisUrl: string;
  queue: string;
  /** Of the messages in the queue; 1 where they are not packed. */
  eventsPerMessage: number;
}

export type Consume = (settings: PeerSettings) => Promise<void>;

/** Name under which the NestJS way sends an event. */
export const PATTERN = 'event.published';

export function environmentOf(settings: PeerSettings): Record<string, string> {
  return {
    DATABASE_URL: settings.databaseUrl,
    AMQP_URL: settings.amqpUrl,
    REDIS_URL: settings.redisUrl,
    DRAIN_QUEUE: settings.queue,
    DRAIN_EVENTS_PER_MESSAGE: String(settings.eventsPerMessage),
  };
}

export function settingsFrom(environment: NodeJS.ProcessEnv): PeerSettings {
  const text = (name: string): string => environment[name] ?? '';
  return {
    databaseUrl: text('DATABASE_URL'),
    amqpUrl: text('AMQP_URL'),
    redisUrl: text('REDIS_URL'),
    queue: text('DRAIN_QUEUE'),
    eventsPerMessage: Number(text('DRAIN_EVENTS_PER_MESSAGE')) || 1,
  };
}
