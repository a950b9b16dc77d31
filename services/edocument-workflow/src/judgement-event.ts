import type { CloudEvent, EventData, EventIdentity } from '@par/contracts';
import type { Judgement } from './judgement.ts';

/** The source under which edocument-workflow publishes. */
export const JUDGEMENT_SOURCE = 'urn:par:edocument-workflow';

/** The identity of a judgement follows from the work dossier and the revision alone, so it can be named again at any time. */
export function judgementIdentity(subject: string, revision: number): EventIdentity {
  return { source: JUDGEMENT_SOURCE, id: `${subject}:${revision}` };
}

/** The judgement as it is published; it came over no network, so it carries none. `judgedAt` and `received` are ISO instants. */
export function judgementEvent(
  subject: string,
  revision: number,
  { unit, ...content }: Judgement,
  judgedAt: string,
  received: string,
): CloudEvent<'vn.par.work-dossier.closed.v1'> {
  return publishedJudgement(subject, unit, judgedAt, received, { revision, ...content });
}

/** A judgement as an event, from what is kept of it. `time` and `received` are ISO instants. */
export function publishedJudgement(
  subject: string,
  unit: string,
  time: string,
  received: string,
  data: EventData['vn.par.work-dossier.closed.v1'],
): CloudEvent<'vn.par.work-dossier.closed.v1'> {
  return {
    specversion: '1.0',
    ...judgementIdentity(subject, data.revision),
    type: 'vn.par.work-dossier.closed.v1',
    subject,
    time,
    datacontenttype: 'application/json',
    unit,
    received,
    data,
  };
}
