import { Controller, Get, Query } from '@nestjs/common';
import { DEADLINES, UNIT_ID } from '@par/contracts';
import { Problem } from '@par/service-kit';
import { DEADLINE_STATES, readCursor, ShowDeadlinesQuery, type DeadlinePage } from './show-deadlines.query.ts';

const MOST_AT_ONCE = 1_000;
const USUAL = 100;

/** Deadlines that are near or past now, by due date: `GET /v1/deadlines?unit=&of=&state=near|past&after=&limit=`. */
@Controller('v1/deadlines')
export class ShowDeadlinesController {
  constructor(private readonly query: ShowDeadlinesQuery) {}

  /** A page at a time: `after` is the `next` of the page before. */
  @Get()
  show(@Query() asked: Record<string, unknown>): Promise<DeadlinePage> {
    const unit = text(asked, 'unit');
    if (unit !== undefined && !UNIT_ID.test(unit)) throw bad('unit', 'the id of a unit', 'mã đơn vị');
    const after = text(asked, 'after');
    const cursor = after === undefined ? undefined : readCursor(after);
    if (after !== undefined && !cursor) {
      throw new Problem({
        status: 400,
        code: 'request.bad-cursor',
        field: 'after',
        title: { en: 'Give the "next" of the page before.', vi: 'Hãy dùng giá trị "next" của trang trước.' },
      });
    }
    const limit = Number(text(asked, 'limit') ?? USUAL);
    if (!Number.isInteger(limit) || limit < 1 || limit > MOST_AT_ONCE) {
      throw bad('limit', `a whole number from 1 to ${MOST_AT_ONCE}`, `số nguyên từ 1 đến ${MOST_AT_ONCE}`);
    }
    return this.query.page({ unit, of: oneOf(asked, 'of', DEADLINES), state: oneOf(asked, 'state', DEADLINE_STATES), cursor, limit });
  }
}

function text(asked: Record<string, unknown>, field: string): string | undefined {
  const value = asked[field];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw bad(field, 'one value', 'một giá trị');
  return value;
}

function oneOf<T extends string>(asked: Record<string, unknown>, field: string, allowed: readonly T[]): T | undefined {
  const value = text(asked, field);
  if (value === undefined) return undefined;
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw bad(field, `one of: ${allowed.join(', ')}`, `một trong: ${allowed.join(', ')}`);
  return found;
}

function bad(field: string, en: string, vi: string): Problem {
  return new Problem({
    status: 400,
    code: 'request.bad-parameter',
    field,
    title: { en: `"${field}" takes ${en}.`, vi: `"${field}" nhận ${vi}.` },
  });
}
