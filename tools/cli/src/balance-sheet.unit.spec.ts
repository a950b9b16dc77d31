import { describe, expect, it } from '@jest/globals';
import type { ServiceName, BalanceLine, DoorTally, ServiceBalance } from '@par/contracts';
import { balanceSheet, inFlight, isSettled, READERS } from './balance-sheet.ts';

const RECEIVED = 'vn.par.dossier.received.v1';
const CLOSED = 'vn.par.work-dossier.closed.v1';
const DAY = '2021-03-01';

function line(
  direction: 'out' | 'in',
  origin: string,
  type: string,
  count: number,
  hash = 'aaaaaaaaaaaaaaaa',
  unit = 'hue-a',
): BalanceLine {
  return { direction, origin, type, unit, day: DAY, count, hash };
}

function service(name: ServiceName, lines: BalanceLine[], change: Partial<ServiceBalance> = {}): ServiceBalance {
  return {
    service: name,
    takenAt: `${DAY}T08:00:00Z`,
    lines,
    outbox: { unsent: 0, returned: 0 },
    retries: [],
    deadLetters: [],
    queues: READERS.filter((reader) => reader.service === name).map((reader) => ({
      name: reader.queue,
      ready: 0,
      consumers: 1,
      inHand: 0,
    })),
    ...change,
  };
}

const intake = service('dossier-intake', [line('out', 'dossier-intake', RECEIVED, 3)]);
const workflow = service('edocument-workflow', [
  line('in', 'dossier-intake', RECEIVED, 3),
  line('out', 'edocument-workflow', CLOSED, 2, 'bbbbbbbbbbbbbbbb'),
]);
const scoring = service('index-scoring', [
  line('in', 'dossier-intake', RECEIVED, 3),
  line('in', 'edocument-workflow', CLOSED, 2, 'bbbbbbbbbbbbbbbb'),
]);
const city = [intake, workflow, scoring];

const row = {
  day: DAY,
  source: 'urn:test',
  unit: 'hue-a',
  posted: 6,
  accepted: 3,
  duplicate: 1,
  conflict: 1,
  refused: { 'unit.unknown': 1 },
};
const tally: DoorTally = { rows: [row], stored: [{ day: DAY, source: 'urn:test', unit: 'hue-a', count: 3 }] };

/** The names of the lines that differ. */
function differences(balances: ServiceBalance[], door: DoorTally = tally): string[] {
  const sheet = balanceSheet(balances, { 'dossier-intake': door });
  return [
    ...sheet.flows.filter((one) => !one.equal).map((one) => `${one.origin} > ${one.reader} ${one.type}`),
    ...sheet.doors.filter((one) => !one.equal).map((one) => `door ${one.source}`),
    ...sheet.passages.filter((one) => !one.equal).map((one) => `passage ${one.unit}`),
  ];
}

