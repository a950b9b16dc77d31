import type { ProducerEvent } from '@par/contracts';
import type { MappedUnit, Mapping } from './mapping.ts';
import { instantOf } from './time-text.ts';

/** The event that brings a unit of the mapping into force, at local midnight of its first day. */
export function unitOpened(unit: MappedUnit, mapping: Pick<Mapping, 'source' | 'timeZone'>): ProducerEvent<'vn.par.unit.opened.v1'> {
  const { id, agency = false, ...rest } = unit;
  const time = instantOf(unit.validFrom, 'iso', mapping.timeZone) ?? unit.validFrom;
  return {
    specversion: '1.0',
    source: mapping.source,
    id: `unit/${id}/opened`,
    type: 'vn.par.unit.opened.v1',
    subject: id,
    time,
    unit: id,
    data: { ...rest, agency },
  };
}

/** The organisation that comes with a mapping, units above before units below. */
export function organisationEvents(mapping: Mapping): ProducerEvent<'vn.par.unit.opened.v1'>[] {
  return mapping.organisation.map((unit) => unitOpened(unit, mapping));
}
