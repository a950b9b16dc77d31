import {
  DOOR_OF,
  EVENT_TYPES,
  isUncounted,
  QUEUES,
  typesInto,
  type BalanceKey,
  type BalanceLine,
  type Door,
  type DoorTally,
  type FiledCount,
  type ServiceBalance,
  type ServiceName,
  type TallyRow,
} from '@par/contracts';

/** One sender, one reader, one type, unit and day. */
export interface FlowLine extends BalanceKey {
  reader: ServiceName;
  sent: number;
  counted: number;
  retrying: number;
  dead: number;
  /** Sent and neither counted nor filed: in a queue, in a consumer's hand, or lost. */
  inFlight: number;
  /** Counted after they had been lost on the way and came once more. */
  healed: number;
  /** Counted, and unknown to the sender, as the reader found by asking it. */
  surplus: number;
  /** Equal by count, and by hash where nothing of the line waits or was given up. */
  equal: boolean;
}

/** One door, source, unit and day. */
export interface DoorLine extends Omit<TallyRow, 'refused'> {
  door: Door;
  /** Over all codes. */
  refused: number;
  stored: number;
  equal: boolean;
}

/** What a door accepted for a unit and day against what its service sent out of the types it takes from outside. */
export interface PassageLine {
  door: Door;
  unit: string;
  day: string;
  accepted: number;
  sent: number;
  equal: boolean;
}

export interface BalanceSheet {
  flows: FlowLine[];
  doors: DoorLine[];
  passages: PassageLine[];
  /** Every line above is equal. */
  balanced: boolean;
}

export interface InFlight {
  unsent: number;
  queued: number;
  retrying: number;
  /** Σ `inFlight` of the lines. */
  missing: number;
}

interface Reader {
  service: ServiceName;
  queue: string;
  types: ReadonlySet<string>;
}

/** Every consumer of published events, from the topology. The queues of the front doors take from outside and are no readers. */
export const READERS: readonly Reader[] = QUEUES.filter((queue) => queue.bindings.some((binding) => binding.exchange !== 'par.ingress'))
  .map((queue) => ({
    service: queue.service,
    queue: queue.name,
    // Control traffic stands on no sheet, and the queues that take nothing else in are no readers.
    types: new Set<string>(typesInto(queue, EVENT_TYPES).filter((type) => !isUncounted(type))),
  }))
  .filter(({ types }) => types.size > 0);

/**
 * The balance sheet of the city: for every sender, reader, type, unit and day *sent = counted + waiting for retry + dead-lettered*;
 * for every door *posted = accepted + duplicate + conflict + refused* and *accepted = stored = sent*. Pure comparison.
 */
export function balanceSheet(balances: readonly ServiceBalance[], tallies: Readonly<Partial<Record<Door, DoorTally>>>): BalanceSheet {
  const flows = READERS.flatMap((reader) => flowsInto(reader, balances));
  const doors = Object.entries(tallies).flatMap(([door, tally]) => doorLines(door as Door, tally));
  const passages = Object.entries(tallies).flatMap(([door, tally]) =>
    passageLines(door as Door, tally, balances.find((balance) => balance.service === door)?.lines ?? []),
  );
  return { flows, doors, passages, balanced: [...flows, ...doors, ...passages].every((line) => line.equal) };
}

export function inFlight(balances: readonly ServiceBalance[], sheet: Pick<BalanceSheet, 'flows'>): InFlight {
  const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
  return {
    unsent: sum(balances.map((balance) => balance.outbox.unsent)),
    queued: sum(balances.flatMap((balance) => balance.queues.map((queue) => queue.ready + queue.inHand))),
    // A subject that waits to be counted again is on its way as much as a message that waits for another try.
    retrying: sum(balances.flatMap((balance) => [balance.recounting ?? 0, ...balance.retries.map((retry) => retry.count)])),
    missing: sum(sheet.flows.map((line) => line.inFlight)),
  };
}

/** Nothing moves any more and nothing waits. */
export function isSettled({ unsent, queued, retrying, missing }: InFlight): boolean {
  return unsent + queued + retrying + missing === 0;
}

function keyOf(line: BalanceKey): string {
  return [line.origin, line.type, line.unit, line.day].join('\n');
}

