import { type AnsweredLine, type ManifestAnswer, type ManifestWish, MANIFEST_LIMITS, MOST_TO_NAME, type MovedThing } from '@par/contracts';
import { type Bilingual } from '@par/service-kit';
import { type Compared, type ComparedLine, isEqual, type ManifestComparison, sumText } from './comparison.ts';
import { hashText, isStateKey, keyText } from './manifest-items.ts';
import { type ReadManifest } from './read-manifest.ts';

/** Things of a side, over all lines of a kind. */
export interface ManifestTotals {
  dossiers: { theirs: number; ours: number };
  events: { theirs: number; ours: number };
  linesDifferent: number;
}

export function totalsOf(comparison: ManifestComparison): ManifestTotals {
  const totals: ManifestTotals = { dossiers: { theirs: 0, ours: 0 }, events: { theirs: 0, ours: 0 }, linesDifferent: 0 };
  for (const line of comparison.lines.values()) {
    const kind = isStateKey(line.key) ? totals.dossiers : totals.events;
    kind.theirs += line.theirs.count;
    kind.ours += line.ours.count;
    if (!isEqual(line)) totals.linesDifferent += 1;
  }
  return totals;
}

/** Puts a finished comparison into the words of the contract. */
export function answerOf(comparison: ManifestComparison, { source, day, asOf }: ReadManifest, at: Date): ManifestAnswer {
  const lines = [...comparison.lines.values()].sort((a, b) => (keyText(a.key) < keyText(b.key) ? -1 : 1));
  const different = lines.filter((line) => !isEqual(line));
  const wishes = different.flatMap(wishesOf);
  return {
    source,
    day,
    asOf,
    at: at.toISOString(),
    equal: different.length === 0,
    message: messageOf(totalsOf(comparison), wishes.length > 0),
    lines: lines.map(answeredLine),
    missing: comparison.missing,
    surplus: comparison.surplus,
    otherState: comparison.moved.filter((moved): moved is Extract<MovedThing, { code: string }> => 'code' in moved),
    otherLine: comparison.moved.filter((moved): moved is Extract<MovedThing, { id: string }> => 'id' in moved),
    unnamed: comparison.unnamed,
    next: wishes.length > 0 ? wishes : null,
  };
}

function answeredLine(line: ComparedLine): AnsweredLine {
  const parts = [...line.parts].filter(([, part]) => !isEqual(part)).map(([prefix, part]) => ({ prefix, ...comparedOf(part) }));
  return {
    ...line.key,
    ...comparedOf(line),
    ...(line.single ? { single: { side: line.single.side, hash: hashText(line.single.hash) } } : {}),
    ...(parts.length > 0 ? { parts } : {}),
  };
}

function comparedOf(compared: Compared): Pick<AnsweredLine, 'theirs' | 'ours' | 'equal'> {
  return { theirs: sumText(compared.theirs), ours: sumText(compared.ours), equal: isEqual(compared) };
}

/** What is still to be posted for a line that differs: names where they are few, else counts by the first digits of the hash. */
function wishesOf(line: ComparedLine): ManifestWish[] {
  if (line.named || line.single?.explained) return [];
  const by = isStateKey(line.key) ? 'codes' : 'ids';
  const parts = [...line.parts].filter(([, part]) => !isEqual(part));
  if (parts.length === 0) {
    // Also where the parts that were posted are equal: the difference lies in a part that was left out.
    return isSmall(line) ? [{ ...line.key, by }] : [{ ...line.key, by: 'parts', digits: 2 }];
  }
  const open = parts.filter(([, part]) => !part.named);
  const digits = Math.min(line.prefixLength + 2, MANIFEST_LIMITS.prefix);
  // Of the longest prefixes even a large part is named.
  const few = open.filter(([, part]) => isSmall(part) || digits === line.prefixLength).map(([prefix]) => prefix);
  const many = open.map(([prefix]) => prefix).filter((prefix) => !few.includes(prefix));
  return [
    ...(few.length > 0 ? [{ ...line.key, by, prefixes: few } as ManifestWish] : []),
    ...(many.length > 0 ? [{ ...line.key, by: 'parts', prefixes: many, digits } as ManifestWish] : []),
  ];
}

function isSmall({ theirs, ours }: Compared): boolean {
  return Math.max(theirs.count, ours.count) <= MOST_TO_NAME;
}

function messageOf({ dossiers, events, linesDifferent }: ManifestTotals, asksForMore: boolean): Bilingual {
  const counts = (words: { dossiers: string; events: string; here: string }): string =>
    [
      ...(dossiers.theirs + dossiers.ours > 0 ? [`${dossiers.theirs} ${words.dossiers} (${words.here} ${dossiers.ours})`] : []),
      ...(events.theirs + events.ours > 0 ? [`${events.theirs} ${words.events} (${words.here} ${events.ours})`] : []),
    ].join(', ');
  const vi = counts({ dossiers: 'hồ sơ', events: 'sự kiện', here: 'hệ thống có' });
  const en = counts({ dossiers: 'dossiers', events: 'events', here: 'here' });
  if (linesDifferent === 0) return { en: `Equal: ${en || 'nothing on either side'}.`, vi: `Bằng nhau: ${vi || 'hai bên đều không có'}.` };
  const more = {
    en: asksForMore ? ' Post the manifest again with what "next" asks for to learn the names.' : ' The names are in this answer.',
    vi: asksForMore ? ' Gửi lại bản kê kèm nội dung nêu trong "next" để biết tên.' : ' Tên từng mục có trong câu trả lời này.',
  };
  return {
    en: `Not equal on ${linesDifferent} line(s): ${en}.${more.en}`,
    vi: `Không bằng nhau ở ${linesDifferent} dòng: ${vi}.${more.vi}`,
  };
}
