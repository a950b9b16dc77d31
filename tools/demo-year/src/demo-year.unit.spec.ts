import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { isInForce, Organisation, parseDossierCode, type UnitEvent } from '@par/administration';
import { DOOR_OF, type EventType, type ProducerEvent, validateData } from '@par/contracts';
import { demoYear } from './demo-year.ts';
import { dateOf, isTet, MINUTE, YEAR_TO } from './office-time.ts';

const DOSSIERS = 1_200;
const DEAD = [
  'hue-19771-phu-cat',
  'hue-19756-phu-hiep',
  'hue-19747-phu-binh',
  'hue-19768-phu-hoa',
  'hue-19765-thuan-thanh',
  'hue-19744-phu-thuan',
];

const make = (dossiers: number, seed: number): ProducerEvent[] => [...demoYear({ dossiers, seed })];
const hashOf = (events: readonly ProducerEvent[]): string =>
  createHash('sha256')
    .update(events.map((event) => `${JSON.stringify(event)}\n`).join(''))
    .digest('hex');
const ofType = <T extends EventType>(events: readonly ProducerEvent[], type: T): ProducerEvent<T>[] =>
  events.filter((event): event is ProducerEvent<T> => event.type === type);
const identityOf = ({ source, id }: { source: string; id: string }): string => `${source} ${id}`;

/** Events that were sent before the one that stands before them. */
const outOfOrder = (events: readonly ProducerEvent[]): ProducerEvent[] => {
  const keyOf = ({ sent, time }: ProducerEvent): number => Date.parse(sent ?? time);
  return events.filter((event, n) => n > 0 && keyOf(event) < keyOf(events[n - 1]!));
};

