import { Injectable } from '@nestjs/common';
import { BalanceSheet, lineText, LineStore } from '@par/messaging';
import { OrganisationRegister } from '@par/organisation';
import { Clock } from '@par/service-kit';
import { type BalanceRow, balanceRows, type BalanceTotal, balanceTotals, type Beside, type PublishedLine } from '../balance-sheet.ts';
import { ReadModel } from '../read-model.ts';

/** As many rows as an answer holds; the ones that differ come first, so none of those is cut off before the others. */
const MOST_ROWS = 2_000;
/** Days with events that an answer tells of when it is not asked for more. */
const DAYS_SHOWN = 7;

export interface BalanceAnswer {
  takenAt: string;
  /** Days told of, UTC dates of intake; null where there is nothing yet. */
  from: string | null;
  to: string | null;
  /** When the newest checkpoint was written. */
  advancedAt: string | null;
  summary: { sent: number; counted: number; difference: number; equal: boolean; differing: number } & Beside & { inFlight: number };
  flows: BalanceTotal[];
  rows: (BalanceRow & { unitName: string; unitNameEn: string })[];
  /** Rows left out because the answer is full. */
  leftOut: number;
}

@Injectable()
export class ShowBalanceQuery {
  constructor(
    private readonly readModel: ReadModel,
    private readonly register: OrganisationRegister,
    private readonly ownSheet: BalanceSheet,
    private readonly ownState: LineStore,
    private readonly clock: Clock,
  ) {}

  /** The sheet of the days asked for; without them, of the newest seven days that have events. */
  async balance(asked: { from?: string; to?: string; unit?: string }): Promise<BalanceAnswer> {
    const own = await this.#ownLines();
    const days = await this.#days(asked, own);
    const stored = await this.readModel.prisma.balanceLine.findMany({
      where: { day: { in: days.map((day) => new Date(day)) }, ...(asked.unit ? { unit: asked.unit } : {}) },
    });
    const published: PublishedLine[] = stored.map((line) => ({
      service: line.service,
      direction: line.direction === 'in' ? 'in' : 'out',
      origin: line.origin,
      type: line.eventType,
      unit: line.unit,
      day: dayOf(line.day),
      count: Number(line.count),
      hash: line.hash,
      dead: line.dead,
      healed: line.healed,
      surplus: line.surplus,
    }));
    const lines = [
      ...published,
      ...own.filter((line) => days.includes(line.day) && (asked.unit === undefined || line.unit === asked.unit)),
    ];
    const rows = balanceRows(lines);
    const flows = balanceTotals(rows);
    const sum = (pick: (total: BalanceTotal) => number): number => flows.reduce((total, flow) => total + pick(flow), 0);
    const advanced = stored.reduce<Date | null>(
      (newest, { advancedAt }) => (advancedAt && (!newest || advancedAt > newest) ? advancedAt : newest),
      null,
    );
    const organisation = await this.register.latest();
    const ordered = [...rows.filter((row) => !row.equal), ...rows.filter((row) => row.equal)];
    return {
      takenAt: this.clock.now().toISOString(),
      from: days.at(-1) ?? null,
      to: days[0] ?? null,
      advancedAt: advanced?.toISOString() ?? null,
      summary: {
        sent: sum((flow) => flow.sent),
        counted: sum((flow) => flow.counted),
        difference: sum((flow) => flow.difference),
        equal: flows.every((flow) => flow.equal),
        differing: sum((flow) => flow.differing),
        inFlight: sum((flow) => flow.inFlight),
        dead: sum((flow) => flow.dead),
        healed: sum((flow) => flow.healed),
        surplus: sum((flow) => flow.surplus),
      },
      flows,
      rows: ordered
        .slice(0, MOST_ROWS)
        .map((row) => ({ ...row, unitName: organisation.nameOf(row.unit), unitNameEn: organisation.nameEnOf(row.unit) })),
      leftOut: Math.max(0, ordered.length - MOST_ROWS),
    };
  }

  /** What this service itself took in: it publishes no checkpoints, being an outside reader. */
  async #ownLines(): Promise<PublishedLine[]> {
    const lines = await this.ownSheet.lines();
    const beside = new Map((await this.ownState.tails()).map((tail) => [lineText(tail), tail]));
    return lines
      .filter(({ direction }) => direction === 'in')
      .map((line) => {
        const { dead = 0, healed = 0, surplus = 0 } = beside.get(lineText(line)) ?? {};
        return { ...line, service: 'reporting', dead, healed, surplus };
      });
  }

  /** Newest first. */
  async #days(asked: { from?: string; to?: string }, own: readonly PublishedLine[]): Promise<string[]> {
    const published = await this.readModel.prisma.balanceLine.groupBy({ by: ['day'] });
    const all = [...new Set([...published.map(({ day }) => dayOf(day)), ...own.map(({ day }) => day)])].sort().reverse();
    const inside = all.filter((day) => (!asked.from || day >= asked.from) && (!asked.to || day <= asked.to));
    return asked.from ? inside : inside.slice(0, DAYS_SHOWN);
  }
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
