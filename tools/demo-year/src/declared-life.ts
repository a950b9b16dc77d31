import { type EventData, type EventIdentity, type EventType, INSPECTION_SUBJECTS, type SurveyQuestion } from '@par/contracts';
import { Chance } from './chance.ts';
import { CULTURE_CENTRE, type Offices, ONE_STOP, SCHOOLS } from './demo-offices.ts';
import { DAY, HOUR, instantOf, MINUTE, officeInstant } from './office-time.ts';
import { type Draft, type Outgoing, send } from './sending.ts';

const SOURCE = 'urn:par:demo:declarations';

/** What authorised persons declare over the year. All of it is invented but the four published scores of goal 10. */
export class Declarations {
  readonly #chance: Chance;

  constructor(
    seed: number,
    private readonly offices: Offices,
    private readonly outgoing: Outgoing,
    /** Dossiers of the year: counts from paper grow with it. */
    private readonly dossiers: number,
  ) {
    this.#chance = Chance.of(seed, 'declarations');
  }

  tellAll(): void {
    this.#paperWork();
    this.#secretCounts();
    this.#inspections();
    this.#reviews();
    this.#staff();
    this.#surveys();
    this.#scores();
  }

  #tell<T extends EventType>(type: T, unit: string, at: number, data: EventData[T], subject: string, name: string): EventIdentity {
    const draft: Draft = { type, source: SOURCE, id: `${subject}/${name}`, subject, unit, at, data };
    this.outgoing.add(sendDeclared(draft, this.offices, this.#chance));
    return { source: SOURCE, id: draft.id };
  }

  #takeBack(told: EventIdentity, unit: string, at: number, subject: string): void {
    const data = { ...told, reason: 'wrong-content' as const };
    this.#tell('vn.par.declaration.corrected.v1', unit, at, data, subject, `${told.id.slice(subject.length + 1)}/corrected`);
  }

