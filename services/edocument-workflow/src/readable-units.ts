import { type Organisation } from '@par/administration';
import { type Producer, REFUSALS, speaksForUnit } from '@par/ingress';
import { Problem } from '@par/service-kit';

/** Who reads: whoever holds a key sees the units that it speaks for, each with those below it; `*` sees all. */
export type Reader = Pick<Producer, 'units'>;

/**
 * Ids of the units whose work dossiers a reader gets: the unit that is asked for with all below it, as the organisation is now, as far as the reader's key speaks for
 * them. Units that have ended are among them, or what they left open would be seen by nobody. `all`: everything, of units nobody told us of too.
 * @throws Problem 400 `unit.unknown`, `unit.not-in-force`; 403 `producer.not-for-unit` where the key speaks for none of them
 */
export function readableUnits(reader: Reader, asked: string | undefined, organisation: Organisation, now: Date): readonly string[] | 'all' {
  const withThoseBelow = (id: string): string[] => [id, ...organisation.below(id).map((unit) => unit.id)];
  if (asked === undefined) return reader.units.includes('*') ? 'all' : [...new Set(reader.units.flatMap(withThoseBelow))];
  const unit = organisation.unit(asked) ?? organisation.resolve(asked, now);
  if (unit === 'unknown') throw refused(400, 'unit.unknown');
  if (unit === 'not-in-force') throw refused(400, 'unit.not-in-force');
  const units = withThoseBelow(unit.id).filter((id) => speaksForUnit(reader, id, organisation));
  if (units.length === 0) throw refused(403, 'producer.not-for-unit');
  return units;
}

function refused(status: number, code: 'unit.unknown' | 'unit.not-in-force' | 'producer.not-for-unit'): Problem {
  return new Problem({ status, code, field: 'unit', title: REFUSALS[code] });
}
