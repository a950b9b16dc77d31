import { Controller, Get, Headers, Logger, Res } from '@nestjs/common';
import { Problem } from '@par/service-kit';
import type { FastifyReply } from 'fastify';
import { StreamFiguresHandler } from './stream-figures.handler.ts';

@Controller()
export class StreamFiguresController {
  readonly #logger = new Logger('StreamFigures');

  constructor(private readonly stream: StreamFiguresHandler) {}

  /**
   * Server-sent events: `hello` (the stream begins here), `figure` ({@link ChangedFigure}), `balance` ({@link ChangedBalance}), `reset` (there
   * is a gap: ask for the figures again), and a comment every 15 seconds. `Last-Event-ID` goes on from a place without a gap.
   */
  @Get('v1/stream')
  async follow(@Headers('last-event-id') lastEventId: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    if (this.stream.full) {
      throw new Problem({
        status: 503,
        code: 'stream.full',
        title: { en: 'No more readers of the stream can be taken now', vi: 'Hiện chưa nhận thêm được người theo dõi' },
        retryAfterSeconds: 10,
      });
    }
    reply.hijack();
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    try {
      await this.stream.join(reply.raw, lastEventId);
    } catch (error) {
      // The head is out already: the reader sees the stream end and comes back with its last id.
      this.#logger.warn(`stream ended: ${error instanceof Error ? error.message : 'unknown'}`);
      reply.raw.destroy();
    }
  }
}
