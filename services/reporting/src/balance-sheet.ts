import { type BalanceLine, EVENT_TYPES, QUEUES, type ServiceName, typesInto } from '@par/contracts';

/** A published line: what a service says that it sent out or took in. */
export interface PublishedLine extends BalanceLine, Beside {
  service: string;
}

/** What a reader says of its lines beside what it counted. */
export interface Beside {
  /** Given up: dead letters. */
  dead: number;
  /** Lost on the way and come once more. */
  healed: number;
  /** Counted, and unknown to the sender. */
  surplus: number;
}

/** From whom to whom. */
export interface Flow {
  from: string;
  to: string;
}

/** Events of one type that one service sent and another should have counted, for a unit and day. */
export interface BalancedType {
  type: string;
  sent: number;
  counted: number;
  /** Equal by count and by the hash of the identities. */
  equal: boolean;
}

export interface BalanceRow extends Flow, Beside {
  unit: string;
  day: string;
  sent: number;
  counted: number;
  /** sent − counted: what is on its way, dead-lettered or lost; negative while the sender's checkpoint is the older one. */
  difference: number;
  /** On its way: sent − counted − dead + surplus, not below 0. */
  inFlight: number;
  equal: boolean;
  types: BalancedType[];
}

export interface BalanceTotal extends Flow, Beside {
  sent: number;
  counted: number;
  difference: number;
  inFlight: number;
  equal: boolean;
  /** Rows (unit and day) of the flow that differ. */
  differing: number;
}

/** Who reads what, from the published topology: each type that reaches a queue of a service. Front doors take from outside and are not here. */
const READERS: ReadonlyMap<string, readonly ServiceName[]> = readersByType();

function readersByType(): Map<string, ServiceName[]> {
  const readers = new Map<string, ServiceName[]>();
  for (const queue of QUEUES) {
    if (queue.bindings.every((binding) => binding.exchange === 'par.ingress')) continue;
    for (const type of typesInto(queue, EVENT_TYPES)) readers.set(type, [...(readers.get(type) ?? []), queue.service]);
  }
  return readers;
}

/** Rows per flow, unit and day. Independent of the order of the lines. */
export function balanceRows(lines: readonly PublishedLine[]): BalanceRow[] {
  const pairs = new Map<string, { flow: Flow; unit: string; day: string; type: string; out?: PublishedLine; in?: PublishedLine }>();
  const pairOf = (line: PublishedLine, flow: Flow): { out?: PublishedLine; in?: PublishedLine } => {
    const key = [flow.from, flow.to, line.unit, line.day, line.type].join(' ');
    let pair = pairs.get(key);
    if (!pair) pairs.set(key, (pair = { flow, unit: line.unit, day: line.day, type: line.type }));
    return pair;
  };
  for (const line of lines) {
    if (line.direction === 'in') pairOf(line, { from: line.origin, to: line.service }).in = line;
    else for (const to of READERS.get(line.type) ?? []) pairOf(line, { from: line.service, to }).out = line;
  }
  const rows = new Map<string, BalanceRow>();
  for (const [key, pair] of [...pairs].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const rowKey = key.slice(0, key.lastIndexOf(' '));
    let row = rows.get(rowKey);
    if (!row)
      rows.set(
        rowKey,
        (row = {
          ...pair.flow,
          unit: pair.unit,
          day: pair.day,
          sent: 0,
          counted: 0,
          difference: 0,
          inFlight: 0,
          ...NOTHING_BESIDE,
          equal: true,
          types: [],
        }),
      );
    const sent = pair.out?.count ?? 0;
    const counted = pair.in?.count ?? 0;
    const equal = sent === counted && (pair.out?.hash ?? NO_EVENTS) === (pair.in?.hash ?? NO_EVENTS);
    row.types.push({ type: pair.type, sent, counted, equal });
    row.sent += sent;
    row.counted += counted;
    row.difference = row.sent - row.counted;
    addBeside(row, pair.in ?? NOTHING_BESIDE);
    row.inFlight += Math.max(0, sent - counted - (pair.in?.dead ?? 0) + (pair.in?.surplus ?? 0));
    row.equal &&= equal;
  }
  return [...rows.values()];
}

const NO_EVENTS = '0'.repeat(16);
const NOTHING_BESIDE: Beside = { dead: 0, healed: 0, surplus: 0 };

function addBeside(sum: Beside, { dead, healed, surplus }: Beside): void {
  sum.dead += dead;
  sum.healed += healed;
  sum.surplus += surplus;
}

/** One line per flow, in the order in which an event travels. */
export function balanceTotals(rows: readonly BalanceRow[]): BalanceTotal[] {
  const totals = new Map<string, BalanceTotal>();
  for (const row of rows) {
    const key = `${row.from} ${row.to}`;
    let total = totals.get(key);
    if (!total)
      totals.set(
        key,
        (total = {
          from: row.from,
          to: row.to,
          sent: 0,
          counted: 0,
          difference: 0,
          inFlight: 0,
          ...NOTHING_BESIDE,
          equal: true,
          differing: 0,
        }),
      );
    total.sent += row.sent;
    total.counted += row.counted;
    total.difference = total.sent - total.counted;
    total.inFlight += row.inFlight;
    addBeside(total, row);
    total.equal &&= row.equal;
    if (!row.equal) total.differing += 1;
  }
  const way: readonly string[] = ['dossier-intake', 'edocument-workflow', 'index-scoring', 'reporting'];
  return [...totals.values()].sort((a, b) => way.indexOf(a.from) - way.indexOf(b.from) || way.indexOf(a.to) - way.indexOf(b.to));
}
