import { type Delivery, type DemoCity, type DemoUnit, type ShownDocument, ZONE_MS } from './demo-city.ts';

/** Tells a step in both languages. */
export type Tell = (vi: string, en: string) => void;

const HOUR_MS = 3_600_000;
const EDXML_SOURCE = 'urn:par:edxml:';

/** What is written, by whom and to whom. */
export interface Letter {
  from: DemoUnit;
  to: DemoUnit;
  /** Notation after the number, as `12/TD-VB`. */
  notation: string;
  subject: string;
  /** The document that it answers. */
  answers?: DocumentWalk;
}

/** One document on its way: drafted and signed where it is written, sent as edXML, registered and settled where it comes to; the receiver's statuses come back as edXML. */
export class DocumentWalk {
  readonly id: string;
  readonly #begun = new Date();
  /** As the writers of the demonstration number: by the time of day, so that no two runs write the same. */
  readonly #number = this.#local(this.#begun).slice(11).replaceAll(':', '');

  constructor(
    private readonly city: DemoCity,
    private readonly letter: Letter,
    private readonly tell: Tell,
  ) {
    this.id = `${letter.from.organ},${this.#day.replaceAll('-', '/')},${this.#number}/${letter.notation}`;
  }

  /** What has become of it. */
  shown(): Promise<ShownDocument> {
    return this.city.document(this.id);
  }

