import type { EventIdentity } from '@par/contracts';
import { numberText, type Language } from '../language.ts';
import { textTable, type Column } from '../text-table.ts';
import type { DoorLine, FlowLine } from '../balance-sheet.ts';
import type { Reading } from '../balance-reading.ts';

interface Fraction {
  numerator: number;
  denominator: number;
}

/** `GET /v1/audit` of index-scoring: counters, Σ ledger and recount from the facts. */
export interface FigureAudit {
  ok: boolean;
  recountedSubjects: number;
  figures: number;
  differences: { figure: string; counter: Fraction; ledger: Fraction; recount: Fraction }[];
}

/** A line that differs, with the events that one side has and the other has not. */
export interface NamedDifference {
  line: FlowLine;
  notCounted: EventIdentity[];
  neverSent: EventIdentity[];
}

export interface AuditResult {
  ok: boolean;
  figures: FigureAudit;
  reading: Reading;
  named: NamedDifference[];
  /** Show also the lines in which all is equal. */
  all: boolean;
}

/** Above this many lines only those that differ are shown, unless all are asked for. */
const MOST_LINES = 40;
const MOST_IDENTITIES = 10;

type Say = (en: string, vi: string) => string;

/** The balance sheet for people; its last line says whether all is equal. */
export function auditText(result: AuditResult, language: Language): string {
  const say: Say = (en, vi) => (language === 'vi' ? vi : en);
  const n = (value: number): string => numberText(value, language);
  const { sheet } = result.reading;
  const parts = [
    flowTable(
      say('Sender > reader', 'Nơi gửi > nơi nhận'),
      grouped(sheet.flows, (line) => `${line.origin} > ${line.reader}`),
      say,
      n,
    ),
    shortened(
      grouped(sheet.flows, (line) => `${line.day}  ${line.unit}`),
      result.all,
      say,
      (lines) => flowTable(say('Day, unit', 'Ngày, đơn vị'), lines, say, n),
    ),
    shortened(sheet.doors, result.all, say, (lines) => doorTable(lines, say, n)),
    ...passageFaults(result, say, n),
    ...deadLetters(result.reading, say, n),
    ...reconciliationNotes(result.reading, say, n),
    ...inFlightNote(result.reading, say, n),
    figuresText(result.figures, say, n),
    ...result.named.map((difference) => namedText(difference, say, n)),
    result.ok ? say('balanced', 'cân bằng') : say('NOT BALANCED', 'KHÔNG CÂN BẰNG'),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

interface FlowGroup {
  name: string;
  sent: number;
  counted: number;
  retrying: number;
  dead: number;
  inFlight: number;
  healed: number;
  surplus: number;
  equal: boolean;
}

function grouped(flows: readonly FlowLine[], nameOf: (line: FlowLine) => string): FlowGroup[] {
  const groups = new Map<string, FlowGroup>();
  for (const line of flows) {
    const name = nameOf(line);
    let group = groups.get(name);
    if (!group)
      groups.set(name, (group = { name, sent: 0, counted: 0, inFlight: 0, retrying: 0, dead: 0, healed: 0, surplus: 0, equal: true }));
    group.sent += line.sent;
    group.counted += line.counted;
    group.retrying += line.retrying;
    group.dead += line.dead;
    group.inFlight += line.inFlight;
    group.healed += line.healed;
    group.surplus += line.surplus;
    group.equal &&= line.equal;
  }
  return [...groups.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function shortened<T extends { equal: boolean }>(
  lines: readonly T[],
  all: boolean,
  say: Say,
  table: (lines: readonly T[]) => string,
): string {
  if (all || lines.length <= MOST_LINES) return table(lines);
  const differing = lines.filter((line) => !line.equal);
  const rest = lines.length - differing.length;
  const note = say(`${rest} more lines in which all is equal: --all`, `còn ${rest} dòng đều khớp: --all`);
  return differing.length === 0 ? note : `${table(differing)}\n${note}`;
}

function flowTable(title: string, groups: readonly FlowGroup[], say: Say, n: (value: number) => string): string {
  if (groups.length === 0) return '';
  const columns: Column[] = [
    { title },
    { title: say('sent', 'đã gửi'), align: 'right' },
    { title: say('counted', 'đã tính'), align: 'right' },
    { title: say('in flight', 'đang xử lý'), align: 'right' },
    { title: say('waiting', 'chờ lại'), align: 'right' },
    { title: say('given up', 'thư chết'), align: 'right' },
    { title: say('healed', 'đã bù'), align: 'right' },
    { title: say('surplus', 'thừa'), align: 'right' },
    { title: '' },
  ];
  return textTable(
    columns,
    groups.map((g) => [g.name, ...[g.sent, g.counted, g.inFlight, g.retrying, g.dead, g.healed, g.surplus].map(n), mark(g.equal)]),
  );
}

function doorTable(lines: readonly DoorLine[], say: Say, n: (value: number) => string): string {
  if (lines.length === 0) return '';
  const columns: Column[] = [
    { title: say('Door: day, source, unit', 'Cổng: ngày, nguồn, đơn vị') },
    { title: say('posted', 'đã gửi'), align: 'right' },
    { title: say('accepted', 'nhận'), align: 'right' },
    { title: say('duplicate', 'trùng'), align: 'right' },
    { title: say('conflict', 'mâu thuẫn'), align: 'right' },
    { title: say('refused', 'từ chối'), align: 'right' },
    { title: say('stored', 'đã lưu'), align: 'right' },
    { title: '' },
  ];
  const rows = lines.map((line) => [
    `${line.door}: ${line.day}  ${line.source}  ${line.unit}`,
    ...[line.posted, line.accepted, line.duplicate, line.conflict, line.refused, line.stored].map(n),
    mark(line.equal),
  ]);
  return textTable(columns, rows);
}

function mark(equal: boolean): string {
  return equal ? '=' : '≠';
}

function passageFaults({ reading }: AuditResult, say: Say, n: (value: number) => string): string[] {
  return reading.sheet.passages
    .filter((line) => !line.equal)
    .map(({ door, day, unit, accepted, sent }) =>
      say(
        `${door} ${day} ${unit}: accepted ${n(accepted)} ≠ sent on ${n(sent)}`,
        `${door} ${day} ${unit}: đã nhận ${n(accepted)} ≠ đã gửi tiếp ${n(sent)}`,
      ),
    );
}

function deadLetters({ balances }: Reading, say: Say, n: (value: number) => string): string[] {
  const rows = balances.flatMap((balance) => balance.deadLetters);
  if (rows.length === 0) return [];
  const lines = rows.map(({ queue, type, unit, day, cause, count }) => `  ${queue}  ${day}  ${unit}  ${type}  ${cause}: ${n(count)}`);
  return [[say('Dead letters', 'Thư chết'), ...lines].join('\n')];
}

/** Lines that a service asks about, and events that nobody sent: these need a person. */
function reconciliationNotes({ balances }: Reading, say: Say, n: (value: number) => string): string[] {
  return balances.flatMap(({ service, reconciliation }) => {
    if (!reconciliation) return [];
    const asked = reconciliation.differences.map(({ origin, type, unit, day, sent, counted, since, rounds }) =>
      say(
        `${service} asks ${origin}: ${type}  ${unit}  ${day}: ${n(sent)} sent, ${n(counted)} counted, since ${since}, asked ${n(rounds)} times`,
        `${service} đang hỏi ${origin}: ${type}  ${unit}  ${day}: gửi ${n(sent)}, đã tính ${n(counted)}, từ ${since}, đã hỏi ${n(rounds)} lần`,
      ),
    );
    const surplus = reconciliation.surplus.map(({ origin, type, unit, day, count, identities }) => {
      const head = say(
        `${service} counted ${n(count)} that ${origin} does not know: ${type}  ${unit}  ${day}`,
        `${service} đã tính ${n(count)} sự kiện mà ${origin} không biết: ${type}  ${unit}  ${day}`,
      );
      return [head, ...identityLines(say('surplus', 'thừa'), identities, say)].join('\n');
    });
    return [...asked, ...surplus];
  });
}

function inFlightNote({ inFlight }: Reading, say: Say, n: (value: number) => string): string[] {
  const { unsent, queued, retrying, missing } = inFlight;
  if (unsent + queued + retrying + missing === 0) return [];
  return [
    say(
      `still on the way: unsent ${n(unsent)}, queued ${n(queued)}, waiting for retry ${n(retrying)}, sent but not counted ${n(missing)}`,
      `còn đang xử lý: chưa gửi ${n(unsent)}, trong hàng đợi ${n(queued)}, chờ thử lại ${n(retrying)}, đã gửi mà chưa tính ${n(missing)}`,
    ),
  ];
}

function figuresText(audit: FigureAudit, say: Say, n: (value: number) => string): string {
  const head = say(
    `${n(audit.figures)} figures recounted from ${n(audit.recountedSubjects)} subjects: ${audit.differences.length === 0 ? 'counter = ledger = recount' : `${n(audit.differences.length)} differ`}`,
    `tính lại ${n(audit.figures)} chỉ số từ ${n(audit.recountedSubjects)} đối tượng: ${audit.differences.length === 0 ? 'bộ đếm = sổ cái = tính lại' : `${n(audit.differences.length)} sai lệch`}`,
  );
  const lines = audit.differences.map(({ figure, counter, ledger, recount }) => {
    const text = [counter, ledger, recount].map(({ numerator, denominator }) => `${n(numerator)}/${n(denominator)}`);
    return say(
      `  ${figure}: counter ${text[0]}, ledger ${text[1]}, recount ${text[2]}`,
      `  ${figure}: bộ đếm ${text[0]}, sổ cái ${text[1]}, tính lại ${text[2]}`,
    );
  });
  return [head, ...lines].join('\n');
}

function namedText({ line, notCounted, neverSent }: NamedDifference, say: Say, n: (value: number) => string): string {
  const { origin, reader, type, unit, day, sent, counted, retrying, dead } = line;
  const head = `${origin} > ${reader}  ${type}  ${unit}  ${day}: ${n(sent)} ≠ ${n(counted)} + ${n(retrying)} + ${n(dead)}`;
  return [
    head,
    ...identityLines(say('sent, not counted', 'đã gửi, chưa tính'), notCounted, say),
    ...identityLines(say('counted, never sent', 'đã tính, chưa từng gửi'), neverSent, say),
  ].join('\n');
}

function identityLines(title: string, identities: readonly EventIdentity[], say: Say): string[] {
  if (identities.length === 0) return [];
  const shown = identities.slice(0, MOST_IDENTITIES).map(({ source, id }) => `    ${source}  ${id}`);
  const rest = identities.length - shown.length;
  return [`  ${title}:`, ...shown, ...(rest > 0 ? [say(`    and ${rest} more`, `    và ${rest} sự kiện nữa`)] : [])];
}
