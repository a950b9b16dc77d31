import type { CloudEvent } from '@par/contracts';

type CheckpointAdvanced = CloudEvent<'vn.par.checkpoint.advanced.v1'>;

/** The newest checkpoint of each balance line in a batch, in one order for every consumer. */
export function newestLines(events: readonly CheckpointAdvanced[]): CheckpointAdvanced[] {
  const newest = new Map<string, CheckpointAdvanced>();
  for (const event of events) {
    const { service, direction, origin, eventType, day } = event.data;
    const key = [service, direction, origin, eventType, event.unit, day].join(' ');
    const held = newest.get(key);
    if (!held || held.data.revision < event.data.revision) newest.set(key, event);
  }
  return [...newest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, event]) => event);
}