function flowsInto(reader: Reader, balances: readonly ServiceBalance[]): FlowLine[] {
  const own = balances.find((balance) => balance.service === reader.service);
  if (!own) return [];
  const out = new Map<string, BalanceLine>();
  const into = new Map<string, BalanceLine>();
  for (const line of balances.flatMap((balance) => balance.lines)) {
    if (line.direction === 'out' && reader.types.has(line.type)) out.set(keyOf(line), line);
  }
  for (const line of own.lines) if (line.direction === 'in' && reader.types.has(line.type)) into.set(keyOf(line), line);
  const retrying = waitingByKey(own.retries, reader);
  const dead = waitingByKey(own.deadLetters, reader);
  const healed = byKey(own.reconciliation?.healed ?? []);
  const surplus = byKey(own.reconciliation?.surplus ?? []);

  const lines: FlowLine[] = [];
  for (const key of [...new Set([...out.keys(), ...into.keys()])].sort()) {
    const sent = out.get(key);
    const counted = into.get(key);
    const { origin, type, unit, day } = (sent ?? counted)!;
    const counts = {
      sent: sent?.count ?? 0,
      counted: counted?.count ?? 0,
      retrying: retrying.get(key) ?? 0,
      dead: dead.get(key) ?? 0,
      healed: healed.get(key) ?? 0,
      surplus: surplus.get(key) ?? 0,
    };
    const inFlight = Math.max(0, counts.sent - counts.counted - counts.retrying - counts.dead + counts.surplus);
    const waits = counts.retrying + counts.dead > 0;
    const equal = counts.sent === counts.counted + counts.retrying + counts.dead && (waits || sent?.hash === counted?.hash);
    lines.push({ reader: reader.service, origin, type, unit, day, ...counts, inFlight, equal });
  }
  return lines;
}

function waitingByKey(messages: readonly FiledCount[], reader: Reader): Map<string, number> {
  return byKey(messages.filter(({ queue }) => queue === reader.queue));
}

function byKey(lines: readonly (BalanceKey & { count: number })[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(keyOf(line), (counts.get(keyOf(line)) ?? 0) + line.count);
  return counts;
}

function doorLines(door: Door, tally: DoorTally): DoorLine[] {
  const stored = new Map(tally.stored.map((row) => [`${row.day}\n${row.source}\n${row.unit}`, row.count]));
  const lines = tally.rows.map((row) => {
    const key = `${row.day}\n${row.source}\n${row.unit}`;
    const refused = Object.values(row.refused).reduce((total, count) => total + count, 0);
    const inStore = stored.get(key) ?? 0;
    stored.delete(key);
    const { day, source, unit, posted, accepted, duplicate, conflict } = row;
    const equal = posted === accepted + duplicate + conflict + refused && accepted === inStore;
    return { door, day, source, unit, posted, accepted, duplicate, conflict, refused, stored: inStore, equal };
  });
  const untold = [...stored].map(([key, count]): DoorLine => {
    const [day = '', source = '', unit = ''] = key.split('\n');
    return { door, day, source, unit, posted: 0, accepted: 0, duplicate: 0, conflict: 0, refused: 0, stored: count, equal: count === 0 };
  });
  return [...lines, ...untold];
}

function passageLines(door: Door, tally: DoorTally, lines: readonly BalanceLine[]): PassageLine[] {
  const passages = new Map<string, PassageLine>();
  const passage = (unit: string, day: string): PassageLine => {
    const key = `${day}\n${unit}`;
    let line = passages.get(key);
    if (!line) passages.set(key, (line = { door, unit, day, accepted: 0, sent: 0, equal: true }));
    return line;
  };
  for (const row of tally.rows) if (row.accepted > 0) passage(row.unit, row.day).accepted += row.accepted;
  const fromOutside = new Set<string>(EVENT_TYPES.filter((type) => DOOR_OF[type] === door));
  for (const line of lines) if (line.direction === 'out' && fromOutside.has(line.type)) passage(line.unit, line.day).sent += line.count;
  for (const line of passages.values()) line.equal = line.accepted === line.sent;
  return [...passages.values()].sort((a, b) => (a.day + a.unit < b.day + b.unit ? -1 : 1));
}