describe('a made-up year', () => {
  let events: ProducerEvent[];
  let organisation: Organisation;
  const isUnitEvent = ({ type }: ProducerEvent): boolean => type.startsWith('vn.par.unit.');
  /** The unit that an event speaks for: some senders know the official code only. */
  const unitOf = (event: ProducerEvent): string => {
    const unit = organisation.resolve(event.unit, new Date(event.time));
    return typeof unit === 'string' ? unit : unit.id;
  };

  beforeAll(() => {
    events = make(DOSSIERS, 7);
    organisation = Organisation.fold(events.filter(isUnitEvent).map((event) => ({ ...event, received: event.time }) as UnitEvent));
  });

  it('is the same for a seed, byte for byte, on every machine', () => {
    expect(hashOf(make(DOSSIERS, 7))).toBe(hashOf(events));
    // Whoever changes the demo on purpose writes the new hash here.
    expect(hashOf(events.slice(0, 1_000))).toBe('92075dd17ec831f7a8c8e7006f14d237c55d5b85cdd9f633e6ddbd5c164d6514');
  });

  it('is another year for another seed, of the same size', () => {
    const other = make(DOSSIERS, 8);
    expect(hashOf(other)).not.toBe(hashOf(events));
    expect(Math.abs(other.length - events.length) / events.length).toBeLessThan(0.03);
  });

  it('has about eight events a dossier beside those of the city itself', () => {
    const ofDossiers = events.filter(({ type }) => /^vn\.par\.(work-)?dossier\./.test(type));
    expect(ofDossiers.length / DOSSIERS).toBeGreaterThan(6.5);
    expect(ofDossiers.length / DOSSIERS).toBeLessThan(9);
  });

  it('opens every unit first, and then comes in the order in which it was sent', () => {
    const first = events.findIndex((event) => !isUnitEvent(event));
    expect(events.slice(first).some(isUnitEvent)).toBe(false);
    expect(outOfOrder(events.slice(first))).toEqual([]);
  });

  it('has every type of event that a front door takes but those of units that do not occur', () => {
    const missing = new Set(Object.keys(DOOR_OF));
    for (const { type } of events) missing.delete(type);
    expect([...missing].sort()).toEqual(['vn.par.unit.closed.v1', 'vn.par.unit.renamed.v1']);
  });

  it('keeps to the schemas and to what a front door asks', () => {
    const faults = events.flatMap((event) => validateData(event.type, event.data));
    expect(faults).toEqual([]);
    const strangers = events.filter((event) => !isUnitEvent(event) && ['unknown', 'not-in-force'].includes(unitOf(event)));
    expect(strangers).toEqual([]);
    const badCodes = events.filter(({ type, subject }) => type.startsWith('vn.par.dossier.') && !parseDossierCode(subject, 'national').ok);
    expect(badCodes).toEqual([]);
    const nounOf = ({ type }: ProducerEvent): string => type.split('.')[2]!;
    const ofUnits = ['network', 'paper-work', 'secret-count', 'staff-standard', 'assessment', 'ranking'];
    expect(events.filter((event) => ofUnits.includes(nounOf(event)) && event.subject !== event.unit)).toEqual([]);
    const records = ['inspection', 'function-review', 'survey'];
    expect(events.filter((event) => records.includes(nounOf(event)) && !/^[a-z0-9./-]{1,80}$/.test(event.subject))).toEqual([]);
  });

  it('says nothing under one identity twice but the very same', () => {
    const byIdentity = new Map<string, string>();
    const conflicts: ProducerEvent[] = [];
    let duplicates = 0;
    for (const event of events) {
      const key = `${DOOR_OF[event.type]} ${identityOf(event)}`;
      const json = JSON.stringify(event);
      const known = byIdentity.get(key);
      if (known === undefined) byIdentity.set(key, json);
      else if (known === json) duplicates += 1;
      else conflicts.push(event);
    }
    expect(conflicts).toEqual([]);
    expect(duplicates).toBeGreaterThan(30);
  });

  it('lets units that were merged or split fall silent at midnight before 1 July', () => {
    const midnight = Date.parse('2021-07-01T00:00:00+07:00');
    const theirs = events.filter((event) => !isUnitEvent(event) && DEAD.includes(unitOf(event)));
    expect(new Set(theirs.map(unitOf)).size).toBe(6);
    expect(theirs.filter(({ time, sent }) => Date.parse(time) >= midnight || Date.parse(sent ?? time) >= midnight)).toEqual([]);
    // What they had in hand goes on at the unit that they became part of.
    const begun = new Set(theirs.filter(({ type }) => type === 'vn.par.dossier.received.v1').map(({ subject }) => subject));
    const heirs = events.filter(({ subject, time }) => begun.has(subject) && Date.parse(time) >= midnight).map(unitOf);
    expect(heirs.length).toBeGreaterThan(3);
    for (const heir of heirs) expect(DEAD).not.toContain(heir);
  });

  it('receives each dossier once, corrections taken into account', () => {
    const takenBack = new Set(ofType(events, 'vn.par.dossier.corrected.v1').map(({ data }) => identityOf(data)));
    const standing = new Map<string, Set<string>>();
    for (const event of ofType(events, 'vn.par.dossier.received.v1')) {
      const isOdd = event.id.endsWith('/received-again');
      const isHeld = takenBack.has(`${event.source} ${event.id}`) && !takenBack.has(`${event.source} ${event.id}/corrected`);
      if (!isOdd && !isHeld) standing.set(event.subject, (standing.get(event.subject) ?? new Set()).add(event.id));
    }
    expect(standing.size).toBeGreaterThan(DOSSIERS * 0.75);
    expect([...standing.values()].filter(({ size }) => size !== 1)).toEqual([]);
    const corrected = ofType(events, 'vn.par.dossier.corrected.v1').filter(({ data }) => data.supersededBy !== undefined);
    const ids = new Set(events.map(identityOf));
    expect(corrected.length).toBeGreaterThan(3);
    for (const { data } of corrected) {
      expect(ids).toContain(identityOf(data));
      expect(ids).toContain(`${data.source} ${data.supersededBy}`);
    }
  });

  it('writes the day of receipt into the code, but for the software that does not', () => {
    const received = ofType(events, 'vn.par.dossier.received.v1').filter(({ id }) => id.endsWith('/received'));
    const other = received.filter(({ subject, time }) => {
      const code = parseDossierCode(subject, 'national');
      return code.ok && code.receivedOn !== dateOf(Date.parse(time));
    });
    expect(other.length).toBeGreaterThan(0);
    expect(other.length).toBeLessThan(DOSSIERS * 0.01);
  });

  it('rests at Tết and at weekends, and goes online as the year goes by', () => {
    const received = ofType(events, 'vn.par.dossier.received.v1');
    expect(received.filter(({ time }) => isTet(dateOf(Date.parse(time))))).toEqual([]);
    const share = (from: string, to: string): number => {
      const some = received.filter(({ time }) => time.slice(5, 7) >= from && time.slice(5, 7) <= to);
      return some.filter(({ data }) => data.channel === 'online').length / some.length;
    };
    expect(share('01', '03')).toBeLessThan(0.16);
    expect(share('10', '12')).toBeGreaterThan(0.22);
    const takenBack = new Set(ofType(events, 'vn.par.dossier.corrected.v1').map(({ data }) => identityOf(data)));
    const atCounter = received
      .filter((event) => event.data.channel === 'counter' && !takenBack.has(identityOf(event)))
      .map(({ time }) => new Date(time));
    expect(atCounter.filter((time) => [0, 6].includes(new Date(time.getTime() + 7 * 3_600_000).getUTCDay()))).toEqual([]);
  });

  it('has messages days late, a clock that is ahead, stamps of the sending, and codes that nobody knows', () => {
    const delayOf = ({ time, sent }: ProducerEvent): number => (sent === undefined ? 0 : Date.parse(sent) - Date.parse(time));
    expect(events.filter((event) => delayOf(event) > 24 * 60 * MINUTE).length).toBeGreaterThan(5);
    const ahead = events.filter((event) => delayOf(event) < -40 * MINUTE);
    expect(ahead.length).toBeGreaterThan(20);
    expect(new Set(ahead.map(({ source }) => source))).toEqual(new Set(['urn:par:demo:one-stop:hue-19801-an-cuu']));
    expect(events.some(({ time }) => time.includes('T17:45:'))).toBe(true);
    expect(events.some(({ sent, type }) => sent === undefined && type === 'vn.par.dossier.received.v1')).toBe(true);
    expect(ofType(events, 'vn.par.dossier.state-reported.v1').some(({ data }) => data.code === '11')).toBe(true);
    expect(events.some(({ unit }) => unit === '19756')).toBe(true);
  });

  it('ends with the year, but for what is published about it in January', () => {
    const after = events.filter(({ time }) => Date.parse(time) > YEAR_TO).map(({ type }) => type.split('.')[2]);
    expect(new Set(after)).toEqual(new Set(['paper-work', 'secret-count', 'assessment', 'ranking']));
  });

  it('counts up the codes of a unit and day from 0001, without a gap', () => {
    const numbers = new Map<string, number[]>();
    for (const subject of new Set(
      events.filter(({ type }) => /dossier\.(registered|received|state-reported|intake-refused)/.test(type)).map(({ subject }) => subject),
    )) {
      const [identifier = '', day = '', number = ''] = subject.split('-');
      if (number.length === 4) numbers.set(`${identifier}-${day}`, [...(numbers.get(`${identifier}-${day}`) ?? []), Number(number)]);
    }
    for (const list of numbers.values()) expect(Math.max(...list)).toBe(list.length);
  });

  describe('of documents', () => {
    const bySubject = (pattern: RegExp): Map<string, ProducerEvent[]> => {
      const found = new Map<string, ProducerEvent[]>();
      for (const event of events.filter(({ type }) => pattern.test(type)))
        found.set(event.subject, [...(found.get(event.subject) ?? []), event]);
      for (const list of found.values()) list.sort((a, b) => Date.parse(a.time) - Date.parse(b.time));
      return found;
    };
    const wordOf = ({ type }: ProducerEvent): string => type.split('.')[3]!;

    it('has a few in a hundred dossiers, some of the city itself and some from outside', () => {
      const documents = [...bySubject(/^vn\.par\.document\./)];
      expect(documents.length / DOSSIERS).toBeGreaterThan(0.02);
      expect(documents.length / DOSSIERS).toBeLessThan(0.05);
      const own = documents.filter(([, told]) => told.some((event) => wordOf(event) === 'drafted'));
      expect(own.length).toBeGreaterThan(10);
      expect(documents.length - own.length).toBeGreaterThan(10);
      for (const [, told] of documents) expect(['drafted', 'arrived']).toContain(wordOf(told[0]!));
    });

    it('is issued after both have signed it and it has its number, and goes to the receivers that its issuer names', () => {
      const issued = ofType(events, 'vn.par.document.issued.v1');
      const all = bySubject(/^vn\.par\.document\./);
      for (const { subject, time } of issued) {
        const told = all.get(subject)!;
        const before = told.filter((event) => Date.parse(event.time) < Date.parse(time));
        expect(before.map(wordOf).filter((word) => word === 'signed' || word === 'numbered')).toHaveLength(3);
        expect(ofType(before, 'vn.par.document.signed.v1').map(({ data }) => data.by)).toEqual(['person', 'organisation']);
        const receivers = new Set(
          told.flatMap(({ type, data }) => (/\.(issued|updated)\./.test(type) ? (data as { recipients: string[] }).recipients : [])),
        );
        for (const { data } of told) if ('recipient' in data) expect(receivers).toContain(data.recipient);
      }
      expect(issued.length).toBeGreaterThan(10);
    });

    it('gets its numbers from the ledger, or from books of the units own, which count up from 1', () => {
      const asked = new Map<string, number[]>();
      let ofLedger = 0;
      for (const event of events) {
        if (event.type !== 'vn.par.document.registered.v1' && event.type !== 'vn.par.document.numbered.v1') continue;
        const { register, number } = event.data as { register: string; number?: number };
        if (number === undefined) ofLedger += 1;
        else {
          const key = `${unitOf(event)} ${wordOf(event)} ${register}`;
          asked.set(key, [...(asked.get(key) ?? []), number]);
        }
      }
      expect(ofLedger).toBeGreaterThan(20);
      expect(asked.size).toBeGreaterThan(2);
      for (const numbers of asked.values()) expect(numbers.sort((a, b) => a - b)).toEqual(numbers.map((_, n) => n + 1));
    });

    it('takes back only what was told', () => {
      const known = new Set(events.map(identityOf));
      const corrected = ofType(events, 'vn.par.document.corrected.v1');
      expect(corrected.length).toBeGreaterThan(1);
      for (const { data } of corrected) expect(known).toContain(identityOf(data));
    });

    it('opens matters of three kinds before anything else is said of them, some urgent, some on paper, some declared to be', () => {
      const matters = [...bySubject(/^vn\.par\.work-dossier\./).values()].filter((told) =>
        told.some((event) => wordOf(event) === 'opened'),
      );
      for (const told of matters) expect(wordOf(told[0]!)).toBe('opened');
      const opened = ofType(matters.flat(), 'vn.par.work-dossier.opened.v1');
      expect(new Set(opened.map(({ data }) => data.kind))).toEqual(new Set(['matter', 'incoming-document', 'outgoing-document']));
      for (const { data } of opened) expect(data.process).toBe(data.kind === 'incoming-document' ? 'incoming-document' : undefined);
      expect(opened.some(({ data }) => data.urgency === 'urgent')).toBe(true);
      expect(opened.some(({ data }) => (data.supporting ?? []).length > 1)).toBe(true);
      expect(opened.filter(({ unit, data }) => data.supporting?.includes(unit))).toEqual([]);
      const documents = new Set(bySubject(/^vn\.par\.document\./).keys());
      for (const { data } of opened) if (data.document !== undefined) expect(documents).toContain(data.document);
      const media = ofType(matters.flat(), 'vn.par.work-dossier.step-taken.v1').map(({ data }) => data.medium);
      expect(new Set(media)).toEqual(new Set(['network', 'paper']));
    });
  });

  it('knows the units that are in force', () => {
    expect(organisation.findings).toEqual([]);
    const kinds = organisation
      .units()
      .filter((unit) => isInForce(unit, '2021-12-31'))
      .map(({ kind }) => kind);
    const count = (kind: string): number => kinds.filter((each) => each === kind).length;
    expect([count('department'), count('ward') + count('commune'), count('school'), count('provincial-body')]).toEqual([12, 36, 2, 1]);
  });
});

describe('years of other sizes', () => {
  it.each([
    [1, 42],
    [60, 0],
    [2_500, 4_294_967_295],
  ])('of %i dossiers with seed %i are made, keep to the schemas and come in order', (dossiers, seed) => {
    const events = make(dossiers, seed);
    expect(outOfOrder(events.filter(({ type }) => !type.startsWith('vn.par.unit.')))).toEqual([]);
    expect(events.flatMap((event) => validateData(event.type, event.data))).toEqual([]);
    expect(
      new Set(events.filter(({ type }) => type === 'vn.par.dossier.received.v1').map(({ subject }) => subject)).size,
    ).toBeLessThanOrEqual(dossiers);
  });
});
