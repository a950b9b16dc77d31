import { type EventData, type EventIdentity, type EventType } from '@par/contracts';
import { type Chance } from './chance.ts';
import { type Manner, mannerOfWorkflow, type Office, type Offices } from './demo-offices.ts';
import { DAY } from './office-time.ts';
import { type Outgoing, send } from './sending.ts';

/** Longer than any office has a document in its hands. */
const WHILE = 60 * DAY;

/** The types that an office's own software tells: of its documents and of its work dossiers. */
export type OfficeType = Extract<EventType, `vn.par.document.${string}` | `vn.par.work-dossier.${string}`>;

/** Numbers of registers that units keep themselves; of all others the ledger gives them out. */
export class RegisterBooks {
  readonly #last = new Map<string, number>();

  constructor(private readonly offices: Offices) {}

  /** The next number of a unit's own book; undefined where the ledger keeps it. */
  next(unit: string, direction: 'incoming' | 'outgoing', register: string): number | undefined {
    if (!this.offices.get(unit).keepsRegisters) return undefined;
    const key = `${unit} ${direction} ${register}`;
    const number = (this.#last.get(key) ?? 0) + 1;
    this.#last.set(key, number);
    return number;
  }
}

/** What offices' own software tells of a document or matter while it is being made up: who speaks at an instant, under which source, in which manner. */
export class OfficeStory {
  constructor(
    readonly chance: Chance,
    /** Chooses between the heirs of a unit that was split. */
    private readonly turn: number,
    /** The number by which its matters are told apart. */
    readonly serial: string,
    readonly offices: Offices,
    readonly books: RegisterBooks,
    private readonly outgoing: Outgoing,
  ) {}

  /** Tells an event in the voice of an office, or of what it became part of by then. `name` makes the id within the subject. */
  tell<T extends OfficeType>(office: Office, type: T, subject: string, at: number, data: EventData[T], name: string): EventIdentity {
    const unit = this.unitAt(office, at);
    const source = `urn:par:demo:workflow:${unit}`;
    const id = `${subject}/${name}`;
    const manner: Manner = mannerOfWorkflow(this.offices.get(unit).manner);
    this.outgoing.add(send({ type, source, id, subject, unit, at, data }, manner, this.offices, this.chance));
    return { source, id };
  }

  /** Of another document that this one leads to. */
  another(): OfficeStory {
    return new OfficeStory(this.chance, this.turn, `${this.serial}-2`, this.offices, this.books, this.outgoing);
  }

  unitAt({ unit }: Office, at: number): string {
    return this.offices.successorAt(unit.id, at, this.turn);
  }

  /** Other offices, to support or to send to, that are there for a while yet: no two of them become one while a document is in their hands. */
  others(office: Office, count: number, at: number): Office[] {
    const self = this.unitAt(office, at);
    const others = this.offices
      .inForce(at, 'department', 'ward', 'commune')
      .filter(({ unit }) => unit.id !== self && this.offices.isInForce(unit.id, at + WHILE));
    return this.chance.shuffled(others).slice(0, count);
  }
}
