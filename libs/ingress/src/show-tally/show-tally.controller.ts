import { Controller, Get, Query } from '@nestjs/common';
import { type DoorTally, isLocalDate } from '@par/contracts';
import { Problem } from '@par/service-kit';
import { ShowTally } from './show-tally.query.ts';

/** `GET /v1/ingress/tally?day=YYYY-MM-DD`: posted = accepted + duplicate + conflict + refused, on every line. */
@Controller('v1/ingress/tally')
export class ShowTallyController {
  constructor(private readonly tally: ShowTally) {}

  @Get()
  async show(@Query('day') day?: string): Promise<DoorTally> {
    if (day !== undefined && !isLocalDate(day)) {
      throw new Problem({
        status: 400,
        code: 'request.bad-date',
        field: 'day',
        title: { en: 'A date is written YYYY-MM-DD', vi: 'Ngày viết theo dạng YYYY-MM-DD' },
      });
    }
    return this.tally.show(day);
  }
}
