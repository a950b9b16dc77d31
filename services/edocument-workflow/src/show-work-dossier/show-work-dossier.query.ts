import { Injectable } from '@nestjs/common';
import type { EventIdentity, NotOnlineReason } from '@par/contracts';
import type { Bilingual } from '@par/service-kit';
import { Prisma } from '../prisma.ts';
import { foldWorkDossier, type DossierEvent, type Judgement, type TimelineEntry } from '../work-dossier.ts';

const REASON_TEXTS: Record<NotOnlineReason, Bilingual> = {
  'paper-step': { en: 'At least one step was taken on paper.', vi: 'Có ít nhất một bước xử lý trên giấy.' },
  'no-step-recorded': {
    en: 'No step was recorded: silence is not proof.',
    vi: 'Không có bước xử lý nào được ghi nhận nên không đủ căn cứ.',
  },
  'declared-paper': { en: 'The department declared it to be handled on paper.', vi: 'Đơn vị khai báo hồ sơ được xử lý trên giấy.' },
  'wet-signature': { en: 'It was signed by hand on paper.', vi: 'Văn bản được ký tay trên giấy.' },
  'signature-invalid': { en: 'A digital signature does not hold.', vi: 'Chữ ký số không hợp lệ.' },
  'signature-missing': { en: 'A digital signature is due, and nothing was signed.', vi: 'Bước bắt buộc ký số nhưng chưa có chữ ký nào.' },
  'signature-unverified': {
    en: 'The signed file was never shown, so its signature could not be looked at.',
    vi: 'Tệp đã ký chưa được gửi để kiểm tra chữ ký số.',
  },
  'no-electronic-file': { en: 'What was signed has no electronic file.', vi: 'Văn bản đã ký không có tệp điện tử.' },
};

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
  openedAt: string | null;
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
  constructor(private readonly prisma: Prisma) {}

  /** The work dossier as it stands, or undefined where nothing of that id is known. */
  async find(id: string): Promise<WorkDossierView | undefined> {
    const row = await this.prisma.client.workDossier.findUnique({ where: { id } });
    if (!row) return undefined;
    const folded = foldWorkDossier(row.events as unknown as DossierEvent[]);
    const published = row.judgement as unknown as Judgement | null;
    return {
      id,
      state: folded.state,
      openedAt: folded.openedAt ?? null,
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
}

function timelineView({ event, takenBackBy }: TimelineEntry): TimelineView {
  const view: TimelineView & { day?: string } = { ...event, ...(takenBackBy && { takenBackBy }) };
  delete view.day;
  return view;
}
