import { setTimeout as pause } from 'node:timers/promises';
import { type EventData, type EventType, type FigureRow } from '@par/contracts';
import { getJson, Mistake, RunningCity } from '@par/cli';

/** A unit of the demonstration. Its identifier is of our own making: no ministry or province has Y99. */
export interface DemoUnit {
  id: string;
  organ: string;
  name: string;
}

const CITY = 'demo-van-ban';
export const OFFICE: DemoUnit = { id: 'demo-van-ban-phong', organ: 'Y99.1', name: 'Phòng Trình diễn' };
export const WARD: DemoUnit = { id: 'demo-van-ban-phuong', organ: 'Y99.2', name: 'Phường Trình diễn' };
/** When the units came into force; before any document of theirs. */
const SINCE = '2021-01-01';

export interface ShownDocument {
  state: { name: string; label: { vi: string; en: string } };
  facts: { code?: string; promulgatedOn?: string } | null;
  life: { name: string; at: string; unit: string; label: { vi: string; en: string } }[];
  delivery: { recipient: string; state: { name: string; label: { vi: string; en: string } } }[];
  registers: { unit: string; direction: string; register: string; year: number; number: number }[];
  findings: { code: string; label: { vi: string; en: string } }[];
  timeline: { source: string; type: string; unit: string }[];
}

export interface ShownMatter {
  state: string;
  expected: { steps: { step: string; element: string; role?: string }[] };
  deviations: { kind: string; vi: string; en: string }[];
  timeline: { step?: string }[];
  judgement: { processedOnline: boolean; reasons: { code: string; vi: string; en: string }[]; steps: number } | null;
}

export interface Delivery {
  says: string;
  destination: string;
  state: string;
  error: string | null;
}

/** How far the clocks of the demonstration's city are ahead of UTC; it has no summer time. */
export const ZONE_MS = 7 * 3_600_000;
const PATIENCE_MS = 30_000;

/** The figures that a matter of a ward moves: rules of a goal, as the plan names them. */
const FIGURES = [
  { indicator: 'G6-WORK-WARD', rule: 'every-step-on-network' },
  { indicator: 'G8-CONFORM', rule: 'every-step-as-process' },
] as const;

/** The city that `npm start` runs, as the systems of two of its units see it. */
export class DemoCity {
  readonly #city = new RunningCity();
  readonly #key = this.#city.producerKey();
  readonly #intake = this.#city.url('dossier-intake');
  readonly #workflow = this.#city.url('edocument-workflow');
  readonly #scoring = this.#city.url('index-scoring');

  /** The year on the clocks of the demonstration's city. */
  static year(): number {
    return new Date(Date.now() + ZONE_MS).getUTCFullYear();
  }

