import { type EventData, type Medium, type StepAct } from '@par/contracts';
import { type Office } from './demo-offices.ts';
import { type DocumentFacts, type DocumentKind, factsOf, guidOf, kindOf } from './document-facts.ts';
import { type ReceiverFate, tellReceipt } from './incoming-life.ts';
import { type OfficeStory, type OfficeType } from './office-story.ts';
import { afterOfficeTime, DAY, MINUTE, officeInstant, SECOND } from './office-time.ts';

/** What becomes of a document on its way, beside its common lot. */
export type OutgoingFate = 'plain' | 'returned' | 'recalled' | 'asked-back' | 'updated' | 'replaced' | ReceiverFate;

interface Receiver {
  office: Office;
  recipient: string;
}

/** A document of an office's own, and what its own matter has of it. */
class OwnDocument {
  readonly id: string;
  readonly issuer: string;
  readonly kind: DocumentKind;
  readonly #steps: { step: string; act: StepAct; at: number }[] = [];

  constructor(
    readonly story: OfficeStory,
    readonly office: Office,
  ) {
    this.id = guidOf(story.chance);
    this.kind = kindOf(story.chance);
    this.issuer = story.offices.organOf(office.unit.id);
  }

  tell<T extends OfficeType>(type: T, at: number, data: EventData[T], name: string = type.split('.')[3]!): void {
    this.story.tell(this.office, type, this.id, at, data, name);
  }

  note(step: string, act: StepAct, at: number): void {
    this.#steps.push({ step, act, at });
  }

  /** Some offices open a matter for a document that goes out, and name no process for it. */
  tellMatter({ urgency }: DocumentFacts): void {
    const { chance, serial } = this.story;
    const subject = `VBDI-${this.office.unit.id}-${serial}`;
    const [first] = this.#steps;
    const last = this.#steps.at(-1);
    if (!first || !last) return;
    const opened = { kind: 'outgoing-document', document: this.id, ...(urgency && { urgency }) } as const;
    this.story.tell(this.office, 'vn.par.work-dossier.opened.v1', subject, first.at - 5 * SECOND, opened, 'opened');
    const isOnPaper = chance.happens(this.office.paper);
    for (const [n, { at, ...step }] of this.#steps.entries()) {
      const medium: Medium = isOnPaper && step.act === 'submitted' ? 'paper' : 'network';
      const data = { ...step, medium, actor: `cb-${chance.whole(1, 9)}`, document: this.id };
      this.story.tell(this.office, 'vn.par.work-dossier.step-taken.v1', subject, at, data, `step-${n + 1}`);
    }
    this.story.tell(this.office, 'vn.par.work-dossier.completed.v1', subject, last.at + 2 * MINUTE, {}, 'completed');
  }
}

/** Tells a document of an office's own from its draft to its file, and what its receivers in the city do with it. */
export function tellOutgoing(story: OfficeStory, office: Office, from: number, fate: OutgoingFate): { id: string; issuedAt: number } {
  const { chance } = story;
  const own = new OwnDocument(story, office);
  const approvedAt = tellDraft(own, from, fate === 'returned' || chance.happens(0.12));
  const { number, at: readyAt } = tellSignatures(own, approvedAt);
  const issuedAt = afterOfficeTime(readyAt, chance.whole(2, 90) * MINUTE);
  const count = fate === 'recalled' || fate === 'updated' ? 3 : chance.weighted([1, 2, 3], (each) => 4 - each);
  const [added, ...receivers] = story
    .others(office, count + 1, issuedAt)
    .map((each): Receiver => ({ office: each, recipient: story.offices.organOf(each.unit.id) }));
  const body = office.unit.kind === 'department' ? 'P' : 'UBND';
  const recipients = receivers.map(({ recipient }) => recipient);
  const facts = factsOf(own.kind, { issuer: own.issuer, number, body, recipients, at: issuedAt }, chance);
  own.tell('vn.par.document.issued.v1', issuedAt, facts);
  own.note('Phát hành', 'issued', issuedAt);
  const filedAt = afterOfficeTime(issuedAt, chance.whole(120, 2_400) * MINUTE);
  own.tell('vn.par.document.filed.v1', filedAt, {});
  own.note('Lưu văn bản đi', 'filed', filedAt);
  if (chance.happens(0.4)) own.tellMatter(facts);

  const stopsAt = tellChange(own, fate, { issuedAt, facts, receivers, added: added! });
  for (const [n, receiver] of receivers.entries()) {
    tellReceipt(story, {
      ...receiver,
      document: own.id,
      arrivedAt: issuedAt + chance.whole(20, 300) * SECOND,
      register: own.kind.register,
      urgency: facts.urgency ?? 'normal',
      ...(facts.due === undefined ? {} : { due: facts.due }),
      ...(n === 0 && isOfReceiver(fate) ? { fate } : {}),
      ...(fate === 'asked-back' && n > 0 ? {} : stopsAt),
      opensMatter: n === 0 || chance.happens(0.5),
    });
  }
  return { id: own.id, issuedAt };
}

