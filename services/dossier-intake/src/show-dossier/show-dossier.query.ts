import { Injectable } from '@nestjs/common';
import { CHANNEL_LABELS, localDate, nationalCodeOf } from '@par/administration';
import { AcceptedEvents } from '@par/ingress';
import { OrganisationRegister } from '@par/organisation';
import { Problem } from '@par/service-kit';
import {
  type Dossier,
  type DossierEvent,
  type DossierState,
  foldDossier,
  NATIONAL_STATES,
  nationalStateOf,
  type Receipt,
} from '../dossier.ts';
import { EVENT_LABELS } from './event-labels.ts';
import { type Bilingual, type ShownDossier } from './show-dossier.dto.ts';

const TAKEN_BACK: Bilingual = { vi: 'Đã đính chính, không còn hiệu lực', en: 'Taken back by correction' };

/** Folds a dossier's accepted events into what people see of it. */
@Injectable()
export class ShowDossier {
  constructor(
    private readonly events: AcceptedEvents,
    private readonly register: OrganisationRegister,
  ) {}

  /** Throws problem 404 `dossier.unknown` where no event is about this code. */
  async show(code: string): Promise<ShownDossier> {
    const events = (await this.events.ofSubject(code, 'vn.par.dossier.')) as DossierEvent[];
    if (events.length === 0) {
      throw new Problem({
        status: 404,
        code: 'dossier.unknown',
        title: { en: 'No event about this dossier has come in', vi: 'Chưa nhận sự kiện nào về hồ sơ này' },
      });
    }
    const dossier = foldDossier(events);
    return { code, unit: this.#unitOf(dossier), ...shownState(dossier.state), timeline: shownTimeline(dossier) };
  }

  /** The unit that received it or, until that is known, the one of its first event; named as it was called then. */
  #unitOf({ timeline }: Dossier): ShownDossier['unit'] {
    const first = timeline.find((entry) => entry.type === 'vn.par.dossier.received.v1' && !entry.takenBack) ?? timeline[0]!;
    const organisation = this.register.current();
    const unit = organisation.unit(first.unit);
    const day = unit && localDate(new Date(first.happened), unit.timeZone);
    return {
      id: first.unit,
      name: organisation.nameOf(first.unit, day),
      nameEn: organisation.nameEnOf(first.unit, day),
      kind: unit?.kind ?? null,
    };
  }
}

function shownState(state: DossierState): Omit<ShownDossier, 'code' | 'unit' | 'timeline'> {
  const national = nationalStateOf(state);
  const receipt: Receipt = state.name === 'taken-back' ? { known: false } : state.receipt;
  const returned = state.name === 'returned' ? state : undefined;
  return {
    state: { name: state.name, national: national ?? null, label: national === undefined ? TAKEN_BACK : NATIONAL_STATES[national] },
    receivedAt: receipt.known ? receipt.at : null,
    channel: receipt.known
      ? { name: receipt.channel, national: nationalCodeOf(receipt.channel), label: CHANNEL_LABELS[receipt.channel] }
      : null,
    procedure: (receipt.known ? receipt.procedure : undefined) ?? null,
    due: receipt.known && receipt.due.given ? receipt.due.at : null,
    dueLeftOpen: receipt.known && !receipt.due.given,
    readyAt: (state.name === 'result-ready' ? state.readyAt : returned?.readyAt) ?? null,
    returnedAt: returned?.returnedAt ?? null,
    returnChannel: returned?.channel ?? null,
  };
}

function shownTimeline({ timeline }: Dossier): ShownDossier['timeline'] {
  return timeline.map((entry) => ({ ...entry, label: EVENT_LABELS[entry.type] }));
}
