import { type DemoCity, type DemoUnit, type ShownMatter } from './demo-city.ts';
import { type Tell } from './walk-document.ts';

/** Shipped with the workflow service; see its diagram at `GET /v1/processes/incoming-document/diagram.svg`. */
const PROCESS = 'incoming-document';
/** The way that the demonstration does not go at the process's only fork. */
const NOT_TAKEN = 'refuse';

/** A work dossier about a document that came in: opened, moved on by whatever step the service says is due next, closed. */
export class SettledMatter {
  readonly id: string;

  constructor(
    private readonly city: DemoCity,
    private readonly unit: DemoUnit,
    private readonly document: string,
    private readonly tell: Tell,
  ) {
    this.id = `HSCV ${document}`.replaceAll(/[^0-9A-Za-z]+/g, '-');
  }

  /** @throws Mistake where the service does not say what is next, or does not judge it */
  async settle(): Promise<ShownMatter> {
    await this.city.say(this.unit, this.id, 'vn.par.work-dossier.opened.v1', new Date().toISOString(), {
      kind: 'incoming-document',
      process: PROCESS,
      document: this.document,
    });
    this.tell(`${this.unit.name}: mở hồ sơ công việc ${this.id}`, `${this.unit.name} opens the work dossier ${this.id}`);
    let taken = 0;
    for (let next = await this.#expects(''); next; next = await this.#expects(next.step)) {
      const { step, role } = next;
      await this.city.say(this.unit, this.id, 'vn.par.work-dossier.step-taken.v1', new Date().toISOString(), {
        step,
        medium: 'network',
        ...(role !== undefined && { role }),
        actor: 'cb-1',
      });
      taken += 1;
      this.tell(`  bước đến hạn: ${step} (${role ?? '–'}), đã làm trên mạng`, `  step due: ${step} (${role ?? '–'}), taken on the network`);
    }
    await this.city.say(this.unit, this.id, 'vn.par.work-dossier.completed.v1', new Date().toISOString(), {});
    return this.#judged(taken);
  }

  /** What the process expects now, once the step taken last is heard of; undefined at its end. */
  async #expects(taken: string): Promise<ShownMatter['expected']['steps'][number] | undefined> {
    let steps: ShownMatter['expected']['steps'] = [];
    await this.city.until(`what is due after "${taken}"`, async () => {
      const { timeline, expected } = await this.city.matter(this.id);
      steps = expected.steps;
      const isHeard = taken === '' || timeline.some(({ step }) => step === taken);
      return isHeard && !steps.some(({ step }) => step === taken);
    });
    return steps.find(({ element }) => element !== NOT_TAKEN);
  }

  async #judged(taken: number): Promise<ShownMatter> {
    let matter: ShownMatter | undefined;
    await this.city.until(`judgement of ${this.id}`, async () => {
      matter = await this.city.matter(this.id);
      return matter.state === 'closed' && matter.judgement?.steps === taken;
    });
    return matter!;
  }
}
