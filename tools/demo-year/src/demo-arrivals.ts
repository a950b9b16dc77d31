import { type Channel, type Term } from '@par/contracts';
import { Chance } from './chance.ts';
import { LAND_REGISTRY, type Office, type Offices, ONE_STOP } from './demo-offices.ts';
import { type DemoCatalogue, type DemoProcedure, levelAt, termAt } from './demo-procedures.ts';
import {
  afterOfficeTime,
  appointmentOf,
  dateOf,
  DAY,
  HOUR,
  isTet,
  isWorkingDay,
  midnightOf,
  MINUTE,
  officeInstant,
  SECOND,
  weekdayOf,
  YEAR_FROM,
  YEAR_TO,
} from './office-time.ts';

/** Rare things that a source does, one of each in so many dossiers, so that a small year has them too. */
export const ODDITIES = [
  'wrong-channel',
  'correction-taken-back',
  'returned-twice',
  'received-twice',
  'other-date-in-code',
  'due-before-receipt',
  'extended-twice',
  'three-supplements',
  'returned-before-receipt',
] as const;
export type Oddity = (typeof ODDITIES)[number];
const ODD_ONE_IN = 307;

/** One application as it comes in. */
export interface Arrival {
  index: number;
  /** Place in the order of the day: nothing but a way to tell two apart. */
  chance: Chance;
  /** The office whose work it is. */
  office: Office;
  /** Who takes it in: the one-stop centre for departments and the land registry, a ward for itself. */
  intake: string;
  procedure: DemoProcedure;
  term: Term | undefined;
  channel: Channel;
  /** When it was sent in on the portal. */
  registeredAt?: number;
  receivedAt: number;
  /** The appointment on the slip; absent where the source does not tell it. */
  due?: number;
  /** Whether the source tells procedure and level. */
  tellsProcedure: boolean;
  tellsLevel: boolean;
  oddity?: Oddity;
}

/** How many applications come in on each local day of the year: `[midnight, count]`, Tết without any. Adds up to `dossiers`. */
export function arrivalsPerDay(dossiers: number): [midnight: number, count: number][] {
  const days: { midnight: number; weight: number }[] = [];
  for (let midnight = YEAR_FROM; midnight < YEAR_TO; midnight += DAY) days.push({ midnight, weight: weightOf(midnight) });
  const total = days.reduce((sum, { weight }) => sum + weight, 0);
  let so = 0;
  let counted = 0;
  return days.map(({ midnight, weight }) => {
    so += weight;
    const until = Math.round((dossiers * so) / total);
    const count = until - counted;
    counted = until;
    return [midnight, count];
  });
}

const BY_WEEKDAY = [0.04, 1.2, 1.05, 1, 0.95, 0.9, 0.06];

function weightOf(midnight: number): number {
  const date = dateOf(midnight);
  if (isTet(date)) return 0;
  if (!isWorkingDay(date)) return 0.05;
  let weight = BY_WEEKDAY[weekdayOf(date)] ?? 1;
  if (isAmongLastThree(midnight)) weight *= 1.5;
  if (date.startsWith('2021-02-0')) weight *= 1.3;
  if (date > '2021-02-16' && date < '2021-02-23') weight *= 0.6;
  if (date >= '2021-06-01' && date < '2021-08-01') weight *= 0.85;
  // The summer's wave of the disease kept people at home.
  if (date >= '2021-08-01' && date < '2021-09-16') weight *= 0.75;
  return weight;
}

/** The last three working days of a month, when people remember what they had to hand in. */
function isAmongLastThree(midnight: number): boolean {
  const month = dateOf(midnight).slice(0, 7);
  let left = 0;
  for (let day = midnight + DAY; dateOf(day).startsWith(month); day += DAY) if (isWorkingDay(dateOf(day))) left += 1;
  return left < 3;
}

/** Says who applies for what on a day, where and how. */
export class Arrivals {
  readonly #byOffice = new Map<string, DemoProcedure[]>();

  constructor(
    private readonly seed: number,
    private readonly offices: Offices,
    { procedures }: DemoCatalogue,
  ) {
    for (const procedure of procedures) {
      const key = procedure.offeredAt === 'ward' ? 'ward' : procedure.unit;
      this.#byOffice.set(key, [...(this.#byOffice.get(key) ?? []), procedure]);
    }
  }