function isOfReceiver(fate: OutgoingFate): fate is ReceiverFate {
  return fate === 'refused' || fate === 'refused-by-mistake' || fate === 'assigned-wrongly';
}

/** Drafted, handed up, sometimes sent back to the drafter and handed up again, approved. */
function tellDraft(own: OwnDocument, from: number, isReturned: boolean): number {
  const { chance } = own.story;
  let at = officeInstant(from);
  const later = (least: number, most: number): number => (at = afterOfficeTime(at, chance.whole(least, most) * MINUTE));
  own.tell('vn.par.document.drafted.v1', at, {});
  own.note('Soạn thảo văn bản', 'drafted', at);
  own.tell('vn.par.document.submitted.v1', later(60, 1_400), {});
  own.note('Trình duyệt', 'submitted', at);
  if (isReturned) {
    own.tell('vn.par.document.returned.v1', later(30, 500), {});
    own.note('Trả lại để chỉnh sửa', 'returned-for-rework', at);
    own.tell('vn.par.document.submitted.v1', later(60, 900), {}, 'submitted-2');
    own.note('Trình duyệt', 'submitted', at);
  }
  own.tell('vn.par.document.approved.v1', later(20, 700), {});
  own.note('Duyệt dự thảo', 'approved', at);
  return at;
}

/** Signed by the person in charge, then by the organisation; the number comes before the seal or after it, as both are in use. */
function tellSignatures(own: OwnDocument, approvedAt: number): { number?: number; at: number } {
  const { story, office, kind } = own;
  const { chance } = story;
  let at = approvedAt;
  const later = (): number => (at = afterOfficeTime(at, chance.whole(3, 150) * MINUTE));
  const signature = chance.happens(office.paper) ? 'wet' : 'digital';
  own.tell('vn.par.document.signed.v1', later(), { by: 'person', signature }, 'signed-by-person');
  const seal = (): void =>
    own.tell('vn.par.document.signed.v1', later(), { by: 'organisation', signature: 'digital' }, 'signed-by-organisation');
  const isSealedFirst = chance.happens(0.3);
  if (isSealedFirst) seal();
  const number = story.books.next(story.unitAt(office, later()), 'outgoing', kind.register);
  own.tell('vn.par.document.numbered.v1', at, { register: kind.register, ...(number === undefined ? {} : { number }) });
  own.note('Cấp số văn bản đi', 'numbered', at);
  if (!isSealedFirst) seal();
  return { ...(number === undefined ? {} : { number }), at };
}

interface Issue {
  issuedAt: number;
  facts: DocumentFacts;
  receivers: readonly Receiver[];
  /** Another office, to be added by an update. */
  added: Receiver;
}

/** What the issuer does with a document that is out, and what its receivers answer. @returns when they stop to work on it, where they do */
function tellChange(own: OwnDocument, fate: OutgoingFate, issue: Issue): { until?: number } {
  const { story, issuer } = own;
  const { issuedAt, facts, receivers } = issue;
  const at = afterOfficeTime(issuedAt + story.chance.whole(1, 3) * DAY, story.chance.whole(0, 200) * MINUTE);
  switch (fate) {
    case 'recalled':
      own.tell('vn.par.document.recalled.v1', at, { issuer });
      answer(own, receivers, at);
      return { until: at };
    case 'asked-back': {
      const [first] = receivers;
      if (!first) return {};
      own.tell('vn.par.document.recall-requested.v1', at, { recipient: first.recipient }, `${first.recipient}/recall-requested`);
      answer(own, [first], at);
      return { until: at };
    }
    case 'updated':
      own.tell('vn.par.document.updated.v1', at, { ...facts, recipients: [...facts.recipients, issue.added.recipient] });
      answer(own, receivers, at);
      tellReceipt(story, {
        ...issue.added,
        document: own.id,
        arrivedAt: at + 40 * SECOND,
        register: own.kind.register,
        urgency: facts.urgency ?? 'normal',
        opensMatter: true,
      });
      return {};
    case 'replaced': {
      const next = tellOutgoing(story.another(), own.office, at, 'plain');
      const replacedAt = next.issuedAt + MINUTE;
      own.tell('vn.par.document.replaced.v1', replacedAt, { issuer, by: next.id });
      answer(own, receivers, replacedAt);
      return { until: replacedAt };
    }
    case 'plain':
    case 'returned':
    case 'refused':
    case 'refused-by-mistake':
    case 'assigned-wrongly':
      return {};
  }
}

/** The first receivers do as they are asked; a third one keeps what it has. */
function answer({ id, story }: OwnDocument, receivers: readonly Receiver[], askedAt: number): void {
  for (const [n, { office, recipient }] of receivers.entries()) {
    const at = afterOfficeTime(askedAt, story.chance.whole(5, 240) * MINUTE);
    const type = n === 2 ? 'vn.par.document.recall-refused.v1' : 'vn.par.document.recall-accepted.v1';
    story.tell(office, type, id, at, { recipient }, `${recipient}/${type.split('.')[3]!}`);
  }
}