describe('balanceSheet', () => {
  it('is balanced when every reader counted what was sent', () => {
    const sheet = balanceSheet(city, { 'dossier-intake': tally });
    expect(sheet.balanced).toBe(true);
    expect(sheet.flows.map((flow) => `${flow.origin} > ${flow.reader}: ${flow.sent} = ${flow.counted}`)).toEqual([
      'dossier-intake > edocument-workflow: 3 = 3',
      'dossier-intake > index-scoring: 3 = 3',
      'edocument-workflow > index-scoring: 2 = 2',
    ]);
    expect(sheet.passages).toEqual([{ door: 'dossier-intake', unit: 'hue-a', day: DAY, accepted: 3, sent: 3, equal: true }]);
  });

  it.each<[string, ServiceBalance, string[]]>([
    [
      'one event lost',
      service('index-scoring', [line('in', 'dossier-intake', RECEIVED, 2), scoring.lines[1]!]),
      [`dossier-intake > index-scoring ${RECEIVED}`],
    ],
    [
      'one counted twice',
      service('index-scoring', [line('in', 'dossier-intake', RECEIVED, 4), scoring.lines[1]!]),
      [`dossier-intake > index-scoring ${RECEIVED}`],
    ],
    [
      'as many, but others',
      service('index-scoring', [line('in', 'dossier-intake', RECEIVED, 3, 'cccccccccccccccc'), scoring.lines[1]!]),
      [`dossier-intake > index-scoring ${RECEIVED}`],
    ],
    ['a whole line not counted', service('index-scoring', [scoring.lines[0]!]), [`edocument-workflow > index-scoring ${CLOSED}`]],
    [
      'counted what nobody sent',
      service('index-scoring', [...scoring.lines, line('in', 'dossier-intake', RECEIVED, 1, 'dddddddddddddddd', 'hue-b')]),
      [`dossier-intake > index-scoring ${RECEIVED}`],
    ],
  ])('names the line: %s', (_name, broken, expected) => {
    expect(differences([intake, workflow, broken])).toEqual(expected);
  });

  it('takes retries and dead letters of the right queue as accounted for', () => {
    const waiting = { queue: 'index-scoring.count-events', origin: 'dossier-intake', type: RECEIVED, unit: 'hue-a', day: DAY, count: 1 };
    const lines = [line('in', 'dossier-intake', RECEIVED, 1, 'eeeeeeeeeeeeeeee'), scoring.lines[1]!];
    const both = { retries: [waiting], deadLetters: [{ ...waiting, cause: 'poison' }] };
    expect(differences([intake, workflow, service('index-scoring', lines, both)])).toEqual([]);
    expect(differences([intake, workflow, service('index-scoring', lines, { retries: [waiting] })])).toHaveLength(1);
    const elsewhere = { ...waiting, queue: 'edocument-workflow.judge-work-dossiers', count: 2 };
    expect(differences([intake, workflow, service('index-scoring', lines, { retries: [elsewhere] })])).toHaveLength(1);
  });

  it.each<[string, Partial<typeof row>, number, string[]]>([
    ['a posted event without an answer', { posted: 7 }, 3, ['door urn:test']],
    ['an accepted event not stored', {}, 2, ['door urn:test']],
    ['a stored event not told', { posted: 5, accepted: 2 }, 3, ['door urn:test', 'passage hue-a']],
    ['an accepted event not sent', { posted: 7, accepted: 4 }, 4, ['passage hue-a']],
  ])('checks the door: %s', (_name, change, stored, expected) => {
    const door = { rows: [{ ...row, ...change }], stored: [{ ...tally.stored[0]!, count: stored }] };
    expect(differences(city, door)).toEqual(expected);
  });

  it('sees events stored under a source that the tally never told', () => {
    const door = { ...tally, stored: [...tally.stored, { day: DAY, source: 'urn:ghost', unit: 'hue-a', count: 1 }] };
    expect(differences(city, door)).toEqual(['door urn:ghost']);
  });

  it('leaves refusals of unknown units out of what was sent', () => {
    const stranger = { ...row, unit: 'nowhere', posted: 1, accepted: 0, duplicate: 0, conflict: 0 };
    expect(differences(city, { ...tally, rows: [row, stranger] })).toEqual([]);
  });
});

describe('inFlight', () => {
  const settledOf = (balances: ServiceBalance[]): boolean => isSettled(inFlight(balances, balanceSheet(balances, {})));

  it('knows when all is at rest', () => {
    expect(settledOf(city)).toBe(true);
  });

  it.each<[string, Partial<ServiceBalance>]>([
    ['unsent', { outbox: { unsent: 1, returned: 0 } }],
    ['queued', { queues: [{ name: 'index-scoring.count-events', ready: 1, consumers: 1, inHand: 0 }] }],
    ['in hand', { queues: [{ name: 'index-scoring.count-events', ready: 0, inHand: 2, consumers: 1 }] }],
    [
      'retrying',
      { retries: [{ queue: 'index-scoring.count-events', origin: 'dossier-intake', type: RECEIVED, unit: 'hue-a', day: DAY, count: 1 }] },
    ],
    ['not counted', { lines: scoring.lines.slice(0, 1) }],
  ])('sees what is %s', (_name, change) => {
    expect(settledOf([intake, workflow, { ...scoring, ...change }])).toBe(false);
  });
});
