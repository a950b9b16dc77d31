import type { CloudEvent, EventIdentity } from '@par/contracts';
import type { WorkDossier } from './work-dossier.ts';

/** The source under which edocument-workflow publishes. */
export const JUDGEMENT_SOURCE = 'urn:par:edocument-workflow';

/** The identity of a judgement follows from the work dossier and the revision alone, so it can be named again at any time. */
export function judgementIdentity(subject: string, revision: number): EventIdentity {
  return { source: JUDGEMENT_SOURCE, id: `${subject}:${revision}` };
}

/** The judgement as it is published; it came over no network, so it carries none. `received` is an ISO instant. */
export function judgementEvent(
  subject: string,
  revision: number,
  folded: WorkDossier,
  received: string,
): CloudEvent<'vn.par.work-dossier.closed.v1'> {
  const { unit, ...content } = folded.judgement;
  return {
    specversion: '1.0',
    ...judgementIdentity(subject, revision),
    type: 'vn.par.work-dossier.closed.v1',
    subject,
    time: folded.judgedAt ?? received,
    datacontenttype: 'application/json',
    unit,
    received,
    data: { revision, ...content },
  };
}
