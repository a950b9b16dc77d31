import { NATIONAL_STATES, nationalStateOf } from '@par/administration';
import type { AnsweredLine, ManifestKey, MovedThing, NamedThing } from '@par/contracts';
import { isStateKey } from '@par/ingress/manifest';
import { numberText, type Language } from '../language.ts';
import type { Receipt } from './dialogue.ts';

/** Names of a kind that are printed; all are in `--json`. */
const MOST_PRINTED = 50;

const WORDS = {
  vi: {
    dossiers: 'hồ sơ',
    events: 'sự kiện',
    equal: 'bằng nhau',
    different: 'không bằng nhau',
    nothing: 'hai bên đều không có',
    file: 'tệp có',
    here: 'hệ thống có',
    until: 'tính đến',
    missing: 'Hệ thống thiếu',
    surplus: 'Hệ thống thừa',
    moved: 'Khác trạng thái, đơn vị hoặc ngày',
    inFile: 'trong tệp',
    inHere: 'trong hệ thống',
    more: 'mục nữa; xem đủ bằng --json',
    unnamed: 'mục chưa nêu tên vì quá nhiều',
  },
  en: {
    dossiers: 'dossiers',
    events: 'events',
    equal: 'equal',
    different: 'not equal',
    nothing: 'nothing on either side',
    file: 'the file has',
    here: 'taken in are',
    until: 'as of',
    missing: 'Missing here',
    surplus: 'Surplus here',
    moved: 'In another state, unit or day',
    inFile: 'in the file',
    inHere: 'here',
    more: 'more; all with --json',
    unnamed: 'not named, there are too many',
  },
} as const;

/** The receipt as people read it: one line where all is equal, else the names. */
export function receiptText(receipt: Receipt, language: Language): string {
  const words = WORDS[language];
  const number = (value: number): string => numberText(value, language);
  const kinds = [
    { word: words.dossiers, lines: receipt.lines.filter(isStateKey) },
    { word: words.events, lines: receipt.lines.filter((line) => !isStateKey(line)) },
  ].filter(({ lines }) => lines.length > 0);
  const counts = kinds.map(({ word, lines }) => {
    const [theirs, ours] = [total(lines, 'theirs'), total(lines, 'ours')];
    return receipt.equal ? `${number(ours)} ${word}` : `${words.file} ${number(theirs)} ${word}, ${words.here} ${number(ours)}`;
  });
  const said = receipt.equal
    ? [...(counts.length > 0 ? counts : [words.nothing]), words.equal].join(', ')
    : `${words.different}: ${counts.join('; ')}`;
  const list = (title: string, entries: string[]): string[] => {
    if (entries.length === 0) return [];
    const rest = entries.length - MOST_PRINTED;
    const shown = entries.slice(0, MOST_PRINTED).map((entry) => `  ${entry}`);
    return [`${title} (${number(entries.length)})`, ...shown, ...(rest > 0 ? [`  … ${number(rest)} ${words.more}`] : [])];
  };
  return [
    `${receipt.source}, ${words.until} ${receipt.asOf}`,
    said,
    ...list(
      words.missing,
      receipt.missing.map((thing) => namedText(thing, language)),
    ),
    ...list(
      words.surplus,
      receipt.surplus.map((thing) => namedText(thing, language)),
    ),
    ...list(
      words.moved,
      receipt.moved.map((thing) => movedText(thing, language)),
    ),
    ...(receipt.unnamed > 0 ? [`${number(receipt.unnamed)} ${words.unnamed}`] : []),
  ].join('\n');
}

function namedText(thing: NamedThing, language: Language): string {
  return `${'code' in thing ? thing.code : thing.id}  ${placeText(thing, language)}`;
}

function movedText(thing: MovedThing, language: Language): string {
  const words = WORDS[language];
  const name = 'code' in thing ? thing.code : thing.id;
  return `${name}  ${words.inFile}: ${placeText(thing.theirs, language)}; ${words.inHere}: ${placeText(thing.ours, language)}`;
}

function placeText(key: ManifestKey, language: Language): string {
  if (!isStateKey(key)) return `${key.unit}, ${key.type}, ${key.day}`;
  const state = nationalStateOf(key.state);
  return `${key.unit}, ${key.state}${state === undefined ? '' : ` · ${NATIONAL_STATES[state].label[language]}`}`;
}

function total(lines: readonly AnsweredLine[], side: 'theirs' | 'ours'): number {
  return lines.reduce((sum, line) => sum + line[side].count, 0);
}
