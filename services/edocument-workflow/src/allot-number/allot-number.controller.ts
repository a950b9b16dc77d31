import { Controller, Param, Post, Req, Res } from '@nestjs/common';
import { OwnDoor, singleAnswer, TextBody, type Producer } from '@par/ingress';
import { OrganisationRegister } from '@par/organisation';
import { Clock, Database, Problem } from '@par/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { directionOf, numbersOf, type Direction, type RegisterEntry } from '../register-book.ts';
import { eventOf, readRequest, REGISTER_SOURCE, requestFieldOf, type NumberRequest } from './read-request.ts';

/**
 * `POST /v1/registers/{incoming|outgoing}`: enters a document in a register (vào sổ đến, cấp số đi) and answers its number, for software that does not post events. An event is
 * made of the call and taken in at the front door. 201 where the number is new, 200 where the document had it: safe to send again for ever.
 */
@Controller('v1/registers')
export class AllotNumberController {
  constructor(
    private readonly door: OwnDoor,
    private readonly database: Database,
    private readonly organisation: OrganisationRegister,
    private readonly clock: Clock,
  ) {}

  @Post(':direction')
  @TextBody()
  async allot(
    @Param('direction') asked: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RegisterEntry> {
    const producer = await this.door.producerOf(request);
    const direction = directionOf(asked);
    const wanted = readRequest(await this.door.read(request), direction);
    const unit = await this.#unitOf(wanted);
    const before = await this.#entry(wanted, direction, unit);
    const { entry, isNew } = before ? { entry: before, isNew: false } : await this.#enter(wanted, direction, unit, producer, request);
    if (entry.kind !== wanted.register) throw standsElsewhere(entry);
    void reply.code(isNew ? 201 : 200);
    return entry;
  }

  /** The unit's id; what is no unit is left for the front door to refuse. */
  async #unitOf({ unit, time }: NumberRequest): Promise<string> {
    const at = time === undefined ? this.clock.now() : new Date(time);
    if (Number.isNaN(at.getTime())) return unit;
    const known = this.organisation.current().resolve(unit, at);
    const found = typeof known === 'string' ? (await this.organisation.latest()).resolve(unit, at) : known;
    return typeof found === 'string' ? unit : found.id;
  }

  async #entry({ document }: NumberRequest, direction: Direction, unit: string): Promise<RegisterEntry | undefined> {
    return (await numbersOf(this.database, document)).find((entry) => entry.unit === unit && entry.direction === direction);
  }

  async #enter(
    wanted: NumberRequest,
    direction: Direction,
    unit: string,
    producer: Producer,
    request: FastifyRequest,
  ): Promise<{ entry: RegisterEntry; isNew: boolean }> {
    // Where the caller names no source, the event is ours and made for it; for which units it speaks stays as it is.
    const speaker = wanted.source === undefined ? { ...producer, sources: [REGISTER_SOURCE] } : producer;
    const [result] = await this.door.accept([eventOf(wanted, direction, unit, this.clock.now())], speaker, request);
    // Another call for the same document was first, at another moment: its number is the answer to both.
    const entry = result!.result === 'refused' ? undefined : await this.#entry(wanted, direction, unit);
    if (entry) return { entry, isNew: result!.result === 'accepted' };
    const { field, ...told } = result!;
    singleAnswer({ ...told, ...(field !== undefined && { field: requestFieldOf(field) }) });
    throw new Error(`${wanted.document} was accepted and has no number`);
  }
}

function standsElsewhere({ kind, year, number }: RegisterEntry): Problem {
  return new Problem({
    status: 409,
    code: 'register.document-stands-elsewhere',
    field: 'register',
    title: {
      en: 'This unit has entered the document in another register; a document keeps its first number.',
      vi: 'Đơn vị đã vào văn bản này ở sổ khác; văn bản giữ số đã cấp lần đầu.',
    },
    extra: { register: kind, year, number },
  });
}
