import { type ProducerEvent, type UnitKind } from '@par/contracts';
import { dayOf } from './independent-calendar.ts';

export interface IndependentUnit {
  id: string;
  kind: UnitKind;
  code?: string;
  parent?: string;
  agency: boolean;
  from: string;
  /** First day out of force. */
  to?: string;
  successors: string[];
}

/** The units of a city with their days, read from the unit events one by one. */
export class IndependentOrganisation {
  readonly units: IndependentUnit[] = [];

  constructor(events: Iterable<ProducerEvent>) {
    const all = [...events];
    for (const event of all) {
      if (event.type !== 'vn.par.unit.opened.v1' || this.find(event.subject)) continue;
      const { kind, code, parent, agency, validFrom } = (event as ProducerEvent<'vn.par.unit.opened.v1'>).data;
      this.units.push({
        id: event.subject,
        kind,
        ...(code === undefined ? {} : { code }),
        ...(parent === undefined ? {} : { parent }),
        agency,
        from: validFrom,
        successors: [],
      });
    }
    for (const event of all) {
      const unit = this.find(event.subject);
      if (!unit) continue;
      if (event.type === 'vn.par.unit.merged.v1') {
        const { into, from } = (event as ProducerEvent<'vn.par.unit.merged.v1'>).data;
        unit.to = from;
        unit.successors = [into];
      } else if (event.type === 'vn.par.unit.split.v1') {
        const { into, from } = (event as ProducerEvent<'vn.par.unit.split.v1'>).data;
        unit.to = from;
        unit.successors = into;
      } else if (event.type === 'vn.par.unit.closed.v1') unit.to = (event as ProducerEvent<'vn.par.unit.closed.v1'>).data.from;
    }
  }

  find(id: string): IndependentUnit | undefined {
    return this.units.find((unit) => unit.id === id);
  }

  unit(id: string): IndependentUnit {
    const unit = this.find(id);
    if (!unit) throw new Error(`the events speak of ${id}, which nobody opened`);
    return unit;
  }

  /** The unit that an id, or an official code at an instant, means. */
  meant(idOrCode: string, at: number): string {
    if (this.find(idOrCode)) return idOrCode;
    const holder = this.units.find((unit) => unit.code === idOrCode && isInForce(unit, dayOf(at)));
    if (!holder) throw new Error(`no unit has the code ${idOrCode} on ${dayOf(at)}`);
    return holder.id;
  }

  inForce(day: string): IndependentUnit[] {
    return this.units.filter((unit) => isInForce(unit, day));
  }

  /** The city above a unit; a city's own id for a city. */
  cityOf(id: string): string {
    const { parent } = this.unit(id);
    return parent === undefined ? id : this.cityOf(parent);
  }

  /** The unit and all that became part of it up to a day, directly or in steps. */
  withPredecessors(id: string, day: string): string[] {
    const before = this.units.filter((unit) => unit.successors.includes(id) && unit.to !== undefined && unit.to <= day);
    return [id, ...before.flatMap((unit) => this.withPredecessors(unit.id, day))];
  }
}

function isInForce(unit: IndependentUnit, day: string): boolean {
  return unit.from <= day && (unit.to === undefined || day < unit.to);
}
