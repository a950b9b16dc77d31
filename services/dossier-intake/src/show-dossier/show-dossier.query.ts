import { Injectable } from '@nestjs/common';
import { type DossierEvent, foldLifeCycle, lifeTimelineOf, localDate } from '@par/administration';
import { AcceptedEvents } from '@par/ingress';
import { OrganisationRegister } from '@par/organisation';
import { Problem } from '@par/service-kit';
import { type ShownDossier, type ShownUnit } from './show-dossier.dto.ts';
import { shownLife } from './shown-life.ts';

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
    const timeline = lifeTimelineOf(events);
    const first = timeline.find(({ event, takenBack }) => event.type === 'vn.par.dossier.received.v1' && !takenBack) ?? timeline[0];
    if (!first) {
      throw new Problem({
        status: 404,
        code: 'dossier.unknown',
        title: { en: 'No event about this dossier has come in', vi: 'Chưa nhận sự kiện nào về hồ sơ này' },
      });
    }
    const { unit, time } = first.event;
    const city = this.register.current().unit(unit);
    const life = foldLifeCycle(events, { code, ...(city && { scheme: city.dossierCodes, timeZone: city.timeZone }) });
    const responsible = life.received?.responsible;
    return {
      code,
      unit: this.#unit(unit, time),
      responsible: responsible === undefined || responsible === unit ? null : this.#unit(responsible, time),
      ...shownLife(life, timeline),
    };
  }

  /** A unit, named as it was called then. */
  #unit(id: string, at: string): ShownUnit {
    const organisation = this.register.current();
    const unit = organisation.unit(id);
    const day = unit && localDate(new Date(at), unit.timeZone);
    return { id, name: organisation.nameOf(id, day), nameEn: organisation.nameEnOf(id, day), kind: unit?.kind ?? null };
  }
}
