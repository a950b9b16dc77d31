import { Injectable } from '@nestjs/common';
import { type EdxmlMessage, type EdxmlMistake, readEdxml } from '@par/edxml';
import { AcceptEvents, isMarkedSecret, OwnDoor, type Producer, speaksForUnit } from '@par/ingress';
import { OrganisationRegister } from '@par/organisation';
import { Problem } from '@par/service-kit';
import type { FastifyRequest } from 'fastify';
import { answerOf, type EdxmlAnswer, tooLarge } from '../edxml-answer.ts';
import { edxmlEvents } from '../edxml-events.ts';
import { type Parties, partiesOf } from '../edxml-parties.ts';

/** With what a message comes. */
export interface Caller {
  producer: Producer;
  /** The unit on whose behalf it is posted; undefined where the message is to say. */
  unit: string | undefined;
  request: FastifyRequest;
}

/** Takes an edXML message: reads it, turns it into events, and takes these through the front door in one call. */
@Injectable()
export class TakeEdxml {
  constructor(
    private readonly events: AcceptEvents,
    private readonly door: OwnDoor,
    private readonly register: OrganisationRegister,
  ) {}

  /** @throws Problem 413 `edxml.too-large`, 422 with every mistake, 409 `event.conflict`; then nothing is stored */
  async take(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, caller: Caller): Promise<EdxmlAnswer> {
    const reading = await readEdxml(pieces, isMarked);
    if (!reading.ok) throw await this.#refused(reading.mistakes);
    const { message } = reading;
    const found = await this.#partiesOf(message, caller);
    if (!found.ok) {
      const { code, field, text } = found.fault;
      throw new Problem({ status: 422, code, field, title: text });
    }
    const results = await this.door.accept(edxmlEvents(message, found.parties), caller.producer, caller.request);
    return answerOf(message, results);
  }

  /** The copy of the organisation in memory may be a moment behind; nobody is refused for that. */
  async #partiesOf(message: EdxmlMessage, { producer, unit: asked }: Caller): Promise<Parties> {
    const look = (organisation: ReturnType<OrganisationRegister['current']>): Parties =>
      partiesOf(message, organisation, { asked, mayWrite: (unit) => speaksForUnit(producer, unit, organisation) });
    const found = look(this.register.current());
    return found.ok ? found : look(await this.register.latest());
  }

  /** A reading that is not good has at least one mistake. */
  async #refused(mistakes: readonly EdxmlMistake[]): Promise<Problem> {
    if (mistakes.some(({ code }) => code === 'message.secrecy-mark')) return this.events.refuseSecret();
    if (mistakes.some(({ code }) => code === 'edxml.too-large')) return tooLarge();
    const [first] = mistakes;
    const { code, field, vi, en } = first!;
    return new Problem({ status: 422, code, ...(field === '' ? {} : { field }), title: { vi, en }, extra: { mistakes } });
  }
}

/** Whether a field carries a secrecy mark, by its name or by what it says. */
function isMarked(name: string, text: string): boolean {
  return isMarkedSecret({ [name]: text });
}
