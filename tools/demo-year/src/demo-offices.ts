import { hueOrganisation, isInForce, Organisation, type Unit, type UnitEvent } from '@par/administration';
import { type ProducerEvent, type UnitKind } from '@par/contracts';
import { Chance } from './chance.ts';
import { dateOf, instantOf, localText, MINUTE } from './office-time.ts';

/** How the software of an office sends its messages. */
export type Manner =
  | { kind: 'plain' }
  /** Never says when it sent a message. */
  | { kind: 'untimed' }
  /** Names its unit by the official code. */
  | { kind: 'by-code' }
  /** Keeps its times in UTC. */
  | { kind: 'utc' }
  /** Can send nothing for some days; everything arrives afterwards. */
  | { kind: 'outage'; from: number; to: number }
  /** Its clock runs ahead, so that things happen after they were sent. */
  | { kind: 'clock-ahead'; by: number }
  /** Uploads twice a day and stamps everything with the time of the upload. */
  | { kind: 'stamps-when-sent' }
  /** Knows nothing but the national list of states. */
  | { kind: 'national-codes' };

/** An office that settles dossiers. All shares are invented. */
export interface Office {
  unit: Unit;
  manner: Manner;
  /** How much of its group's work comes here. */
  weight: number;
  /** Share of dossiers that it finishes late. */
  late: number;
  /** Share that it finishes in the last hour of the term. */
  lastMinute: number;
  /** Share of work dossiers with a step on paper. */
  paper: number;
  /** Whether it keeps its registers of documents itself and tells their numbers. */
  keepsRegisters: boolean;
}

/** The clock that is wrong and the upload twice a day are those of the one-stop software; a line that is down is down for the office's own too. */
export function mannerOfWorkflow(manner: Manner): Manner {
  return manner.kind === 'outage' || manner.kind === 'by-code' ? manner : { kind: 'plain' };
}

export const ONE_STOP = 'hue-trung-tam-hanh-chinh-cong';
export const LAND_REGISTRY = 'hue-chi-nhanh-van-phong-dang-ky-dat-dai';
export const CULTURE_CENTRE = 'hue-trung-tam-van-hoa-va-the-thao';
export const SCHOOLS = ['hue-truong-tieu-hoc-song-huong', 'hue-truong-thcs-ngu-binh'] as const;

/** Units beside the departments and wards. The one-stop centre and the land registry branch are real; where they stand, and the others, is invented. */
const MORE_UNITS: [id: string, kind: UnitKind, name: string, nameEn: string][] = [
  [ONE_STOP, 'public-service-unit', 'Trung tâm Hành chính công Thành phố', 'City Public Administration Centre'],
  [CULTURE_CENTRE, 'public-service-unit', 'Trung tâm Văn hóa và Thể thao Thành phố', 'City Centre of Culture and Sports'],
  [SCHOOLS[0], 'school', 'Trường Tiểu học Sông Hương', 'Song Huong Primary School'],
  [SCHOOLS[1], 'school', 'Trường THCS Ngự Bình', 'Ngu Binh Lower Secondary School'],
  [LAND_REGISTRY, 'provincial-body', 'Chi nhánh Văn phòng Đăng ký đất đai Thành phố', 'Land Registry Branch'],
];

/** Dossiers of each department out of a hundred; the Inspectorate settles no applications. */
const DEPARTMENT_WEIGHTS: Record<string, number> = {
  'hue-phong-quan-ly-do-thi': 22,
  'hue-phong-tai-chinh-ke-hoach': 20,
  'hue-phong-tai-nguyen-va-moi-truong': 18,
  'hue-phong-lao-dong-thuong-binh-va-xa-hoi': 14,
  'hue-phong-kinh-te': 8,
  'hue-phong-tu-phap': 6,
  'hue-phong-giao-duc-va-dao-tao': 4,
  'hue-phong-y-te': 3,
  'hue-phong-van-hoa-va-thong-tin': 3,
  'hue-phong-noi-vu': 1,
  'hue-van-phong': 1,
  'hue-thanh-tra': 0,
};

const MANNERS: Record<string, Manner> = {
  'hue-19777-vy-da': { kind: 'outage', from: instantOf('2021-05-18', '07:00'), to: instantOf('2021-05-21', '07:30') },
  'hue-19801-an-cuu': { kind: 'clock-ahead', by: 47 * MINUTE },
  'hue-19795-truong-an': { kind: 'stamps-when-sent' },
  'hue-19807-thuy-bieu': { kind: 'national-codes' },
  'hue-19810-huong-long': { kind: 'national-codes' },
  'hue-19774-kim-long': { kind: 'untimed' },
  'hue-19813-thuy-xuan': { kind: 'untimed' },
  'hue-19756-phu-hiep': { kind: 'by-code' },
  'hue-19756-gia-hoi': { kind: 'by-code' },
  'hue-19768-phu-hoa': { kind: 'by-code' },
  'hue-19768-dong-ba': { kind: 'by-code' },
  [LAND_REGISTRY]: { kind: 'utc' },
};
const SLOW: Record<string, number> = {
  'hue-phong-quan-ly-do-thi': 0.22,
  'hue-19792-xuan-phu': 0.3,
  'hue-20032-huong-tho': 0.34,
  [LAND_REGISTRY]: 0.11,
};
const ON_PAPER: Record<string, number> = {
  'hue-19804-huong-so': 0.3,
  'hue-19999-hai-duong': 0.45,
  'hue-20002-huong-phong': 0.4,
  'hue-thanh-tra': 0.15,
};

