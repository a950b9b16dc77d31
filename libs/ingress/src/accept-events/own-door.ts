import { Injectable } from '@nestjs/common';
import { Problem, traceparentOf } from '@par/service-kit';
import type { FastifyRequest } from 'fastify';
import { type EventResult } from '../event-result.ts';
import { NetworkStamp } from '../network-stamp.ts';
import { type Producer } from '../producer.ts';
import { ProducerKeys } from '../producer-keys.ts';
import { REFUSALS } from '../refusal.ts';
import { isMarkedSecret } from '../secrecy.ts';
import { readTextBody } from '../text-body.ts';
import { AcceptEvents } from './accept-events.handler.ts';
import { refuseWhenBusy } from './answers.ts';

/**
 * The front door for a controller of its own service, which takes something else than events and makes events of it: the same keys, secrecy edge, stamps and answers as
 * `POST /v1/events`.
 */
@Injectable()
export class OwnDoor {
  constructor(
    private readonly events: AcceptEvents,
    private readonly keys: ProducerKeys,
    private readonly stamp: NetworkStamp,
  ) {}

  /** Who calls. @throws problem 401 `producer.unknown-key` */
  producerOf({ headers }: FastifyRequest): Promise<Producer> {
    return this.keys.producerOf(headers.authorization);
  }

  /** The JSON body of a method marked `TextBody`. @throws the problem of a body that is marked secret, which is counted and nothing else, or is no JSON */
  async read({ body }: FastifyRequest): Promise<unknown> {
    const read = readTextBody(body);
    if (read.ok) return read.value;
    if (read.code === 'secrecy.marked') throw await this.events.refuseSecret();
    throw new Problem({ status: read.status, code: read.code, title: REFUSALS[read.code] });
  }

  /** Takes events in that were made of a call, and answers each after the commit. @throws problem 503 `ingress.busy` */
  async accept(events: readonly object[], producer: Producer, request: FastifyRequest): Promise<EventResult[]> {
    refuseWhenBusy(this.events.backlog);
    return this.events.accept(
      { ok: true, batch: true, events: events.map((raw) => ({ raw, marked: isMarkedSecret(raw) })) },
      producer,
      this.stamp.ofAddress(request.ip),
      traceparentOf(request.headers.traceparent),
    );
  }
}
