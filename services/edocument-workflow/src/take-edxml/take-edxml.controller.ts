import { Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { EDXML_LIMITS } from '@par/edxml';
import { AcceptEvents, headersAreMarked, OwnDoor } from '@par/ingress';
import { Environment, Problem, sendProblem, ServiceMetrics, toProblem } from '@par/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { type EdxmlAnswer, tooLarge } from '../edxml-answer.ts';
import { TakeEdxml } from './take-edxml.handler.ts';

const CONTENT_TYPES = ['application/xml', 'text/xml', 'application/edxml+xml', 'application/octet-stream'];
/** Answers after which the rest of a message is not worth reading. */
const HANG_UP = new Set([408, 413]);
/** How long the rest is read and dropped after such an answer. A connection that is closed with unread bytes is reset, and the sender may never see why (RFC 9112, 9.6). */
const LINGER_MS = 2_000;

/**
 * `POST /v1/edxml`: an edXML message, up to 50 MB, read as it comes in and never whole in memory; `?unit=` says on behalf of which unit of ours (id, official code or agency
 * identifier). 202 with a result per event that it gave; sending again is always safe.
 *
 * In a scope of Fastify's own, so that only this path has the body as a stream.
 */
@Injectable()
export class TakeEdxmlController {
  readonly #logger = new Logger('http');
  readonly #silenceMs: number;

  constructor(
    private readonly edxml: TakeEdxml,
    private readonly events: AcceptEvents,
    private readonly door: OwnDoor,
    private readonly metrics: ServiceMetrics,
    environment: Environment,
    host: HttpAdapterHost,
  ) {
    this.#silenceMs = environment.integer('EDXML_SILENCE_MS', 30_000, { min: 100 });
    void host.httpAdapter.getInstance<FastifyInstance>().register((scope, _options, done) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser(CONTENT_TYPES, (_request, body, parsed) => parsed(null, body));
      scope.setErrorHandler((error, request, reply) => this.#fail(error, request, reply));
      scope.post<{ Querystring: { unit?: unknown } }>('/v1/edxml', (request, reply) => {
        void reply.code(202);
        return this.take(request);
      });
      done();
    });
  }

  async take(request: FastifyRequest<{ Querystring: { unit?: unknown } }>): Promise<EdxmlAnswer> {
    const producer = await this.door.producerOf(request);
    const { unit } = request.query;
    if (headersAreMarked({ ...request.headers, 'x-unit': unit })) throw await this.events.refuseSecret();
    if (unit !== undefined && (typeof unit !== 'string' || unit === '')) {
      throw new Problem({ status: 400, code: 'request.bad', field: 'unit', title: ONE_UNIT });
    }
    if (Number(request.headers['content-length'] ?? 0) > EDXML_LIMITS.bytes) throw tooLarge();
    // Without a body there is no parser either.
    const pieces = request.body === undefined ? [] : heardInTime(request.body as Readable, this.#silenceMs);
    return this.edxml.take(pieces, { producer, unit, request });
  }

  #fail(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const problem = toProblem(error);
    const { status, code } = problem.description;
    this.metrics.problem(code);
    if (code === 'service.bug') this.#logger.error(error instanceof Error ? error : 'unknown error');
    if (HANG_UP.has(status)) hangUpSoon(request.raw);
    sendProblem(reply, problem);
  }
}

const ONE_UNIT = { en: 'Give one unit, or none', vi: 'Chỉ nêu một đơn vị hoặc không nêu' };

function hangUpSoon(upload: IncomingMessage): void {
  const { socket } = upload;
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  for (const end of ['end', 'close']) upload.once(end, () => clearTimeout(timer));
  upload.resume();
}

/**
 * The pieces of a body. Where none comes for so long, or the sender goes away, nothing of the message is taken. A reader that stops early leaves the connection open, or
 * the answer could not be sent.
 */
async function* heardInTime(body: Readable, silenceMs: number): AsyncGenerator<Uint8Array> {
  const pieces = body.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Uint8Array>;
  for (;;) {
    const next = await inTime(pieces.next(), silenceMs);
    if (next.done) return;
    yield next.value;
  }
}

async function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Problem({ status: 408, code: 'edxml.too-slow', title: TOO_SLOW })), ms);
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    // Nobody is there to read this; it keeps a broken upload from being told as a broken database.
    throw error instanceof Problem ? error : new Problem({ status: 400, code: 'edxml.cut-off', title: CUT_OFF });
  } finally {
    clearTimeout(timer);
  }
}

const TOO_SLOW = {
  en: 'The rest of the message did not come; nothing of it was kept',
  vi: 'Phần còn lại của gói tin không đến; hệ thống không giữ lại gì',
};
const CUT_OFF = { en: 'The message was cut off; nothing of it was kept', vi: 'Gói tin bị ngắt giữa chừng; hệ thống không giữ lại gì' };
