import { type AnyEvent, type CloudEvent, type EventIdentity, type Medium, type NotOnlineReason } from '@par/contracts';

const SOURCE = 'urn:par:edocument-workflow';

interface Work {
  steps: Map<string, Medium>;
  /** Key and instant of the completion. */
  completion?: { key: string; time: string };
  /** Declarations that it was handled on paper. */
  declared: Set<string>;
  takenBack: Set<string>;
  revision: number;
  /** What was told last, as text. */
  told: string;
}

/**
 * The judgements that edocument-workflow publishes while it reads the same events in their order: "processed online or not" when a work dossier closes, and
 * again whenever a later step or correction changes it. Enough of its fold to make a backlog like its own; what is right is decided there, not here: processes are
 * left out.
 */
export class Judgements {
  readonly #works = new Map<string, Work>();

  /** The judgement that an event brings about; undefined where nothing has to be told. */
  after(event: AnyEvent): CloudEvent<'vn.par.work-dossier.closed.v1'> | undefined {
    const work: Work = this.#works.get(event.subject) ?? {
      steps: new Map(),
      declared: new Set(),
      takenBack: new Set(),
      revision: 0,
      told: '',
    };
    switch (event.type) {
      case 'vn.par.work-dossier.step-taken.v1':
        work.steps.set(keyOf(event), event.data.medium);
        break;
      case 'vn.par.work-dossier.paper-declared.v1':
        work.declared.add(keyOf(event));
        break;
      case 'vn.par.work-dossier.completed.v1':
        work.completion ??= { key: keyOf(event), time: event.time };
        break;
      case 'vn.par.work-dossier.corrected.v1':
        work.takenBack.add(keyOf(event.data));
        break;
      default:
        return undefined;
    }
    this.#works.set(event.subject, work);
    return told(event, work);
  }
}

function told(event: AnyEvent, work: Work): CloudEvent<'vn.par.work-dossier.closed.v1'> | undefined {
  const media = [...work.steps].filter(([key]) => !work.takenBack.has(key)).map(([, medium]) => medium);
  const completion = work.completion && !work.takenBack.has(work.completion.key) ? work.completion : undefined;
  if (!completion && work.revision === 0) return undefined;
  const paperSteps = media.filter((medium) => medium === 'paper').length;
  const reasons: NotOnlineReason[] = [];
  if (completion && paperSteps > 0) reasons.push('paper-step');
  if (completion && media.length === 0) reasons.push('no-step-recorded');
  if (completion && [...work.declared].some((key) => !work.takenBack.has(key))) reasons.push('declared-paper');
  const content = {
    state: completion ? ('closed' as const) : ('open' as const),
    ...(completion ? { completedAt: completion.time } : {}),
    processedOnline: completion !== undefined && reasons.length === 0,
    reasons,
    steps: media.length,
    paperSteps,
  };
  const text = JSON.stringify(content);
  if (text === work.told) return undefined;
  work.told = text;
  work.revision += 1;
  return {
    specversion: '1.0',
    source: SOURCE,
    id: `${event.subject}:${work.revision}`,
    type: 'vn.par.work-dossier.closed.v1',
    subject: event.subject,
    time: completion?.time ?? event.time,
    datacontenttype: 'application/json',
    unit: event.unit,
    received: event.received,
    data: { revision: work.revision, ...content },
  };
}

function keyOf({ source, id }: EventIdentity): string {
  return `${source}\n${id}`;
}