  /** Drafted, submitted, approved, signed by a person and by the organisation, numbered. */
  async prepare(): Promise<void> {
    const { from } = this.letter;
    this.tell(`Văn bản ${this.id}`, `Document ${this.id}`);
    // What came before today's sending, each some hours before the next.
    const before = (hours: number): string => new Date(this.#begun.getTime() - hours * HOUR_MS).toISOString();
    await this.city.say(from, this.id, 'vn.par.document.drafted.v1', before(30), {});
    await this.city.say(from, this.id, 'vn.par.document.submitted.v1', before(29), {});
    await this.city.say(from, this.id, 'vn.par.document.approved.v1', before(28), {});
    await this.city.say(from, this.id, 'vn.par.document.signed.v1', before(27), { by: 'person', signature: 'digital' });
    await this.city.say(from, this.id, 'vn.par.document.signed.v1', before(26), { by: 'organisation', signature: 'digital' });
    this.tell(
      `${from.name} (${from.organ}): soạn thảo, trình, duyệt, ký số`,
      `${from.name} (${from.organ}) drafts, submits, approves and signs it`,
    );
    const number = await this.city.number('outgoing', from, this.id, before(25));
    this.tell(`Sổ văn bản đi: cấp số ${number}`, `Outgoing register: number ${number}`);
  }

  /** Sent as edXML; the receiver's own door took it. @throws Mistake where it does not arrive */
  async issue(): Promise<void> {
    const { to } = this.letter;
    await this.city.sendEdxml(this.id, this.#message({ type: 'new' }));
    this.tell(`Phát hành qua edXML tới ${to.name} (${to.organ})`, `Issued as edXML to ${to.name} (${to.organ})`);
    await this.#delivered('new', to.organ);
    await this.#reached('arrived');
    this.tell(`${to.name}: văn bản đã đến`, `${to.name}: it has arrived`);
    await this.#told('01', 'arrived');
  }

  /** Numbered in the receiver's register. @throws Mistake where its status does not come back */
  async register(): Promise<void> {
    const { to } = this.letter;
    const number = await this.city.number('incoming', to, this.id, this.#now());
    this.tell(`${to.name}: vào sổ văn bản đến, số ${number}`, `${to.name} registers it, number ${number}`);
    await this.#told('03', 'registered');
  }

  /** In the hands of who settles it. @throws Mistake where a status does not come back */
  async assign(): Promise<void> {
    const { to } = this.letter;
    await this.city.say(to, this.id, 'vn.par.document.assigned.v1', this.#now(), { recipient: to.organ, lead: to.id });
    this.tell(`${to.name}: phân công xử lý`, `${to.name} assigns it`);
    await this.#told('04', 'assigned');
    await this.city.say(to, this.id, 'vn.par.document.in-process.v1', this.#now(), { recipient: to.organ });
    this.tell(`${to.name}: đang xử lý`, `${to.name} works on it`);
    await this.#told('05', 'in-process');
  }

  /** @throws Mistake where the status does not come back */
  async complete(): Promise<void> {
    const { to } = this.letter;
    await this.city.say(to, this.id, 'vn.par.document.completed.v1', this.#now(), { recipient: to.organ });
    this.tell(`${to.name}: hoàn thành`, `${to.name} has done it`);
    await this.#told('06', 'completed');
  }

  /** Taken back by its writer, which the receiver agrees to. @throws Mistake where a state is not reached */
  async recall(): Promise<void> {
    const { from, to } = this.letter;
    await this.city.sendEdxml(this.id, this.#message({ type: 'recall' }));
    this.tell(`${from.name}: thu hồi văn bản qua edXML`, `${from.name} recalls it as edXML`);
    await this.#delivered('recall', to.organ);
    await this.#heard('recalled', to.id, from.organ);
    await this.city.say(to, this.id, 'vn.par.document.recall-accepted.v1', this.#now(), { recipient: to.organ });
    this.tell(`${to.name}: đồng ý thu hồi`, `${to.name} agrees to the recall`);
    await this.#told('15', 'recall-accepted');
    await this.city.until('state recalled', async () => (await this.shown()).state.name === 'recalled');
  }

  /** What the receiver said went to the writer as a status, and the writer's own door took it. */
  async #told(status: string, said: string): Promise<void> {
    const { from, to } = this.letter;
    await this.#delivered(status, from.organ);
    await this.#heard(said, from.id, to.organ);
    await this.#reached(said);
    this.tell(`  trạng thái ${status} đã về ${from.name} qua edXML`, `  status ${status} came back to ${from.name} as edXML`);
  }

  async #delivered(says: string, destination: string): Promise<void> {
    let last: Delivery | undefined;
    await this.city
      .until(`delivery of ${says} to ${destination}`, async () => {
        last = (await this.city.deliveries(this.id)).find((each) => each.says === says && each.destination === destination);
        return last?.state === 'delivered';
      })
      .catch((error: unknown) => {
        if (last?.error) this.tell(`Lỗi gửi: ${last.error}`, `Delivery failed: ${last.error}`);
        throw error;
      });
  }

  /** An event of the document that came as edXML from an organisation to a unit. */
  async #heard(said: string, unit: string, from: string): Promise<void> {
    await this.city.until(`${said} at ${unit}`, async () =>
      (await this.city.document(this.id)).timeline.some(
        (entry) => entry.type === `vn.par.document.${said}.v1` && entry.unit === unit && entry.source === EDXML_SOURCE + from,
      ),
    );
  }

  async #reached(state: string): Promise<void> {
    const { organ } = this.letter.to;
    await this.city.until(`${organ} ${state}`, async () =>
      (await this.city.document(this.id)).delivery.some((each) => each.recipient === organ && each.state.name === state),
    );
  }

  #message(business: { type: 'new' | 'recall' }): object {
    const { from, to, notation, subject, answers } = this.letter;
    return {
      from: { organ: from.organ, name: from.name },
      to: [{ organ: to.organ, name: to.name }],
      code: { number: this.#number, notation },
      place: 'Huế',
      promulgatedOn: this.#day,
      type: { name: 'Công văn' },
      subject,
      sentAt: this.#local(new Date()),
      business,
      ...(answers && { answers: [answers.#reference] }),
      files: [{ name: 'trinh-dien.txt', mediaType: 'text/plain', content: Buffer.from('Nội dung trình diễn').toString('base64') }],
    };
  }

  get #reference(): { organ: string; code: string; documentId: string; promulgatedOn: string } {
    const { from, notation } = this.letter;
    return { organ: from.organ, code: `${this.#number}/${notation}`, documentId: this.id, promulgatedOn: this.#day };
  }

  /** Day of the document, `YYYY-MM-DD`. */
  get #day(): string {
    return this.#local(this.#begun).slice(0, 10);
  }

  #now(): string {
    return new Date().toISOString();
  }

  /** On the clocks of the city, `YYYY-MM-DDTHH:mm:ss`. */
  #local(at: Date): string {
    return new Date(at.getTime() + ZONE_MS).toISOString().slice(0, 19);
  }
}
