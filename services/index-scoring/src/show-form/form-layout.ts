import {
  checkIdentities,
  type CityForm,
  type FormRow,
  lastDayOf,
  type Organisation,
  type Period,
  sumRows,
  type Unit,
  type UnitFormRow,
} from '@par/administration';
import { type CountedSpan, type UnitCounts } from './form-counts.query.ts';

/** Lays the counted numbers of one city out as its form: units by id, the total without provincial bodies, those bodies beside it. */
export function cityForm(
  city: Unit,
  span: CountedSpan,
  counted: readonly UnitCounts[],
  organisation: Organisation,
  period: Period,
): CityForm {
  const own = counted.filter((counts) => counts.city === city.id);
  const on = lastDayOf(period);
  const all = own.filter(({ received }) => received > 0).map((counts) => rowOf(counts, organisation, on));
  const isBeside = ({ unit }: UnitFormRow): boolean => organisation.unit(unit)?.kind === 'provincial-body';
  const rows = all.filter((row) => !isBeside(row));
  const total = sumRows(rows);
  const failing = (unit: string, row: FormRow): CityForm['identities'] => checkIdentities(row).map((failure) => ({ unit, ...failure }));
  return {
    city: city.id,
    cityName: organisation.nameOf(city.id, on),
    cityNameEn: organisation.nameEnOf(city.id, on),
    timeZone: city.timeZone,
    from: span.from?.toISOString() ?? null,
    cutOff: span.to.toISOString(),
    rows,
    total,
    beside: all.filter(isBeside),
    identities: [...all.flatMap((row) => failing(row.unit, row)), ...failing(city.id, total)],
    notes: {
      receiptNotKnown: own.reduce((sum, { receiptNotKnown }) => sum + receiptNotKnown, 0),
      intakeRefused: own.reduce((sum, { intakeRefused }) => sum + intakeRefused, 0),
    },
  };
}

function rowOf(counts: UnitCounts, organisation: Organisation, on: string | undefined): UnitFormRow {
  return {
    unit: counts.unit,
    unitName: organisation.nameOf(counts.unit, on),
    unitNameEn: organisation.nameEnOf(counts.unit, on),
    received: { total: counts.received, online: counts.online, direct: counts.direct, carriedOver: counts.carriedOver },
    done: {
      total: counts.done,
      early: counts.early,
      onTime: counts.onTime,
      late: counts.late,
      unclassified: { count: counts.doneUnclassified, reason: 'no-due-date' },
    },
    inProcess: {
      total: counts.inProcess,
      inTerm: counts.inTerm,
      overdue: counts.overdue,
      unclassified: { count: counts.inProcessUnclassified, reason: 'no-due-date' },
    },
    onTimeParts: {
      result: counts.onTimeResult,
      refused: counts.onTimeRefused,
      withdrawn: counts.onTimeWithdrawn,
      waiting: counts.waiting,
    },
  };
}
