import { Injectable } from '@nestjs/common';
import type { EventIdentity, NotOnlineReason, Urgency, WorkDossierKind } from '@par/contracts';
import type { Bilingual } from '@par/service-kit';
import { WorkingCalendar } from '@par/administration';
import { type Deviation } from '../conformance.ts';
import { follow } from '../dossier-change.ts';
import { type ExpectedStep } from '../expected-steps.ts';
import { type Judgement } from '../judgement.ts';
import { Prisma } from '../prisma.ts';
import { ProcessRegister } from '../process-register.ts';
import { DEVIATION_TEXTS, DUE_TEXTS, type DueState, KIND_TEXTS, REASON_TEXTS } from '../process-texts.ts';
import { type ProcessVersion } from '../process-version.ts';
import { StepClock } from '../step-clock.ts';
import { type DossierEvent } from '../work-dossier-event.ts';
import { foldWorkDossier, type TimelineEntry, type WorkDossier } from '../work-dossier.ts';

export interface TimelineView extends EventIdentity {
  time: string;
  type: string;
  unit: string;
  step?: string;
  medium?: string;
  actor?: string;
  /** Of a correction: what it takes back, and why. */
  takesBack?: EventIdentity;
  reason?: string;
  /** The correction that took this event back. */
  takenBackBy?: EventIdentity;
}

export interface WorkDossierView {
  id: string;
  state: 'unopened' | 'open' | 'closed';
  kind: ({ code: WorkDossierKind } & Bilingual) | null;
  parties: { lead: string | null; supporting: readonly string[] };
  urgency: Urgency | null;
  openedAt: string | null;
  /** As it was told, put off or moved by a pause; never worked out from a procedure's term. Null: nobody told one. */
  due: string | null;
  /** Whether one was told. Without it the work dossier is neither in time nor overdue. */
  dueState: { code: DueState } & Bilingual;
  /** When the citizen's dossier came to its end at the one-stop; no step is expected after that. */
  endedAt: string | null;
  /** The process that it follows, in the version with which it began. */
  process: { id: string; version: number; name: string } | null;
  /** What the process expects now, as `step.due` told it last. */
  expected: { revision: number; steps: ExpectedStep[] };
  /** Where its steps part from the process; of one that is open, what is still to come is not skipped. */
  deviations: (Deviation & Bilingual)[];
  /** The judgement published last; null while the work dossier never closed. */
  judgement: {
    revision: number;
    state: 'open' | 'closed';
    completedAt: string | null;
    processedOnline: boolean;
    reasons: ({ code: NotOnlineReason } & Bilingual)[];
    steps: number;
    paperSteps: number;
    unit: string;
  } | null;
  timeline: TimelineView[];
}

@Injectable()
export class ShowWorkDossierQuery {
  constructor(
    private readonly prisma: Prisma,
    private readonly processes: ProcessRegister,
    private readonly calendar: WorkingCalendar,
  ) {}

  /** The work dossier as it stands, or undefined where nothing of that id is known. */
  async find(id: string): Promise<WorkDossierView | undefined> {
    const row = await this.prisma.client.workDossier.findUnique({ where: { id } });
    if (!row) return undefined;
    const folded = foldWorkDossier(row.events as unknown as DossierEvent[]);
    const process = row.process === null || row.processVersion === null ? undefined : await this.#process(row.process, row.processVersion);
    const published = row.judgement as unknown as Judgement | null;
    return {
      id,
      state: folded.state,
      kind: folded.kind ? { code: folded.kind, ...KIND_TEXTS[folded.kind] } : null,
      parties: { lead: folded.lead ?? null, supporting: folded.supporting },
      urgency: folded.urgency ?? null,
      openedAt: folded.openedAt ?? null,
      due: folded.due ?? null,
      dueState: dueStateOf(folded),
      endedAt: folded.endedAt ?? null,
      process: process ? { id: process.id, version: process.version, name: process.definition.name } : null,
      expected: { revision: row.expectedRevision, steps: row.expected as unknown as ExpectedStep[] },
      deviations: process ? this.#deviationsOf(folded, process) : [],
      judgement: published && {
        revision: row.revision,
        state: published.state,
        completedAt: published.completedAt ?? null,
        processedOnline: published.processedOnline,
        reasons: published.reasons.map((code) => ({ code, ...REASON_TEXTS[code] })),
        steps: published.steps,
        paperSteps: published.paperSteps,
        unit: published.unit,
      },
      timeline: folded.timeline.map(timelineView),
    };
  }

  async #process(id: string, version: number): Promise<ProcessVersion> {
    if (!this.processes.knows(id, version)) await this.processes.refresh();
    return this.processes.version(id, version);
  }

  #deviationsOf(folded: WorkDossier, process: ProcessVersion): (Deviation & Bilingual)[] {
    const clock = new StepClock(this.calendar, folded.stops, folded.lead);
    return follow(folded, process, clock).deviations.map((deviation) => ({ ...deviation, ...DEVIATION_TEXTS[deviation.kind] }));
  }
}

function dueStateOf({ due }: WorkDossier): WorkDossierView['dueState'] {
  const code = due === undefined ? 'no-data' : 'told';
  return { code, ...DUE_TEXTS[code] };
}

function timelineView({ event, takenBackBy }: TimelineEntry): TimelineView {
  const view: TimelineView & { day?: string } = { ...event, ...(takenBackBy && { takenBackBy }) };
  delete view.day;
  return view;
}