  /** Opens the city and its two units, once; later runs find them. */
  async openUnits(): Promise<void> {
    const opened = (id: string, data: Partial<EventData['vn.par.unit.opened.v1']>): object => ({
      specversion: '1.0',
      id: `opened-${id}`,
      source: 'urn:demo:documents:organisation',
      type: 'vn.par.unit.opened.v1',
      subject: id,
      unit: id,
      time: `${SINCE}T00:00:00+07:00`,
      data: { validFrom: SINCE, agency: false, kind: 'department', parent: CITY, ...data },
    });
    const city = {
      name: 'Thành phố Trình diễn',
      kind: 'city',
      parent: undefined,
      timeZone: 'Asia/Ho_Chi_Minh',
      dossierCodes: 'local',
    } as const;
    await this.#post(`${this.#intake}/v1/events`, [
      opened(CITY, city),
      opened(OFFICE.id, { name: OFFICE.name, organ: OFFICE.organ }),
      opened(WARD.id, { name: WARD.name, organ: WARD.organ, kind: 'ward' }),
    ]);
    await this.until('units', async () => JSON.stringify(await this.#get('/v1/units')).includes(WARD.id));
  }

  /** What the system of a unit says of a document or a matter. */
  async say<T extends EventType>(unit: DemoUnit, subject: string, type: T, time: string, data: EventData[T]): Promise<void> {
    const { id } = unit;
    const event = {
      specversion: '1.0',
      source: `urn:demo:documents:${id}`,
      id: `${subject} ${type} ${time}`,
      type,
      subject,
      unit: id,
      time,
      data,
    };
    await this.#post(`${this.#workflow}/v1/events`, [event]);
  }

  /** A number of a register of a unit. */
  async number(direction: 'incoming' | 'outgoing', unit: DemoUnit, document: string, time: string): Promise<number> {
    const body = { unit: unit.id, register: 'cong-van', document, time, ...(direction === 'incoming' && { recipient: unit.organ }) };
    const { number } = await this.#send<{ number: number }>(`${this.#workflow}/v1/registers/${direction}`, 'application/json', body);
    return number;
  }

  async sendEdxml(document: string, request: object): Promise<void> {
    await this.#send(`${this.#workflow}/v1/documents/${encodeURIComponent(document)}/edxml`, 'application/json', request);
  }

  document(id: string): Promise<ShownDocument> {
    return this.#get(`/v1/documents/${encodeURIComponent(id)}`);
  }

  matter(id: string): Promise<ShownMatter> {
    return this.#get(`/v1/work-dossiers/${encodeURIComponent(id)}`);
  }

  /** The figures of a unit and year that a matter moves, from the scoring service. */
  async figures(unit: DemoUnit, year: number): Promise<FigureRow[]> {
    const rows = await getJson<FigureRow[]>('index-scoring', this.#scoring, `/v1/figures?unit=${unit.id}&period=${year}`);
    return FIGURES.flatMap(({ indicator, rule }) => rows.filter((row) => row.indicator === indicator && row.rule === rule));
  }

  async deliveries(document: string): Promise<Delivery[]> {
    const { deliveries } = await this.#get<{ deliveries: Delivery[] }>(`/v1/edxml/deliveries?document=${encodeURIComponent(document)}`);
    return deliveries;
  }

  /** Waits for something to come about. @throws Mistake that names it where it does not */
  async until(what: string, reached: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    let last = '';
    while (Date.now() < end) {
      try {
        if (await reached()) return;
      } catch (error) {
        // What is not there yet is answered 404.
        last = error instanceof Mistake ? ` (${error.text.en})` : ` (${String(error)})`;
      }
      await pause(100);
    }
    throw new Mistake(
      'demo.not-reached',
      { en: `not reached within ${PATIENCE_MS / 1_000} s: ${what}${last}`, vi: `chưa đạt sau ${PATIENCE_MS / 1_000} giây: ${what}${last}` },
      1,
    );
  }

  async #post(url: string, events: readonly object[]): Promise<void> {
    const { results } = await this.#send<{ results: { result: string; code?: string }[] }>(
      url,
      'application/cloudevents-batch+json',
      events,
    );
    const refused = results.find(({ result }) => result !== 'accepted' && result !== 'duplicate');
    if (refused) throw refusal(url, `${refused.result} ${refused.code ?? ''}`);
  }

  async #get<T>(path: string): Promise<T> {
    const headers = { authorization: `Bearer ${this.#key}` };
    return answerOf<T>(this.#workflow + path, await fetch(this.#workflow + path, { headers }));
  }

  async #send<T>(url: string, contentType: string, body: unknown): Promise<T> {
    const headers = { authorization: `Bearer ${this.#key}`, 'content-type': contentType };
    return answerOf<T>(url, await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) }));
  }
}

async function answerOf<T>(url: string, response: Response): Promise<T> {
  const text = await response.text();
  if (!response.ok) throw refusal(url, `${response.status} ${text.slice(0, 500)}`);
  return JSON.parse(text) as T;
}

function refusal(url: string, said: string): Mistake {
  return new Mistake('demo.refused', { en: `${url} answered ${said}`, vi: `${url} trả lời ${said}` }, 1);
}
