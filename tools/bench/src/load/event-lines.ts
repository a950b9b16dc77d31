import { readFileSync, writeFileSync } from 'node:fs';
import { DOOR_OF, type Door, type ProducerEvent } from '@par/contracts';

/** An event as the load process keeps it: its JSON is made before the clock runs. */
export interface EventLine {
  door: Door;
  json: string;
}

const LETTERS: Record<Door, string> = { 'dossier-intake': 'I', 'edocument-workflow': 'W' };

/** One event a line: a letter for its door, then its JSON. */
export function writeEventLines(file: string, events: readonly ProducerEvent[]): void {
  writeFileSync(
    file,
    linesOf(events)
      .map(({ door, json }) => `${LETTERS[door]}${json}\n`)
      .join(''),
  );
}

export function linesOf(events: readonly ProducerEvent[]): EventLine[] {
  return events.map((event) => {
    const door = DOOR_OF[event.type];
    if (door === undefined) throw new Error(`no door takes ${event.type}`);
    return { door, json: JSON.stringify(event) };
  });
}

export function readEventLines(file: string, from = 0): EventLine[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(from)
    .filter((line) => line !== '')
    .map((line) => ({ door: line.startsWith('I') ? 'dossier-intake' : 'edocument-workflow', json: line.slice(1) }));
}

/** Events for one request: all for one door. */
export interface Parcel {
  door: Door;
  events: string[];
}

/**
 * Cuts lines into requests of up to `size` events of one door, hardly disturbing their order: the door whose next event is the older one comes next.
 */
export class Parcels {
  readonly #lines: readonly EventLine[];
  readonly #size: number;
  readonly #next: Record<Door, number> = { 'dossier-intake': 0, 'edocument-workflow': 0 };
  taken = 0;

  constructor(lines: readonly EventLine[], size: number) {
    this.#lines = lines;
    this.#size = size;
    for (const door of DOORS) this.#seek(door);
  }

  /** Undefined when all are taken. */
  take(): Parcel | undefined {
    const [one, other] = DOORS;
    const door = this.#next[one] <= this.#next[other] ? one : other;
    if (this.#next[door] >= this.#lines.length) return undefined;
    const events: string[] = [];
    while (events.length < this.#size && this.#next[door] < this.#lines.length) {
      events.push(this.#lines[this.#next[door]]!.json);
      this.#next[door] += 1;
      this.#seek(door);
    }
    this.taken += events.length;
    return { door, events };
  }

  /** What is left of the current stretch, so that a further run may begin at a line before which everything was posted. */
  rest(): Parcel[] {
    const furthest = Math.min(this.#lines.length, Math.max(...DOORS.map((door) => this.#lastTaken(door) + 1)));
    return DOORS.flatMap((door) => {
      const events: string[] = [];
      while (this.#next[door] < furthest) {
        events.push(this.#lines[this.#next[door]]!.json);
        this.#next[door] += 1;
        this.#seek(door);
      }
      this.taken += events.length;
      return events.length === 0 ? [] : [{ door, events }];
    });
  }

  #lastTaken(door: Door): number {
    for (let i = Math.min(this.#next[door], this.#lines.length) - 1; i >= 0; i--) if (this.#lines[i]!.door === door) return i;
    return -1;
  }

  #seek(door: Door): void {
    while (this.#next[door] < this.#lines.length && this.#lines[this.#next[door]]!.door !== door) this.#next[door] += 1;
  }
}

const DOORS = ['dossier-intake', 'edocument-workflow'] as const;
