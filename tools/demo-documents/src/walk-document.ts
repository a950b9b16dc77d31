import { type Delivery, type DemoCity, OFFICE, type ShownDocument, WARD } from './demo-city.ts';

/** Tells a step in both languages. */
export type Tell = (vi: string, en: string) => void;

const HOUR_MS = 3_600_000;
/** The clocks of the demonstration's city, which have no summer time. */
const ZONE_MS = 7 * HOUR_MS;
const EDXML_SOURCE = 'urn:par:edxml:';

/** One document: drafted at the office, sent to the ward as edXML, registered and settled there, recalled at last; the ward's statuses come back as edXML. */
export class DocumentWalk {
  readonly #begun = new Date();
  readonly #id: string;
  readonly #number = this.#local(this.#begun).slice(11).replaceAll(':', '');

  constructor(
    private readonly city: DemoCity,
    private readonly tell: Tell,
  ) {
    this.#id = `${OFFICE.organ},${this.#local(this.#begun).slice(0, 10).replaceAll('-', '/')},${this.#number}/TD-VB`;
  }

  get id(): string {
    return this.#id;
  }

  /** What became of it. @throws Mistake where a state is not reached */
  async walk(): Promise<ShownDocument> {
    await this.#prepare();
    await this.#issue();
    await this.#settle();
    await this.#recall();
    return this.city.document(this.#id);
  }

  async #prepare(): Promise<void> {
    this.tell(`Văn bản ${this.#id}`, `Document ${this.#id}`);
    // What came before today's sending, each some hours before the next.
    const before = (hours: number): string => new Date(this.#begun.getTime() - hours * HOUR_MS).toISOString();
    await this.city.say(OFFICE, this.#id, 'vn.par.document.drafted.v1', before(30), {});
    await this.city.say(OFFICE, this.#id, 'vn.par.document.submitted.v1', before(29), {});
    await this.city.say(OFFICE, this.#id, 'vn.par.document.approved.v1', before(28), {});
    await this.city.say(OFFICE, this.#id, 'vn.par.document.signed.v1', before(27), { by: 'person', signature: 'digital' });
    await this.city.say(OFFICE, this.#id, 'vn.par.document.signed.v1', before(26), { by: 'organisation', signature: 'digital' });
    this.tell(
      `${OFFICE.name} (${OFFICE.organ}): soạn thảo, trình, duyệt, ký số`,
      `${OFFICE.name} (${OFFICE.organ}) drafts, submits, approves and signs it`,
    );
    const number = await this.city.number('outgoing', OFFICE, this.#id, before(25));
    this.tell(`Sổ văn bản đi: cấp số ${number}`, `Outgoing register: number ${number}`);
  }

  async #issue(): Promise<void> {
    await this.city.sendEdxml(this.#id, this.#message({ type: 'new' }));
    this.tell(`Phát hành qua edXML tới ${WARD.name} (${WARD.organ})`, `Issued as edXML to ${WARD.name} (${WARD.organ})`);
    await this.#delivered('new', WARD.organ);
    await this.#reached('arrived');
    this.tell(`${WARD.name}: văn bản đã đến`, `${WARD.name}: it has arrived`);
    await this.#told('01', 'arrived');
  }

  async #settle(): Promise<void> {
    const number = await this.city.number('incoming', WARD, this.#id, this.#now());
    this.tell(`${WARD.name}: vào sổ văn bản đến, số ${number}`, `${WARD.name} registers it, number ${number}`);
    await this.#told('03', 'registered');
    await this.city.say(WARD, this.#id, 'vn.par.document.assigned.v1', this.#now(), { recipient: WARD.organ, lead: WARD.id });
    this.tell(`${WARD.name}: phân công xử lý`, `${WARD.name} assigns it`);
    await this.#told('04', 'assigned');
    await this.city.say(WARD, this.#id, 'vn.par.document.in-process.v1', this.#now(), { recipient: WARD.organ });
    this.tell(`${WARD.name}: đang xử lý`, `${WARD.name} works on it`);
    await this.#told('05', 'in-process');
    await this.city.say(WARD, this.#id, 'vn.par.document.completed.v1', this.#now(), { recipient: WARD.organ });
    this.tell(`${WARD.name}: hoàn thành`, `${WARD.name} has done it`);
    await this.#told('06', 'completed');
  }

  async #recall(): Promise<void> {
    await this.city.sendEdxml(this.#id, this.#message({ type: 'recall' }));
    this.tell(`${OFFICE.name}: thu hồi văn bản qua edXML`, `${OFFICE.name} recalls it as edXML`);
    await this.#delivered('recall', WARD.organ);
    await this.#heard('recalled', WARD.id, OFFICE.organ);
    await this.city.say(WARD, this.#id, 'vn.par.document.recall-accepted.v1', this.#now(), { recipient: WARD.organ });
    this.tell(`${WARD.name}: đồng ý thu hồi`, `${WARD.name} agrees to the recall`);
    await this.#told('15', 'recall-accepted');
    await this.city.until('state recalled', async () => (await this.city.document(this.#id)).state.name === 'recalled');
  }

  /** What the ward said went to the office as a status, and the office's own door took it. */
  async #told(status: string, said: string): Promise<void> {
    await this.#delivered(status, OFFICE.organ);
    await this.#heard(said, OFFICE.id, WARD.organ);
    await this.#reached(said);
    this.tell(`  trạng thái ${status} đã về ${OFFICE.name} qua edXML`, `  status ${status} came back to ${OFFICE.name} as edXML`);
  }

  async #delivered(says: string, destination: string): Promise<void> {
    let last: Delivery | undefined;
    await this.city
      .until(`delivery of ${says} to ${destination}`, async () => {
        last = (await this.city.deliveries(this.#id)).find((each) => each.says === says && each.destination === destination);
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
      (await this.city.document(this.#id)).timeline.some(
        (entry) => entry.type === `vn.par.document.${said}.v1` && entry.unit === unit && entry.source === EDXML_SOURCE + from,
      ),
    );
  }

  async #reached(state: string): Promise<void> {
    await this.city.until(`${WARD.organ} ${state}`, async () =>
      (await this.city.document(this.#id)).delivery.some((each) => each.recipient === WARD.organ && each.state.name === state),
    );
  }

  #message(business: { type: 'new' | 'recall' }): object {
    return {
      from: { organ: OFFICE.organ, name: OFFICE.name },
      to: [{ organ: WARD.organ, name: WARD.name }],
      code: { number: this.#number, notation: 'TD-VB' },
      place: 'Huế',
      promulgatedOn: this.#local(this.#begun).slice(0, 10),
      type: { name: 'Công văn' },
      subject: 'V/v trình diễn liên thông văn bản điện tử',
      sentAt: this.#local(new Date()),
      business,
      files: [{ name: 'trinh-dien.txt', mediaType: 'text/plain', content: Buffer.from('Nội dung trình diễn').toString('base64') }],
    };
  }

  #now(): string {
    return new Date().toISOString();
  }

  /** On the clocks of the city, `YYYY-MM-DDTHH:mm:ss`. */
  #local(at: Date): string {
    return new Date(at.getTime() + ZONE_MS).toISOString().slice(0, 19);
  }
}
