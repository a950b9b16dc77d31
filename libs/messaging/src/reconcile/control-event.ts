import { type BalanceKey, type CloudEvent, type EventData, type ServiceName } from '@par/contracts';
import { v7 } from 'uuid';

type ControlType = 'vn.par.reconciliation.asked.v1' | 'vn.par.reconciliation.answered.v1';

/** A question or an answer about a line, as it goes to the outbox of `service`. */
export function controlEvent<T extends ControlType>(
  type: T,
  service: ServiceName,
  line: BalanceKey,
  now: Date,
  data: EventData[T],
): CloudEvent<T> {
  const at = now.toISOString();
  return {
    specversion: '1.0',
    id: v7(),
    source: `urn:par:${service}`,
    type,
    subject: [data.asker, line.origin, line.type, line.unit, line.day].join(':'),
    time: at,
    datacontenttype: 'application/json',
    unit: line.unit,
    received: at,
    data,
  };
}

/** The line that a question or an answer is about. */
export function lineOf(event: CloudEvent<ControlType>): BalanceKey {
  const { origin, eventType, day } = event.data;
  return { origin, type: eventType, unit: event.unit, day };
}
