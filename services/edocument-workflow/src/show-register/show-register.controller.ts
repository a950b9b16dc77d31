import { Controller, Get, Param, Query } from '@nestjs/common';
import { Database, Problem } from '@par/service-kit';
import { directionOf, entriesAfter, type RegisterEntry, type RegisterKey } from '../register-book.ts';

const MOST_AT_ONCE = 1_000;
const USUAL = 100;

interface Asked {
  unit?: string;
  register?: string;
  year?: string;
  after?: string;
  limit?: string;
}

interface RegisterPage extends RegisterKey {
  entries: Pick<RegisterEntry, 'number' | 'document' | 'event' | 'allottedAt'>[];
  /** Give as `after` for the next page; null on the last one. */
  next: number | null;
}

/** `GET /v1/registers/{incoming|outgoing}?unit=&register=&year=&after=&limit=`: a register of a unit, a page at a time by number. */
@Controller('v1/registers')
export class ShowRegisterController {
  constructor(private readonly database: Database) {}

  @Get(':direction')
  async show(@Param('direction') direction: string, @Query() asked: Asked): Promise<RegisterPage> {
    const key: RegisterKey = {
      direction: directionOf(direction),
      unit: asked.unit ?? missing('unit'),
      kind: asked.register ?? missing('register'),
      year: whole(asked.year ?? missing('year'), 'year'),
    };
    const limit = Math.min(Math.max(whole(asked.limit ?? String(USUAL), 'limit'), 1), MOST_AT_ONCE);
    const found = await entriesAfter(this.database, key, whole(asked.after ?? '0', 'after'), limit + 1);
    const entries = found.slice(0, limit).map(({ number, document, event, allottedAt }) => ({ number, document, event, allottedAt }));
    return { ...key, entries, next: found.length > limit ? entries.at(-1)!.number : null };
  }
}

function missing(field: string): never {
  throw new Problem({
    status: 400,
    code: 'request.missing-parameter',
    field,
    title: { en: 'This parameter is required.', vi: 'Thiếu tham số bắt buộc này.' },
  });
}

function whole(text: string, field: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Problem({
    status: 400,
    code: 'request.bad-parameter',
    field,
    title: { en: 'This parameter is a whole number.', vi: 'Tham số này phải là số nguyên không âm.' },
  });
}
