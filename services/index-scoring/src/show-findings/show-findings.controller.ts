import { Controller, Get, Query } from '@nestjs/common';
import { FINDING_LABELS, type Label, monthsIn, PROCEDURE_FINDING_LABELS } from '@par/administration';
import { askedPeriod } from '@par/organisation';
import { Clock, Database, Problem } from '@par/service-kit';
import { DECLARED_FINDING_LABELS } from '../declared-records.ts';
import { PrismaService } from '../prisma.service.ts';

const MOST_AT_ONCE = 1_000;

const LABELS: ReadonlyMap<string, Label> = new Map(
  Object.entries({ ...FINDING_LABELS, ...DECLARED_FINDING_LABELS, ...PROCEDURE_FINDING_LABELS }),
);

interface FindingCount {
  source: string | null;
  unit: string;
  code: string;
  label: { vi: string; en: string } | null;
  count: number;
}

interface FindingItem {
  number: number;
  subject: string;
  code: string;
  source: string | null;
  id: string | null;
  unit: string;
  month: string | null;
  raw: string | null;
}

/** Data-quality findings: facts that contradict each other. Counted per source, unit and kind, and listed dossier by dossier. */
@Controller('v1/findings')
export class ShowFindingsController {
  constructor(
    private readonly database: Database,
    private readonly prisma: PrismaService,
    private readonly clock: Clock,
  ) {}

  @Get()
  async counts(@Query() query: { period?: string; unit?: string; source?: string }): Promise<FindingCount[]> {
    const { from, to } = this.#months(query.period);
    const rows = await this.database.query<Omit<FindingCount, 'label'>>(
      `SELECT source, unit, code, count(*)::int AS count FROM finding
       WHERE (month IS NULL OR month BETWEEN $1 AND $2) AND ($3::text IS NULL OR unit = $3) AND ($4::text IS NULL OR source = $4)
       GROUP BY source, unit, code ORDER BY source COLLATE "C", unit COLLATE "C", code COLLATE "C"`,
      [from, to, query.unit ?? null, query.source ?? null],
    );
    return rows.map((row) => ({
      ...row,
      label: LABELS.get(row.code) ?? null,
    }));
  }

  /** The findings of one kind, a page at a time: `after` is the last `number` of the page before. */
  @Get('items')
  async items(
    @Query() query: { code?: string; period?: string; unit?: string; source?: string; after?: string; limit?: string },
  ): Promise<{ items: FindingItem[]; next: number | null }> {
    const { from, to } = this.#months(query.period);
    const after = Number(query.after ?? 0);
    const limit = Math.min(Math.max(Number(query.limit ?? 100) || 100, 1), MOST_AT_ONCE);
    if (!Number.isSafeInteger(after) || after < 0) {
      throw new Problem({
        status: 400,
        code: 'request.bad-cursor',
        field: 'after',
        title: { en: 'Give the number of the last finding', vi: 'Hãy ghi số của phát hiện cuối cùng' },
      });
    }
    const found = await this.prisma.finding.findMany({
      where: {
        number: { gt: after },
        OR: [{ month: null }, { month: { gte: from, lte: to } }],
        ...(query.code === undefined ? {} : { code: query.code }),
        ...(query.unit === undefined ? {} : { unit: query.unit }),
        ...(query.source === undefined ? {} : { source: query.source }),
      },
      orderBy: { number: 'asc' },
      take: limit + 1,
    });
    const items = found.map((finding): FindingItem => ({ ...finding, number: Number(finding.number) }));
    const next = items.length > limit ? items[limit - 1]!.number : null;
    return {
      items: items.slice(0, limit).map((item) => ({ ...item, subject: item.subject.replace(/^case:/, '') })),
      next,
    };
  }

  #months(period: string | undefined): { from: string; to: string } {
    return monthsIn(askedPeriod(period, this.clock.now())) ?? { from: '0000-00', to: '9999-99' };
  }
}
