import { localDate, parsePeriod, type Period } from '@par/administration';
import { Problem } from '@par/service-kit';

/** The period of a request: `2011`, `2011-Q4`, `2011-10` or `all`; the current year in Việt Nam when it is not said. */
export function askedPeriod(text: string | undefined, now: Date): Period {
  if (text === undefined || text === '') return localDate(now, 'Asia/Ho_Chi_Minh').slice(0, 4);
  const period = parsePeriod(text);
  if (period !== undefined) return period;
  throw new Problem({
    status: 400,
    code: 'request.bad-period',
    field: 'period',
    title: { en: 'The period is not readable', vi: 'Không đọc được kỳ báo cáo' },
    detail: {
      en: 'Write a year (2021), a quarter (2021-Q4), a month (2021-10) or "all".',
      vi: 'Hãy ghi năm (2021), quý (2021-Q4), tháng (2021-10) hoặc "all".',
    },
  });
}
