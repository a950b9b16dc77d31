import { Controller, Get, Query } from '@nestjs/common';
import { endOfPeriod, startOfPeriod } from '@par/administration';
import { askedPeriod, OrganisationRegister } from '@par/organisation';
import { type Bilingual, Clock, Environment, KeptAnswers, Problem } from '@par/service-kit';
import { type ConformanceCounts, ConformanceQuery, type DeviationKind } from './show-conformance.query.ts';

/** Periods, units and processes that are asked for again and again. */
const MOST_KEPT = 50;

const DEVIATION_TEXTS: Readonly<Record<DeviationKind, Bilingual>> = {
  skipped: { en: 'the process asks for the step, and it was not taken', vi: 'quy trình yêu cầu nhưng không thực hiện' },
  outOfOrder: { en: 'taken later than the process says', vi: 'thực hiện sai thứ tự' },
  repeated: { en: 'taken once more, without a way back to it', vi: 'thực hiện lặp lại' },
  unknown: { en: 'not in the process', vi: 'bước ngoài quy trình' },
  wrongRole: { en: 'taken by another role', vi: 'sai vai trò thực hiện' },
  overTime: { en: 'took longer than is allowed', vi: 'quá thời gian cho phép' },
};

interface ConformanceAnswer {
  period: string;
  /** When this was counted. */
  cutOff: string;
  rule: Bilingual;
  kinds: Readonly<Record<DeviationKind, Bilingual>>;
  processes: (ConformanceCounts & { unitName: string })[];
}

/**
 * How closed work dossiers went beside their processes: `GET /v1/conformance?period=&unit=&process=`. The figures that count for goal 8 (G8-CONFORM) are made of the same
 * judgements by index-scoring; here they are by process and kind of deviation.
 */
@Controller('v1/conformance')
export class ShowConformanceController {
  readonly #kept: KeptAnswers<{ counts: ConformanceCounts[]; at: string }>;

  constructor(
    private readonly query: ConformanceQuery,
    private readonly register: OrganisationRegister,
    private readonly clock: Clock,
    environment: Environment,
  ) {
    this.#kept = new KeptAnswers(MOST_KEPT, environment);
  }

  @Get()
  async show(@Query() { period: asked, unit, process }: { period?: string; unit?: string; process?: string }): Promise<ConformanceAnswer> {
    const now = this.clock.now();
    const period = askedPeriod(asked, now);
    const organisation = await this.register.latest();
    const place = unit === undefined ? organisation.roots()[0] : organisation.unit(unit);
    if (unit !== undefined && !place) throw unknownUnit();
    const units = place && unit !== undefined ? [place.id, ...organisation.below(place.id).map(({ id }) => id)] : null;
    const { counts, at } = await this.#kept.get([period, unit ?? '', process ?? ''].join(' '), async () => {
      const zone = place?.timeZone ?? 'Asia/Ho_Chi_Minh';
      const [from, to] = [startOfPeriod(period, zone), endOfPeriod(period, zone)];
      const span = { ...(from && { from }), ...(to && { to }) };
      return { at: now.toISOString(), counts: await this.query.of(span, units, process) };
    });
    const day = now.toISOString().slice(0, 10);
    return {
      period,
      cutOff: at,
      rule: {
        en: 'closed work dossiers without a deviation ÷ closed work dossiers with a process, by the month of closing',
        vi: 'hồ sơ công việc kết thúc không có sai khác ÷ hồ sơ công việc kết thúc có quy trình, theo thời điểm kết thúc',
      },
      kinds: DEVIATION_TEXTS,
      processes: counts.map((row) => ({ ...row, unitName: organisation.nameOf(row.unit, day) })),
    };
  }
}

function unknownUnit(): Problem {
  return new Problem({
    status: 404,
    code: 'unit.unknown',
    field: 'unit',
    title: { en: 'There is no such unit', vi: 'Không có đơn vị này' },
  });
}