  /** A count from paper of a unit and period. A unit that ends with the period declares on its last day. */
  #count(
    type: 'vn.par.paper-work.declared.v1' | 'vn.par.secret-count.declared.v1',
    unit: string,
    period: string,
    at: number,
    count: number,
    again = '',
  ): EventIdentity {
    const noun = type.split('.')[2]!;
    return this.#tell(type, unit, at, { period, count }, unit, `${noun}/${period}${again}`);
  }

  #paperWork(): void {
    const type = 'vn.par.paper-work.declared.v1';
    const most = Math.max(2, Math.round(this.dossiers / 6_000));
    const byQuarter = new Set(['hue-thanh-tra', 'hue-phong-y-te', 'hue-19783-vinh-ninh', 'hue-19798-phuoc-vinh']);
    for (const { unit } of this.offices.ofKind('department', 'ward', 'commune')) {
      for (let month = 1; month <= 12; month++) {
        const at = this.#declaredAt(unit.id, month);
        if (at === undefined || byQuarter.has(unit.id)) continue;
        this.#count(type, unit.id, monthText(month), at, this.#chance.happens(this.dossiers / 10_000) ? this.#chance.whole(0, most) : 0);
      }
    }
    for (const unit of byQuarter) {
      for (let quarter = 1; quarter <= 4; quarter++)
        this.#count(type, unit, `2021-Q${quarter}`, this.#declaredAt(unit, quarter * 3)!, this.#chance.whole(1, most));
    }
    // The year as a whole came to more than its quarters; a quarter to less than the months it is made of; one month was declared twice, one in error.
    this.#count(type, 'hue-phong-y-te', '2021', this.#declaredAt('hue-phong-y-te', 12)! + DAY, most * 4 + 7);
    this.#count(type, 'hue-19801-an-cuu', '2021-Q2', this.#declaredAt('hue-19801-an-cuu', 6)! + HOUR, 1);
    this.#count(type, 'hue-19801-an-cuu', '2021-05', this.#declaredAt('hue-19801-an-cuu', 5)! + HOUR, most + 1, '-again');
    this.#count(type, 'hue-phong-noi-vu', '2021-Q3', this.#declaredAt('hue-phong-noi-vu', 9)! + HOUR, most * 3 + 1);
    this.#count(type, 'hue-phong-kinh-te', '2021-03', this.#declaredAt('hue-phong-kinh-te', 4)!, most + 1, '-again');
    const wrong = this.#count(type, 'hue-19777-vy-da', '2021-09', this.#declaredAt('hue-19777-vy-da', 10)!, most * 40, '-again');
    this.#takeBack(wrong, 'hue-19777-vy-da', this.#declaredAt('hue-19777-vy-da', 10)! + DAY, 'hue-19777-vy-da');
  }

  /** Early in the next month, or on the last day of a unit that ends; undefined where the unit was not there. */
  #declaredAt(unit: string, month: number): number | undefined {
    const next = month === 12 ? '2022-01-04' : `2021-${String(month + 1).padStart(2, '0')}-03`;
    const at = officeInstant(instantOf(next, '08:00')) + this.#chance.whole(0, 180) * MINUTE;
    const { validFrom, validTo } = this.offices.get(unit).unit;
    if (validTo === undefined) return validFrom.slice(0, 7) <= monthText(month) ? at : undefined;
    const lastMonth = Number(validTo.slice(5, 7)) - 1;
    return month < lastMonth ? at : month === lastMonth ? instantOf(validTo) - 7 * HOUR : undefined;
  }

  #secretCounts(): void {
    const type = 'vn.par.secret-count.declared.v1';
    for (const unit of ['hue-van-phong', 'hue-phong-noi-vu', 'hue-thanh-tra', 'hue-19783-vinh-ninh']) {
      for (let quarter = 1; quarter <= 4; quarter++)
        this.#count(type, unit, `2021-Q${quarter}`, this.#declaredAt(unit, quarter * 3)! + 2 * HOUR, this.#chance.whole(0, 3));
    }
    this.#count(type, 'hue-thanh-tra', '2021', instantOf('2022-01-05', '15:00'), 14);
    this.#count(type, 'hue-19792-xuan-phu', '2021-05', this.#declaredAt('hue-19792-xuan-phu', 5)! + HOUR, 1);
    this.#count(type, 'hue-19771-phu-cat', '2021-06', this.#declaredAt('hue-19771-phu-cat', 6)! + HOUR, 1);
  }

  /** Twelve of 39 units by June, above 30 %; ten of them are still there in July among 48, and five more come in autumn: 15 of 48. */
  #inspections(): void {
    const wards = this.#chance.shuffled(
      this.offices.inForce(instantOf('2021-01-04'), 'ward').filter(({ unit }) => unit.validTo === undefined),
    );
    const departments = this.#chance.shuffled(this.offices.ofKind('department'));
    const spring = [...departments.slice(0, 4), ...wards.slice(0, 6)].map(({ unit }) => unit.id);
    const autumn = [...departments.slice(4, 6), ...wards.slice(6, 8)].map(({ unit }) => unit.id);
    const rows: [unit: string, date: string][] = [
      ...spring.map((unit, n): [string, string] => [unit, `2021-0${3 + Math.floor(n / 4)}-${String(8 + (n % 4) * 5).padStart(2, '0')}`]),
      ['hue-19771-phu-cat', '2021-05-25'],
      ['hue-19744-phu-thuan', '2021-06-08'],
      ...autumn.map((unit, n): [string, string] => [unit, `2021-1${Math.floor(n / 2)}-${String(5 + (n % 2) * 9).padStart(2, '0')}`]),
      ['hue-19900-thuan-an', '2021-11-25'],
      [ONE_STOP, '2021-04-27'],
      [CULTURE_CENTRE, '2021-10-26'],
      [SCHOOLS[0], '2021-11-16'],
      // The same unit once more in the year, and one record that was entered for the wrong unit.
      [spring[0]!, '2021-12-07'],
      [departments[8]!.unit.id, '2021-12-14'],
    ];
    for (const [n, [unit, date]] of rows.entries()) {
      const subject = `kt-2021-${String(n + 1).padStart(2, '0')}`;
      const subjects = INSPECTION_SUBJECTS.filter((_, i) => i === n % 6 || this.#chance.happens(0.4));
      const at = officeInstant(instantOf(date, '16:00'));
      const told = this.#tell('vn.par.inspection.completed.v1', unit, at, { subjects }, subject, 'completed');
      if (n === rows.length - 1) this.#takeBack(told, unit, at + DAY, subject);
    }
  }

  #reviews(): void {
    const units = this.offices.ofKind('department').map(({ unit }) => unit.id);
    for (let n = 0; n < 20; n++) {
      const unit = units[n % units.length]!;
      const subject = `rs-2021-${String(n + 1).padStart(2, '0')}`;
      const plannedAt = officeInstant(instantOf(`2021-${String(2 + (n % 8)).padStart(2, '0')}-15`, '09:00'));
      const told = this.#tell('vn.par.function-review.planned.v1', unit, plannedAt, {}, subject, 'planned');
      if (n === 11) this.#takeBack(told, unit, plannedAt + DAY, subject);
      // Fifteen are done, one of them a review that nobody had planned.
      if (n < 15 && n !== 11) this.#tell('vn.par.function-review.completed.v1', unit, plannedAt + 45 * DAY, {}, subject, 'completed');
    }
    this.#tell('vn.par.function-review.completed.v1', units[3]!, instantOf('2021-10-20', '10:00'), {}, 'rs-2021-unplanned', 'completed');
  }

  #staff(): void {
    const kinds = ['department', 'ward', 'commune', 'public-service-unit', 'school'] as const;
    for (const date of ['2021-04-15', '2021-11-18']) {
      for (const { unit } of this.offices.inForce(instantOf(date), ...kinds)) {
        const staff = unit.kind === 'school' ? this.#chance.whole(40, 75) : this.#chance.whole(9, 26);
        const meeting = staff - this.#chance.whole(0, date === '2021-04-15' ? 4 : 2);
        const at = instantOf(date, '14:00') + this.#chance.whole(0, 150) * MINUTE;
        this.#tell('vn.par.staff-standard.declared.v1', unit.id, at, { staff, meeting }, unit.id, `staff-standard/${date}`);
      }
    }
  }

  /** One a quarter at the one-stop centre, one in spring at a ward; a question has more answers than forms, and a survey is entered anew. */
  #surveys(): void {
    const type = 'vn.par.survey.declared.v1';
    for (const [n, date] of ['2021-03-29', '2021-06-28', '2021-09-27', '2021-12-27'].entries()) {
      const subject = `ks-2021-q${n + 1}`;
      const collected = Math.max(20, Math.round(this.dossiers / 45)) + this.#chance.whole(0, 15);
      const declare = (at: number, name: string, answers: number): EventIdentity => {
        const questions = ['don-tiep', 'thai-do', 'tra-ket-qua', 'dung-hen', 'giay-to'].map((question, i) =>
          this.#question(question, i < 3 ? 'satisfaction' : 'other', i === 0 && n === 0 ? answers + 6 : answers),
        );
        return this.#tell(type, ONE_STOP, at, { issued: collected + 12, collected, questions }, subject, name);
      };
      const at = instantOf(date, '15:00');
      const told = declare(at, 'declared', collected);
      if (n !== 1) continue;
      this.#takeBack(told, ONE_STOP, at + DAY, subject);
      declare(at + DAY + HOUR, 'declared-again', collected - 2);
    }
    const questions = [this.#question('thai-do', 'satisfaction', 25)];
    const data = { issued: 30, collected: 25, questions };
    this.#tell(type, 'hue-19768-phu-hoa', instantOf('2021-05-20', '10:00'), data, 'ks-2021-phu-hoa', 'declared');
  }

  #question(question: string, scale: SurveyQuestion['scale'], answers: number): SurveyQuestion {
    const worst = Math.floor(answers * this.#chance.between(0.01, 0.06));
    const best = Math.floor(answers * this.#chance.between(0.4, 0.55));
    return { question, scale, best, middle: answers - best - worst, worst };
  }

  /** On 5 January 2022: scores of departments and wards, two of them not assessed, and the ranking of the province (Decision 24/QĐ-UBND). */
  #scores(): void {
    const type = 'vn.par.assessment.published.v1';
    const publish = (unit: string, year: number, at: number): void => {
      const applicable = this.#chance.pick([100_000, 96_500, 92_000]);
      const awarded = Math.floor(applicable * this.#chance.between(0.66, 0.96));
      this.#tell(
        type,
        unit,
        at,
        { year, framework: year === 2021 ? 'qd-1963-2021' : 'qd-2642-2017', awarded, applicable },
        unit,
        `score/${year}`,
      );
    };
    for (const { unit } of this.offices.inForce(instantOf('2021-01-15'), 'department'))
      publish(unit.id, 2020, instantOf('2021-01-15', '09:00'));
    const at = instantOf('2022-01-05', '09:30');
    const left = new Set(['hue-phong-y-te', 'hue-20032-huong-tho']);
    for (const { unit } of this.offices.inForce(at, 'department', 'ward', 'commune')) if (!left.has(unit.id)) publish(unit.id, 2021, at);
    this.#tell(type, 'hue', at, { year: 2021, framework: 'qd-1963-2021', awarded: 84_186, applicable: 100_000 }, 'hue', 'score/2021');
    // The four scores that were published; of the other five districts none was found, so the rank is the published one.
    const scores = [
      { code: '480', score: 87_170, rank: 1 },
      { code: '474', score: 84_186, rank: 2 },
      { code: '483', score: 83_847, rank: 3 },
      { code: '481', score: 83_524, rank: 4 },
    ];
    this.#tell('vn.par.ranking.published.v1', 'hue', at + HOUR, { year: 2021, peers: 9, scores }, 'hue', 'ranking/2021');
  }
}

function monthText(month: number): string {
  return `2021-${String(month).padStart(2, '0')}`;
}

/** A declaration is typed in at a desk, so it is sent as it is made; it may come after the year that it is about. */
function sendDeclared(draft: Draft, offices: Offices, chance: Chance): ReturnType<typeof send> {
  return send(draft, { kind: 'plain' }, offices, chance, 0, Infinity);
}