  arrival(index: number, midnight: number): Arrival {
    const chance = Chance.of(this.seed, `dossier/${index}`);
    const isOpenDay = isWorkingDay(dateOf(midnight));
    const office = this.#officeOf(chance, midnight);
    const isWard = office.unit.kind === 'ward' || office.unit.kind === 'commune';
    const procedure = this.#procedureOf(office, isWard, chance, midnight);
    const channel = isOpenDay ? channelOf(procedure, chance, midnight) : 'online';
    const { receivedAt, registeredAt } = momentsOf(channel, midnight, isOpenDay, chance);
    const term = termAt(procedure, receivedAt);
    const kind = office.manner.kind;
    const oddity = kind === 'national-codes' || kind === 'stamps-when-sent' ? undefined : ODDITIES[index % ODD_ONE_IN];
    const due = oddity === undefined && !chance.happens(0.87) ? undefined : slipOf(receivedAt, term, chance);
    return {
      index,
      chance,
      office,
      intake: isWard ? office.unit.id : ONE_STOP,
      procedure,
      term,
      channel,
      ...(registeredAt === undefined ? {} : { registeredAt }),
      receivedAt,
      ...(due === undefined ? {} : { due }),
      tellsProcedure: chance.happens(due === undefined ? 0.7 : 0.97),
      tellsLevel: chance.happens(0.4),
      ...(oddity ? { oddity } : {}),
    };
  }

  #officeOf(chance: Chance, midnight: number): Office {
    const group = chance.next();
    if (group < 0.18) return this.offices.get(LAND_REGISTRY);
    const kinds = group < 0.48 ? (['department'] as const) : (['ward', 'commune'] as const);
    return chance.weighted(this.offices.inForce(midnight, ...kinds), ({ weight }) => weight);
  }

  #procedureOf(office: Office, isWard: boolean, chance: Chance, midnight: number): DemoProcedure {
    // In force for a good while yet, so that no slip is written for a procedure that has just gone.
    const offered = (this.#byOffice.get(isWard ? 'ward' : office.unit.id) ?? []).filter(
      ({ from, to }) => from <= midnight && (to === undefined || midnight + 10 * DAY < to),
    );
    return chance.weighted(offered, ({ demand }) => demand);
  }
}

/** Online from about one in nine in January to about one in four in December, at level 3 and 4 nearly always. */
function channelOf(procedure: DemoProcedure, chance: Chance, midnight: number): Channel {
  const through = (midnight - YEAR_FROM) / (YEAR_TO - YEAR_FROM);
  const isOffered = levelAt(procedure, midnight) >= 3;
  const online = isOffered ? 0.1 + 0.27 * through : 0.01;
  const turn = chance.next();
  if (turn < online) return 'online';
  return turn < online + 0.04 ? 'post' : 'counter';
}

function momentsOf(channel: Channel, midnight: number, isOpenDay: boolean, chance: Chance): { receivedAt: number; registeredAt?: number } {
  const second = chance.whole(0, 59) * SECOND;
  if (channel !== 'online') {
    const isMorning = chance.happens(0.62);
    // Two throws added up: most come in the middle of the morning and of the afternoon.
    const within = (chance.next() + chance.next()) / 2;
    const clock = isMorning ? 7.1 * HOUR + within * 4.2 * HOUR : 13.6 * HOUR + within * 3.2 * HOUR;
    return { receivedAt: midnight + Math.floor(clock / MINUTE) * MINUTE + second };
  }
  const isEvening = chance.happens(isOpenDay ? 0.55 : 0.4);
  const clock = isEvening ? chance.between(17.5, 23.2) : chance.between(6.5, 17);
  const registeredAt = midnight + Math.floor(clock * 60) * MINUTE + second;
  // Some software takes an application in by itself; elsewhere somebody looks at it in office hours.
  if (chance.happens(0.25)) return { registeredAt, receivedAt: registeredAt + chance.whole(5, 60) * SECOND };
  return {
    registeredAt,
    receivedAt: afterOfficeTime(officeInstant(registeredAt), chance.whole(4, 240) * MINUTE) + chance.whole(1, 59) * SECOND,
  };
}

/** Most slips give the hour; some say the end of the day. */
function slipOf(receivedAt: number, term: Term | undefined, chance: Chance): number | undefined {
  const isDayEnd = chance.happens(0.2);
  if (!term) return isDayEnd ? undefined : appointmentOf(receivedAt, { amount: 5, unit: 'working-day' });
  const appointment = appointmentOf(receivedAt, term);
  return isDayEnd ? midnightOf(appointment) + 17 * HOUR : appointment;
}
