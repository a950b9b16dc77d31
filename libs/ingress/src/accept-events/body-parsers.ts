import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { DEFAULT_LIMITS } from '../message.ts';
import { isTextBody } from '../text-body.ts';

const EVENT_TYPES = ['application/cloudevents+json', 'application/cloudevents-batch+json'];
/** A route of Fastify's own, which bears no mark of `TextBody`. */
const EVENTS_PATH = '/v1/events';

/**
 * Lets the front door have the body of `POST /v1/events`, and of every route marked `TextBody`, as text of at most `maxBytes`, and leaves JSON for others as it was. Called
 * by `IngressModule` itself; a service that wants another limit passes it to `bootstrap({ configureFastify })` first.
 */
export function configureFrontDoor({ maxBytes = DEFAULT_LIMITS.maxBytes }: { maxBytes?: number } = {}): (fastify: FastifyInstance) => void {
  return (fastify) => {
    if (fastify.hasContentTypeParser(EVENT_TYPES[0]!)) return;
    const parseJson = fastify.getDefaultJsonParser('error', 'error');
    fastify.removeContentTypeParser('application/json');
    fastify.addContentTypeParser(EVENT_TYPES, { parseAs: 'string', bodyLimit: maxBytes }, (_request, body, done) => done(null, body));
    fastify.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit: maxBytes }, (request, body, done) => {
      if (request.routeOptions.url === EVENTS_PATH || isTextBody(request.routeOptions.config)) done(null, body);
      else void parseJson(request, body as string, done);
    });
  };
}

/** Hands bodies of these content types to their routes as they come in, unread: a stream. A type that has a parser keeps it. */
export function takeStreams(fastify: FastifyInstance, contentTypes: readonly string[]): void {
  for (const type of contentTypes) {
    if (!fastify.hasContentTypeParser(type)) fastify.addContentTypeParser(type, (_request, payload, done) => done(null, payload));
  }
}

/** Sets the parsers while the module is made, before Fastify has any route. */
@Injectable()
export class BodyParsers {
  constructor(host: HttpAdapterHost) {
    configureFrontDoor()(host.httpAdapter.getInstance<FastifyInstance>());
  }
}
