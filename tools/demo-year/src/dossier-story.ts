import { type EventData, type EventIdentity, type EventType } from '@par/contracts';
import { type Arrival } from './demo-arrivals.ts';
import { type Manner, mannerOfWorkflow, type Offices, ONE_STOP } from './demo-offices.ts';
import { inNationalCodes } from './national-codes.ts';
import { dateOf } from './office-time.ts';
import { type Outgoing, send } from './sending.ts';

/** Who tells a part of the story: the counter that took it in, the office that settles it, that office's workflow software, or the online portal. */
export type Teller = 'intake' | 'office' | 'workflow' | 'portal';

export const PORTAL = 'urn:par:demo:portal';
const TWICE = 0.01;

/** One dossier while it is being told: who speaks for it at an instant, under which source, and in which manner. */
export class DossierStory {
  #serial = 0;

  constructor(
    readonly arrival: Arrival,
    readonly code: string,
    private readonly offices: Offices,
    private readonly outgoing: Outgoing,
  ) {}

  /** Tells an event in the voice of its teller at that time. `name` makes the id within the dossier; the last word of the type where not given. */
  tell<T extends EventType>(teller: Teller, type: T, at: number, data: EventData[T], name: string = type.split('.')[3]!): EventIdentity {
    const unit = this.unitOf(teller, at);
    const source = this.#sourceOf(teller, unit);
    const id = `${this.code}/${name}`;
    const { chance } = this.arrival;
    const manner = this.#mannerOf(teller, unit);
    const draft = { type, source, id, subject: this.code, unit, at, data };
    const known = manner.kind === 'national-codes' ? inNationalCodes(draft) : draft;
    const message = known && send(known, manner, this.offices, chance, this.#serial);
    this.#serial += 1;
    this.outgoing.add(message);
    // Software that is not sure whether a message arrived sends the same again.
    if (chance.happens(TWICE)) this.outgoing.add(message);
    return { source, id };
  }

  /** Whether the software of the office knows nothing but the national list of states. */
  get knowsCodesOnly(): boolean {
    return this.arrival.office.manner.kind === 'national-codes';
  }

  /** The unit that speaks at an instant: after a merger, what it became part of. */
  unitOf(teller: Teller, at: number): string {
    const { intake, office, index } = this.arrival;
    return this.offices.successorAt(teller === 'intake' || teller === 'portal' ? intake : office.unit.id, at, index);
  }

  #sourceOf(teller: Teller, unit: string): string {
    if (teller === 'portal') return PORTAL;
    if (teller === 'workflow') return `urn:par:demo:workflow:${unit}`;
    return `urn:par:demo:one-stop:${this.offices.get(unit).unit.kind === 'department' ? ONE_STOP : unit}`;
  }

  #mannerOf(teller: Teller, unit: string): Manner {
    const { manner } = this.offices.get(unit);
    if (teller === 'portal') return { kind: 'plain' };
    if (teller !== 'workflow') return manner;
    return mannerOfWorkflow(manner);
  }
}

/** Gives out dossier codes: identifier of the unit that takes in, date of receipt, number in the day. */
export class CodeBook {
  readonly #last = new Map<string, number>();

  constructor(private readonly offices: Offices) {}

  codeOf({ intake, receivedAt, index, oddity, office }: Arrival): string {
    const identifier = this.offices.identifierOf(this.offices.successorAt(intake, receivedAt, index));
    const shift = office.manner.kind === 'clock-ahead' ? office.manner.by : 0;
    const day = dateOf(receivedAt + shift);
    // Some software took the date of another day, from a series of numbers of its own.
    if (oddity === 'other-date-in-code') return `${identifier}-${digits('2021-01-04')}-${String(900_000 + (index % 100_000))}`;
    const number = (this.#last.get(`${identifier}-${day}`) ?? 0) + 1;
    this.#last.set(`${identifier}-${day}`, number);
    return `${identifier}-${digits(day)}-${String(number).padStart(4, '0')}`;
  }

  /** Codes of days before a local date are never given out again. */
  forgetBefore(day: string): void {
    for (const key of this.#last.keys()) if (key.slice(-10) < day) this.#last.delete(key);
  }
}

function digits(day: string): string {
  return day.slice(2).replaceAll('-', '');
}
