import { Chance } from './chance.ts';
import { type Offices } from './demo-offices.ts';
import { dueOf, factsOf, kindOf, urgencyOf } from './document-facts.ts';
import { type ReceiverFate, tellReceipt } from './incoming-life.ts';
import { OfficeStory, RegisterBooks } from './office-story.ts';
import { afterOfficeTime, dateOf, DAY, MINUTE, SECOND } from './office-time.ts';
import { type OutgoingFate, tellOutgoing } from './outgoing-life.ts';
import { type Outgoing } from './sending.ts';

/** For each application so many documents, and so many matters of an office's own that its software opens. */
const DOCUMENTS = 0.03;
const MATTERS = 0.03;

/** Organisations beside the city that write to it. `H57` is the province; what stands below is invented. */
const SENDERS = ['H57', 'H57.02', 'H57.07', 'H57.11', 'H57.15', 'H57.19'] as const;

/** What becomes of documents, each in its turn, so that a small year has everything too. */
const OUTGOING_FATES: readonly OutgoingFate[] = [
  'plain',
  'recalled',
  'plain',
  'updated',
  'returned',
  'replaced',
  'plain',
  'asked-back',
  'assigned-wrongly',
  'plain',
  'refused',
  'plain',
];
const INCOMING_FATES: readonly (ReceiverFate | undefined)[] = [
  undefined,
  undefined,
  'refused',
  undefined,
  undefined,
  'refused-by-mistake',
  undefined,
];

const OWN_STEPS = ['Lập kế hoạch', 'Thu thập ý kiến', 'Tổng hợp', 'Báo cáo lãnh đạo', 'Kết thúc hồ sơ'];

/** Tells documents and the matters that offices open, day by day, in proportion to the applications. */
export class OfficeLife {
  readonly #books: RegisterBooks;
  #documents = 0;
  #matters = 0;

  constructor(
    private readonly seed: number,
    private readonly offices: Offices,
    private readonly outgoing: Outgoing,
  ) {
    this.#books = new RegisterBooks(offices);
  }

  /** A working day after so many applications in all. */
  tellDay(midnight: number, applications: number): void {
    for (const due = Math.floor(applications * DOCUMENTS); this.#documents < due; this.#documents++) {
      const story = this.#story('document', this.#documents);
      // Two of five come from outside the city.
      const turn = Math.floor(this.#documents / 5);
      const place = this.#documents % 5;
      if (place < 3) this.#own(story, midnight, turn * 3 + place);
      else this.#fromOutside(story, midnight, turn * 2 + place - 3);
    }
    for (const due = Math.floor(applications * MATTERS); this.#matters < due; this.#matters++)
      tellOwnMatter(this.#story('matter', this.#matters), midnight, this.#matters);
  }

  #story(what: string, n: number): OfficeStory {
    const chance = Chance.of(this.seed, `${what}/${n}`);
    return new OfficeStory(chance, n, String(n + 1).padStart(6, '0'), this.offices, this.#books, this.outgoing);
  }

  #own(story: OfficeStory, midnight: number, n: number): void {
    const office = story.chance.pick(this.offices.inForce(midnight, 'department', 'ward', 'commune'));
    const at = afterOfficeTime(midnight, story.chance.whole(0, 400) * MINUTE);
    tellOutgoing(story, office, at, OUTGOING_FATES[n % OUTGOING_FATES.length]!);
  }

  #fromOutside(story: OfficeStory, midnight: number, n: number): void {
    const { chance } = story;
    const office = chance.pick(this.offices.inForce(midnight, 'department', 'ward', 'commune'));
    const arrivedAt = afterOfficeTime(midnight, chance.whole(0, 400) * MINUTE);
    const recipient = this.offices.organOf(office.unit.id);
    const issuer = chance.pick(SENDERS);
    const kind = kindOf(chance);
    const writtenAt = arrivedAt - chance.whole(0, 3) * DAY;
    const number = 100 + n * 3 + chance.whole(0, 2);
    const facts = factsOf(kind, { issuer, number, body: 'UBND', recipients: [recipient], at: writtenAt }, chance);
    const fate = INCOMING_FATES[n % INCOMING_FATES.length];
    tellReceipt(story, {
      document: `${issuer},${dateOf(writtenAt).replaceAll('-', '/')},${facts.code}`,
      office,
      recipient,
      arrivedAt,
      register: kind.register,
      urgency: facts.urgency ?? 'normal',
      ...(facts.due === undefined ? {} : { due: facts.due }),
      facts,
      ...(fate ? { fate } : {}),
      opensMatter: chance.happens(0.85),
    });
  }
}

/** A matter that nobody wrote about: opened with its supporting units, its urgency and its term; some are declared to be on paper, one of them by mistake. */
function tellOwnMatter(story: OfficeStory, midnight: number, n: number): void {
  const { chance, offices } = story;
  const office = chance.pick(offices.inForce(midnight, 'department', 'ward', 'commune', 'public-service-unit'));
  const subject = `HSCV-${office.unit.id}-m${story.serial}`;
  const openedAt = afterOfficeTime(midnight, chance.whole(0, 420) * MINUTE);
  const urgency = urgencyOf(chance);
  const supporting = story.others(office, chance.whole(0, 3), openedAt).map(({ unit }) => unit.id);
  const opened = { kind: 'matter', supporting, due: dueOf(openedAt, urgency, chance), urgency } as const;
  story.tell(office, 'vn.par.work-dossier.opened.v1', subject, openedAt, opened, 'opened');
  let at = openedAt;
  const isDeclaredPaper = n % 8 === 3;
  const count = isDeclaredPaper ? chance.whole(0, 1) : chance.whole(2, OWN_STEPS.length);
  const paperStep = chance.happens(office.paper) ? 1 : -1;
  for (const [i, step] of OWN_STEPS.slice(0, count).entries()) {
    at = afterOfficeTime(at, chance.whole(30, 1_200) * MINUTE);
    const data = { step, medium: i === paperStep ? 'paper' : 'network', actor: `cb-${chance.whole(1, 9)}` } as const;
    story.tell(office, 'vn.par.work-dossier.step-taken.v1', subject, at, data, `step-${i + 1}`);
  }
  at = afterOfficeTime(at, chance.whole(20, 400) * MINUTE);
  if (isDeclaredPaper || n % 40 === 5) {
    const told = story.tell(office, 'vn.par.work-dossier.paper-declared.v1', subject, at, {}, 'paper-declared');
    const corrected = { ...told, reason: 'entered-by-mistake' } as const;
    if (!isDeclaredPaper)
      story.tell(office, 'vn.par.work-dossier.corrected.v1', subject, at + 20 * MINUTE, corrected, 'paper-declared/corrected');
  }
  if (!chance.happens(0.07)) story.tell(office, 'vn.par.work-dossier.completed.v1', subject, at + 30 * SECOND, {}, 'completed');
}
