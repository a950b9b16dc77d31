import { Controller, Get, Query, Res } from '@nestjs/common';
import {
  endOfPeriod,
  FORM_BASIS,
  FORM_CODE,
  FORM_TITLE,
  type FormAnswer,
  formCsv,
  type Organisation,
  type Period,
  startOfPeriod,
  type Unit,
} from '@par/administration';
import { askedPeriod, OrganisationRegister } from '@par/organisation';
import { Clock, Environment, KeptAnswers, Problem } from '@par/service-kit';
import type { FastifyReply } from 'fastify';
import { type CountedSpan, FormCounts, type UnitCounts } from './form-counts.query.ts';
import { cityForm } from './form-layout.ts';

interface FormQuery {
  period?: string;
  unit?: string;
  city?: string;
  format?: string;
}

/** What the form of one question is laid out from. */
interface Counted {
  spans: Map<Unit, CountedSpan>;
  counts: UnitCounts[];
}

/** Periods and units that are asked for again and again. */
const MOST_KEPT = 50;

/** Biểu II.06a/VPCP/KSTT of a period, per unit: `GET /v1/forms/ii-06a?period=&unit=&city=&format=json|csv`. */
@Controller('v1/forms')
export class ShowFormController {
  readonly #kept: KeptAnswers<Counted>;

  constructor(
    private readonly counts: FormCounts,
    private readonly register: OrganisationRegister,
    private readonly clock: Clock,
    environment: Environment,
  ) {
    this.#kept = new KeptAnswers(MOST_KEPT, environment);
  }

  @Get('ii-06a')
  async show(@Query() query: FormQuery, @Res({ passthrough: true }) reply: FastifyReply): Promise<FormAnswer | string> {
    const { format = 'json' } = query;
    if (format !== 'json' && format !== 'csv') throw badFormat();
    const now = this.clock.now();
    const period = askedPeriod(query.period, now);
    const answer = await this.#answer(query, period, now);
    if (format === 'json') return answer;
    void reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="ii-06a-${period}.csv"`);
    return formCsv(answer);
  }

  async #answer({ unit, city }: FormQuery, period: Period, now: Date): Promise<FormAnswer> {
    const organisation = await this.register.latest();
    const { cities, units } = placesOf(organisation, unit, city);
    const key = [period, ...cities.map(({ id }) => id), '/', ...(units ?? [])].join(' ');
    const { spans, counts } = await this.#kept.get(key, () => this.#counted(cities, units, period, now));
    return {
      form: FORM_CODE,
      title: FORM_TITLE,
      basis: FORM_BASIS,
      period,
      cities: [...spans].map(([one, span]) => cityForm(one, span, counts, organisation, period)),
    };
  }

  async #counted(cities: readonly Unit[], units: readonly string[] | null, period: Period, now: Date): Promise<Counted> {
    const spans = new Map(cities.map((one) => [one, spanOf(one, period, now)]));
    // Of a period that has not begun nothing can be told: what is open now is not what it will carry over.
    const begun = [...spans.values()].filter(({ from, to }) => from === undefined || from <= to);
    return { spans, counts: await this.counts.of(begun, units) };
  }
}

/** The cities asked for, and the units where not all of a city's are: a unit with all below it, whenever they were in force. */
function placesOf(organisation: Organisation, unitId?: string, cityId?: string): { cities: Unit[]; units: string[] | null } {
  const city = cityId === undefined ? undefined : organisation.roots().find(({ id }) => id === cityId);
  if (cityId !== undefined && !city) throw unknownPlace('city');
  const unit = unitId === undefined ? undefined : organisation.unit(unitId);
  if (unitId !== undefined && (!unit || (city && unit.city !== city.id))) throw unknownPlace('unit');
  if (!unit) return { cities: city ? [city] : organisation.roots(), units: null };
  return {
    cities: [city ?? organisation.unit(unit.city) ?? unit],
    units: [unit.id, ...organisation.below(unit.id).map(({ id }) => id)],
  };
}

/** From the first to the last millisecond of the period on the city's clocks, or to now while it lasts. */
function spanOf({ id, timeZone }: Unit, period: Period, now: Date): CountedSpan {
  const end = endOfPeriod(period, timeZone);
  return {
    city: id,
    from: startOfPeriod(period, timeZone),
    to: end === undefined || end > now ? now : end,
  };
}

function unknownPlace(field: 'unit' | 'city'): Problem {
  return new Problem({
    status: 404,
    code: field === 'unit' ? 'unit.unknown' : 'city.unknown',
    field,
    title:
      field === 'unit'
        ? { en: 'There is no such unit', vi: 'Không có đơn vị này' }
        : { en: 'There is no such city', vi: 'Không có thành phố này' },
  });
}

function badFormat(): Problem {
  return new Problem({
    status: 400,
    code: 'request.bad-format',
    field: 'format',
    title: { en: 'The form is given as json or csv', vi: 'Biểu có ở dạng json hoặc csv' },
  });
}
