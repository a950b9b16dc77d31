import { DOOR_OF, type Door, type EventType, type ServiceName } from '@par/contracts';
import { EventPoster } from './event-poster.ts';
import { waitUntilUnitsKnown, type UnitNews } from './known-units.ts';
import type { AnswerListener, Postable } from './posting-report.ts';

/** The running city that events are posted to. */
export interface TargetCity {
  doors: Record<Door, string>;
  /** Services that have to know a unit before its events are posted; the doors among them. */
  services: Readonly<Partial<Record<ServiceName, string>>>;
  key: string;
}

/** An event to be posted, of a type that a door takes. */
export interface Outgoing {
  type: EventType;
  source: string;
  id: string;
  subject: string;
  json(): string;
}

/**
 * Brings each event to its door. Events about units go one batch after the other, since each may need those before it; what follows them waits until
 * every service knows the units.
 */
export class Lanes {
  readonly #posters: Record<Door, EventPoster>;
  readonly #units: EventPoster;
  readonly #subjects = new Map<Postable, { type: EventType; subject: string }>();
  #news: UnitNews = { opened: new Set(), ended: new Set() };
  #unitsOpen = false;

  constructor(
    private readonly city: TargetCity,
    batch: number,
    listener: AnswerListener,
  ) {
    const at = (door: Door): { door: Door; url: string; key: string; batch: number } => ({
      door,
      url: city.doors[door],
      key: city.key,
      batch,
    });
    this.#posters = {
      'dossier-intake': new EventPoster(at('dossier-intake'), listener),
      'edocument-workflow': new EventPoster(at('edocument-workflow'), listener),
    };
    this.#units = new EventPoster(
      { ...at('dossier-intake'), inFlight: 1 },
      {
        answered: (posted, result) => {
          if (result.result === 'accepted' || result.result === 'duplicate') this.#learn(posted);
          this.#subjects.delete(posted);
          listener.answered(posted, result);
        },
      },
    );
  }

  /** Takes an event; returns when there is room for the next one. */
  async add(event: Outgoing, place: { line: number; row: number }): Promise<void> {
    const postable: Postable = { json: event.json(), id: event.id, ...place };
    if (isUnitEvent(event)) {
      this.#unitsOpen = true;
      this.#subjects.set(postable, { type: event.type, subject: event.subject });
      await this.#units.add(postable);
      return;
    }
    if (this.#unitsOpen) await this.#finishUnits();
    // The reader of the input has refused what no door takes.
    await this.#posters[DOOR_OF[event.type]!].add(postable);
  }

  /** Sends what waits for its batch to fill, and waits for every answer. */
  async drain(): Promise<void> {
    await Promise.all([this.#units, ...Object.values(this.#posters)].map((poster) => poster.finish()));
  }

  /** Posts what is left and waits for every answer, and for the units. */
  async finish(): Promise<void> {
    if (this.#unitsOpen) await this.#finishUnits();
    await Promise.all(Object.values(this.#posters).map((poster) => poster.finish()));
  }

  /** Ends early: waits for the answers to what is on its way, or gives it up where a door has failed. */
  async end(): Promise<void> {
    const posters = [this.#units, ...Object.values(this.#posters)];
    const failed = posters.some((poster) => poster.failed);
    await Promise.all(posters.map((poster) => (failed ? poster.stop() : poster.settle())));
  }

  async #finishUnits(): Promise<void> {
    await this.#units.finish();
    this.#unitsOpen = false;
    const news = this.#news;
    this.#news = { opened: new Set(), ended: new Set() };
    await waitUntilUnitsKnown(this.city.services, news);
  }

  #learn(posted: Postable): void {
    const unit = this.#subjects.get(posted);
    switch (unit?.type) {
      case 'vn.par.unit.opened.v1':
        this.#news.opened.add(unit.subject);
        break;
      case 'vn.par.unit.merged.v1':
      case 'vn.par.unit.split.v1':
      case 'vn.par.unit.closed.v1':
        this.#news.ended.add(unit.subject);
        break;
      // A new name changes nothing that a door judges by.
      default:
        break;
    }
  }
}

export function isUnitEvent(event: Pick<Outgoing, 'type'>): boolean {
  return event.type.startsWith('vn.par.unit.');
}
