import { Controller, Get, Query } from '@nestjs/common';
import { Problem } from '@par/service-kit';
import { type BalanceAnswer, ShowBalanceQuery } from './show-balance.query.ts';

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

@Controller()
export class ShowBalanceController {
  constructor(private readonly query: ShowBalanceQuery) {}

  /** What each service sent against what each other counted, per unit and day, by count and by hash of the identities. */
  @Get('v1/balance-sheet')
  async balance(@Query('from') from?: string, @Query('to') to?: string, @Query('unit') unit?: string): Promise<BalanceAnswer> {
    return this.query.balance({ ...askedDay('from', from), ...askedDay('to', to), ...(unit ? { unit } : {}) });
  }
}

function askedDay<N extends 'from' | 'to'>(field: N, text: string | undefined): Partial<Record<N, string>> {
  if (text === undefined || text === '') return {};
  if (DAY.test(text) && !Number.isNaN(Date.parse(text))) return { [field]: text } as Record<N, string>;
  throw new Problem({
    status: 400,
    code: 'balance.bad-day',
    field,
    title: { en: 'The day is not readable', vi: 'Không đọc được ngày' },
    detail: { en: 'Write it as 2021-07-01.', vi: 'Hãy ghi dạng 2021-07-01.' },
  });
}
