import { Controller, Get, HttpCode, Post, Query, Req } from '@nestjs/common';
import { isLocalDate, type ManifestAnswer, type ManifestReceipt } from '@par/contracts';
import { Database, Problem } from '@par/service-kit';
import type { FastifyRequest } from 'fastify';
import { AcceptEvents } from '../accept-events/accept-events.handler.ts';
import { ProducerKeys } from '../producer-keys.ts';
import { readTextBody, TextBody } from '../text-body.ts';
import { ManifestFault } from './manifest-fault.ts';
import { readReceipts } from './manifest-receipts.ts';
import { TakeManifest } from './take-manifest.handler.ts';

/**
 * `POST /v1/manifests`: what a source has, as counts and hashes; answers equal, or what differs (docs/manifests.md). `GET /v1/manifests`: the kept
 * answers, counts only.
 */
@Controller('v1/manifests')
export class TakeManifestController {
  constructor(
    private readonly manifests: TakeManifest,
    private readonly events: AcceptEvents,
    private readonly keys: ProducerKeys,
    private readonly database: Database,
  ) {}

  @Post()
  @TextBody()
  @HttpCode(200)
  async take(@Req() request: FastifyRequest): Promise<ManifestAnswer> {
    const producer = await this.keys.producerOf(request.headers.authorization);
    return this.manifests.take(await this.#read(request.body), producer);
  }

  @Get()
  async show(@Query('source') source?: string, @Query('day') day?: string): Promise<{ receipts: ManifestReceipt[] }> {
    if (day !== undefined && !isLocalDate(day)) {
      throw new Problem({
        status: 400,
        code: 'request.bad-date',
        field: 'day',
        title: { en: 'A date is written YYYY-MM-DD', vi: 'Ngày viết theo dạng YYYY-MM-DD' },
      });
    }
    return {
      receipts: await readReceipts(this.database, { ...(source === undefined ? {} : { source }), ...(day === undefined ? {} : { day }) }),
    };
  }

  /** The secrecy edge, before anything else looks at the body, which `BodyParsers` leaves as text on this path. */
  async #read(body: unknown): Promise<unknown> {
    const read = readTextBody(body);
    if (read.ok) return read.value;
    if (read.code === 'secrecy.marked') throw await this.events.refuseSecret();
    throw new ManifestFault(read.code, undefined, read.status);
  }
}
