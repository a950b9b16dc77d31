import { parsePeriod, type Period } from '@par/administration';
import { Problem } from '@par/service-kit';

/** The period that a caller asks for; the current year where none is named. */
export function askedPeriod(text: string | undefined, now: Date): Period {
  const period = parsePeriod(text ?? String(now.getUTCFullYear()));
  if (period === undefined) {
    throw new Problem({
      status: 400,
      code: 'request.bad-period',
      field: 'period',
      title: {
        en: 'A period is a year (2011), a quarter (2011-Q4), a month (2011-10) or "all"',
        vi: 'Kỳ là năm (2011), quý (2011-Q4), tháng (2011-10) hoặc "all"',
      },
    });
  }
  return period;
}
