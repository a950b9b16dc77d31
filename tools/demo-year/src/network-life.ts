import { type EventData, type EventType } from '@par/contracts';
import { Chance } from './chance.ts';
import { type Office, type Offices } from './demo-offices.ts';
import { DAY, dateOf, HOUR, instantOf, isWorkingDay, MINUTE, SECOND, YEAR_FROM, YEAR_TO } from './office-time.ts';
import { type Outgoing, send } from './sending.ts';

const SOURCE = 'urn:par:demo:network-operations';

/** Wards whose line came late in the spring. */
const LATE_WARDS: Record<string, string> = {
  'hue-19815-an-dong': '2021-03-09',
  'hue-19816-an-tay': '2021-04-14',
  'hue-19804-huong-so': '2021-05-11',
};
/** Of the thirteen communes that joined on 01/07/2021 two had a line from the start; the rest by the end of September. */
const JOINED: Record<string, string> = {
  'hue-19756-gia-hoi': '2021-07-01',
  'hue-19768-dong-ba': '2021-07-01',
  'hue-19900-thuan-an': '2021-07-01',
  'hue-19930-phu-thuong': '2021-07-01',
  'hue-20023-huong-an': '2021-07-27',
  'hue-20029-huong-ho': '2021-07-27',
  'hue-20014-huong-vinh': '2021-08-10',
  'hue-19963-thuy-van': '2021-08-10',
  'hue-19909-phu-mau': '2021-08-24',
  'hue-19906-phu-duong': '2021-08-24',
  'hue-19981-thuy-bang': '2021-09-07',
  'hue-19924-phu-thanh': '2021-09-07',
  'hue-20002-huong-phong': '2021-09-21',
  'hue-19999-hai-duong': '2021-09-24',
  'hue-20032-huong-tho': '2021-09-28',
};
/** One ward moved house and had no line for three weeks. */
const MOVED = { unit: 'hue-19786-phu-hoi', from: instantOf('2021-08-02', '08:00'), to: instantOf('2021-08-23', '15:00') };
/** Days of a month on which a unit's monitoring is heard of. */
const HEARTBEATS = [7, 16, 25];

/** Accepted and lost connections to the dedicated network, and what monitoring says now and then. */
export function tellNetwork(seed: number, offices: Offices, outgoing: Outgoing): void {
  for (const [n, office] of offices.ofKind('department', 'ward', 'commune').entries()) {
    const { id } = office.unit;
    const chance = Chance.of(seed, `network/${id}`);
    const tell = <T extends EventType>(type: T, at: number, data: EventData[T]): void => {
      const name = `${id}/${type.split('.')[3]!}/${dateOf(at)}`;
      const draft = { type, source: SOURCE, id: name, subject: id, unit: id, at, data };
      outgoing.add(send(draft, { kind: 'plain' }, offices, chance));
    };
    const acceptedAt = acceptanceOf(office, chance);
    const record = `${n + 1}/BB-TSLCD`;
    tell('vn.par.network.connection-accepted.v1', acceptedAt, { record });
    if (id === MOVED.unit) {
      tell('vn.par.network.connection-lost.v1', MOVED.from, { reason: 'moved' });
      tell('vn.par.network.connection-accepted.v1', MOVED.to, { record: `${record}-2` });
    }
    for (const at of heartbeatTimes(chance)) {
      const isOut = id === MOVED.unit && MOVED.from <= at && at < MOVED.to;
      if (at < acceptedAt || isOut || !offices.isInForce(id, at)) continue;
      tell('vn.par.network.heartbeat-sent.v1', at, beatOf(office, at, chance));
    }
    if (office.manner.kind === 'outage')
      tell('vn.par.network.heartbeat-sent.v1', office.manner.from + 5 * HOUR, { link: 'up', software: 'down' });
  }
}

function acceptanceOf({ unit }: Office, chance: Chance): number {
  const day = LATE_WARDS[unit.id] ?? JOINED[unit.id];
  if (day !== undefined) return instantOf(day, '09:00') + chance.whole(0, 120) * MINUTE;
  // Departments and most wards had their lines before the year began; the records are entered in its first days.
  return instantOf('2021-01-04', '08:00') + chance.whole(0, unit.kind === 'department' ? 200 : 500) * MINUTE;
}

function heartbeatTimes(chance: Chance): number[] {
  const times: number[] = [];
  for (let midnight = YEAR_FROM; midnight < YEAR_TO; midnight += DAY) {
    if (!HEARTBEATS.includes(Number(dateOf(midnight).slice(8)))) continue;
    let day = midnight;
    while (!isWorkingDay(dateOf(day))) day += DAY;
    times.push(day + 8 * HOUR + chance.whole(0, 3 * 3_600) * SECOND);
  }
  return times;
}

function beatOf({ manner }: Office, at: number, chance: Chance): EventData['vn.par.network.heartbeat-sent.v1'] {
  const isDown = manner.kind === 'outage' && manner.from <= at && at < manner.to;
  const clockOffsetMs = manner.kind === 'clock-ahead' ? manner.by + chance.whole(-900, 900) : chance.whole(-1_500, 1_500);
  return {
    link: chance.happens(0.01) ? 'down' : 'up',
    software: isDown ? 'down' : 'up',
    ...(chance.happens(0.8) ? { clockOffsetMs } : {}),
  };
}
