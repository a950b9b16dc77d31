import { Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { EDXML_LIMITS } from '@par/edxml';
import { AcceptEvents, headersAreMarked, isMarkedJson, isMarkedProse, isMarkedSecret, OwnDoor, REFUSALS } from '@par/ingress';
import { Problem, sendProblem, ServiceMetrics, toProblem } from '@par/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { mistaken, type SendAnswer, SendEdxml } from './send-edxml.handler.ts';
import { isBase64, readRequest } from './send-edxml.dto.ts';

type Request = FastifyRequest<{ Params: { id: string } }>;

/** Longer than any mark or name of one. */
const LONG = 200;

/**
 * `POST /v1/documents/{id}/edxml`: the system of the issuing unit has a document sent, recalled, updated or replaced as an edXML message. `{id}` is the document's identity,
 * percent-encoded. JSON of up to 50 MB, files in base64. 202 once the message is on its way; sending the same again is always safe.
 */
@Injectable()
export class SendEdxmlController {
  readonly #logger = new Logger('http');

  constructor(
    private readonly edxml: SendEdxml,
    private readonly events: AcceptEvents,
    private readonly door: OwnDoor,
    private readonly metrics: ServiceMetrics,
    host: HttpAdapterHost,
  ) {
    void host.httpAdapter.getInstance<FastifyInstance>().register((scope, _options, done) => {
      // As text, for the secrecy edge: a parser would drop a name that is given twice.
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit: EDXML_LIMITS.bytes }, (_request, body, parsed) =>
        parsed(null, body),
      );
      scope.setErrorHandler((error, _request, reply) => this.#fail(error, reply));
      scope.post('/v1/documents/:id/edxml', (request: Request, reply) => {
        void reply.code(202);
        return this.send(request);
      });
      done();
    });
  }

  async send(request: Request): Promise<SendAnswer> {
    const producer = await this.door.producerOf(request);
    const posted = await this.#read(request);
    const reading = readRequest(posted);
    if (!reading.ok) throw mistaken(reading.mistakes);
    return this.edxml.send(request.params.id, reading.request, { producer, request });
  }

  /** The secrecy edge, before anything else looks at the body. */
  async #read({ body, headers, params }: Request): Promise<unknown> {
    const text = typeof body === 'string' ? body : '';
    const words = withoutFiles(text);
    let isJson = true;
    let shown: unknown;
    try {
      shown = JSON.parse(words);
    } catch {
      // The parser's own words quote the body, so they go nowhere.
      isJson = false;
    }
    const marked = isJson ? isMarkedSecret(shown) || isMarkedJson(words) : isMarkedProse(words);
    if (marked || isMarkedSecret(params.id) || headersAreMarked(headers)) throw await this.events.refuseSecret();
    if (!isJson) throw new Problem({ status: 400, code: 'request.not-json', title: REFUSALS['request.not-json'] });
    return JSON.parse(text);
  }

  #fail(error: unknown, reply: FastifyReply): void {
    const problem = toProblem(error);
    this.metrics.problem(problem.description.code);
    if (problem.description.code === 'service.bug') this.#logger.error(error instanceof Error ? error : 'unknown error');
    sendProblem(reply, problem);
  }
}

/** The text without its long strings of base64: these have no letters with accents and no blanks, so they can hold no words, and to look for some in megabytes takes long. */
export function withoutFiles(text: string): string {
  let kept = '';
  let from = 0;
  for (let open = text.indexOf('"'); open !== -1;) {
    const close = text.indexOf('"', open + 1);
    if (close - open > LONG && isBase64(text.slice(open + 1, close))) {
      kept += text.slice(from, open + 1);
      from = close;
    }
    open = close;
  }
  return kept + text.slice(from);
}
