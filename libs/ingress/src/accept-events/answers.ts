import { Problem } from '@par/service-kit';
import { type EventResult } from '../event-result.ts';

/** More events than this waiting for the database: callers are asked to come back before memory runs short. */
const MOST_WAITING = 20_000;

/** The result of one event that was taken in, now or before. @throws the problem of one that was not */
export function singleAnswer(result: EventResult): EventResult {
  if (result.result === 'accepted' || result.result === 'duplicate') return result;
  const { code = 'event.refused', field, message, ...rest } = result;
  const status = result.result === 'conflict' ? 409 : 422;
  throw new Problem({
    status,
    code,
    title: message ?? { en: 'Refused', vi: 'Bị từ chối' },
    ...(field === undefined ? {} : { field }),
    extra: { ...rest, message },
  });
}

/** @throws the problem `ingress.busy` */
export function refuseWhenBusy(waiting: number): void {
  if (waiting <= MOST_WAITING) return;
  throw new Problem({
    status: 503,
    code: 'ingress.busy',
    title: {
      en: 'Too many events are waiting to be stored; send again in a moment.',
      vi: 'Quá nhiều sự kiện đang chờ lưu; xin gửi lại sau giây lát.',
    },
    retryAfterSeconds: 1,
  });
}
