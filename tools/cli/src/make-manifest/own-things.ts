import { localDate } from '@par/administration';
import { DOOR_OF, type Door } from '@par/contracts';
import { dossierHash, eventHash, type ManifestEvent, type ManifestItem, placeOf, TYPES_WITH_DATA } from '@par/ingress/manifest';
import type { OutgoingEvent } from '../import-log/map-rows.ts';
import type { Mapping } from '../import-log/mapping.ts';

export interface ThingsAsked {
  door: Door;
  /** UTC. */
  asOf: string;
  /** Local day whose events are counted too. */
  day?: string | undefined;
}

/** What a source has by its own file: its dossiers in their states and, where asked for, the events of a day. */
export class OwnThings {
  readonly #dossiers = new Map<string, ManifestEvent[]>();
  readonly #events = new Map<string, ManifestItem>();
  readonly #zones: ReadonlyMap<string, string>;

  constructor(
    private readonly mapping: Pick<Mapping, 'timeZone' | 'organisation'>,
    private readonly asked: ThingsAsked,
  ) {
    this.#zones = zonesOf(mapping);
  }

  add(event: OutgoingEvent): void {
    const { door, asOf, day } = this.asked;
    const { source, id, type, subject, unit } = event;
    if (DOOR_OF[type] !== door) return;
    const time = new Date(event.time).toISOString();
    if (time > asOf) return;
    if (isDossierType(type)) {
      const told = this.#dossiers.get(subject) ?? [];
      // As the door does: what the state does not depend on is left out, so that a large file fits into memory.
      told.push({ source, id, type, time, unit, received: '', data: TYPES_WITH_DATA.includes(type) ? event.data : {} });
      this.#dossiers.set(subject, told);
    }
    if (day === undefined || localDate(new Date(time), this.#zones.get(unit) ?? this.mapping.timeZone) !== day) return;
    this.#events.set(id, { key: { unit, type, day }, name: id, hash: eventHash({ source, id }) });
  }

  /** Every dossier that has a state, then every event of the day. */
  items(): ManifestItem[] {
    const items: ManifestItem[] = [];
    for (const [code, events] of this.#dossiers) {
      const place = placeOf(events);
      if (place) items.push({ key: place, name: code, hash: dossierHash(code, place.state) });
    }
    return [...items, ...this.#events.values()];
  }
}

function isDossierType(type: string): type is ManifestEvent['type'] {
  return type.startsWith('vn.par.dossier.');
}

/** Time zones of the units that a mapping brings: those of their cities. */
function zonesOf({ organisation }: Pick<Mapping, 'organisation'>): Map<string, string> {
  const byId = new Map(organisation.map((unit) => [unit.id, unit]));
  const zones = new Map<string, string>();
  for (const unit of organisation) {
    let root = unit;
    for (let steps = 0; root.parent !== undefined && byId.has(root.parent) && steps < organisation.length; steps += 1)
      root = byId.get(root.parent)!;
    if (root.timeZone === undefined) continue;
    zones.set(unit.id, root.timeZone);
    if (unit.code !== undefined) zones.set(unit.code, root.timeZone);
  }
  return zones;
}