/** Huế's units and those that the demo adds, in the order in which they can be posted. */
export function demoUnits(): ProducerEvent[] {
  const from = instantOf('2021-01-01');
  const more = MORE_UNITS.map(([id, kind, name, nameEn]): ProducerEvent => ({
    specversion: '1.0',
    id: `opened-${id}`,
    source: 'urn:par:demo:organisation',
    type: 'vn.par.unit.opened.v1',
    subject: id,
    time: localText(from),
    unit: id,
    datacontenttype: 'application/json',
    data: { name, nameEn, kind, parent: 'hue', validFrom: dateOf(from), agency: false },
  }));
  return [...hueOrganisation(), ...more];
}

/** The offices of the demo, and which unit speaks for which when. */
export class Offices {
  readonly #offices: ReadonlyMap<string, Office>;
  readonly #identifiers: ReadonlyMap<string, string>;

  constructor(seed: number) {
    const organisation = Organisation.fold(
      demoUnits().map((event) => ({ datacontenttype: 'application/json', received: event.time, ...event }) as UnitEvent),
    );
    const units = organisation.units();
    this.#offices = new Map(units.map((unit) => [unit.id, officeOf(unit, seed)]));
    this.#identifiers = new Map(units.map(({ id }, index) => [id, `000.${String(index + 1).padStart(2, '0')}.33.H57`]));
  }

  get(id: string): Office {
    const office = this.#offices.get(id);
    if (!office) throw new Error(`there is no office ${id}`);
    return office;
  }

  ofKind(...kinds: UnitKind[]): Office[] {
    return [...this.#offices.values()].filter(({ unit }) => kinds.includes(unit.kind));
  }

  inForce(at: number, ...kinds: UnitKind[]): Office[] {
    const day = dateOf(at);
    return this.ofKind(...kinds).filter(({ unit }) => isInForce(unit, day));
  }

  isInForce(id: string, at: number): boolean {
    return isInForce(this.get(id).unit, dateOf(at));
  }

  /** Who goes on with what a unit had in hand: the unit itself, or what it became part of. `turn` chooses between the heirs of a split unit. */
  successorAt(id: string, at: number, turn: number): string {
    const { unit } = this.get(id);
    const { successors } = unit;
    const next = successors[turn % Math.max(1, successors.length)];
    return next === undefined || isInForce(unit, dateOf(at)) ? id : this.successorAt(next, at, turn);
  }

  /** The last second in which a unit may send anything; none for one that lasts. */
  lastSecondOf(id: string): number | undefined {
    const { validTo } = this.get(id).unit;
    return validTo === undefined ? undefined : instantOf(validTo) - 1_000;
  }

  /** The identifier that a unit's dossier codes begin with; invented but for `H57`, since those of wards and departments are not published. */
  identifierOf(id: string): string {
    return this.#identifiers.get(id) ?? '000.00.33.H57';
  }

  /** The same identifier as documents are sent under: highest level first, without the empty ones. */
  organOf(id: string): string {
    return this.identifierOf(id).split('.').slice(1).reverse().join('.');
  }
}

function officeOf(unit: Unit, seed: number): Office {
  const chance = Chance.of(seed, `office/${unit.id}`);
  const manner = MANNERS[unit.id] ?? { kind: 'plain' };
  // The wards whose messages go wrong are busy ones, or a small year would show nothing of it.
  const isFaulty = manner.kind === 'outage' || manner.kind === 'clock-ahead' || manner.kind === 'stamps-when-sent';
  const size = isFaulty ? 2.4 : unit.kind === 'commune' ? 0.6 : 1;
  return {
    unit,
    manner,
    weight: DEPARTMENT_WEIGHTS[unit.id] ?? chance.between(0.6, 1.7) * size,
    lastMinute: isFaulty ? 0.35 : 0.12,
    late: SLOW[unit.id] ?? chance.between(0.02, 0.08),
    paper: ON_PAPER[unit.id] ?? chance.between(0.01, 0.08),
    keepsRegisters: Chance.of(seed, `registers/${unit.id}`).happens(0.25),
  };
}
