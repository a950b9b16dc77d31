import { CONFIDENTIALITIES } from '@par/contracts';

/**
 * State secrets (Law 29/2018/QH14 art. 5, 8) must never enter a networked computer. What is marked as one is recognised here, by
 * marks alone and in any spelling: letter case, accents, spaces and punctuation do not matter, at any depth, in names and in values.
 */

/**
 * Names of fields that carry a level of secrecy, written without accents, case, spaces and punctuation. A closed list: `doMat`,
 * `do_mat` and `Độ mật` are all `domat`. Whatever such a field says, unless it plainly says "not secret", is a mark.
 */
export const SECRECY_MARKERS: ReadonlySet<string> = new Set([
  ...['mat', 'domat', 'mucmat', 'mucdomat', 'capmat', 'capdomat', 'loaimat', 'loaidomat', 'madomat', 'tendomat', 'iddomat', 'dokhanmat'],
  ...['daumat', 'danhdaumat', 'dongdaumat', 'bimat', 'labimat', 'bimatnhanuoc', 'bmnn', 'toimat', 'tuyetmat', 'vanbanmat', 'hosomat'],
  ...['secret', 'issecret', 'topsecret', 'statesecret', 'secrecy', 'secrecylevel', 'secrecymark', 'secretlevel', 'urgencysecret'],
  ...['security', 'securitylevel', 'securityclass', 'securityclassification', 'classification', 'classificationlevel', 'classified'],
  ...['isclassified', 'confidential', 'isconfidential', 'confidentiality', 'confidentialitylevel', 'dataclassification'],
]);

/** Values of such a field that plainly say "not secret"; `lưu hành nội bộ` is no state secret (domain 9). */
const PLAINLY_NOT_SECRET: ReadonlySet<string> = new Set([
  ...['', '0', 'false', 'no', 'null', 'none', 'normal', 'public', 'internal', 'unclassified'],
  ...['thuong', 'binhthuong', 'khong', 'khongmat', 'congkhai', 'noibo', 'luuhanhnoibo'],
]);

/** Whether anything in a parsed JSON value is marked as a state secret. Walks without recursion: depth is the sender's choice. */
export function isMarkedSecret(value: unknown): boolean {
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next === 'string') {
      if (isMarkedText(next)) return true;
    } else if (Array.isArray(next)) {
      for (const item of next) waiting.push(item);
    } else if (typeof next === 'object' && next !== null) {
      for (const name of Object.keys(next)) {
        const held = (next as Record<string, unknown>)[name];
        if (isMarkedField(name, held)) return true;
        waiting.push(held);
      }
    }
  }
  return false;
}

/** Whether a field of this name with this value is a mark by itself, or its name says so. */
export function isMarkedField(name: string, value: unknown): boolean {
  return isMarkerName(name) ? !isPlainlyNotSecret(value) && !isClassOfFiles(name, value) : isMarkedText(name);
}

/** What our own closed schema of files allows, in its exact spelling: it has no class for state secrets. In other fields and spellings "restricted" is a mark. */
function isClassOfFiles(name: string, value: unknown): boolean {
  return name === 'confidentiality' && CONFIDENTIALITIES.some((known) => known === value);
}

/** Whether a text as a whole is MẬT, TỐI MẬT or TUYỆT MẬT, contains the words of the upper two levels, or holds JSON or XML that does. */
export function isMarkedText(text: string): boolean {
  return mayHoldMark(text) && (isMarkedWords(text) || (/[{[<"=&\\]/.test(text) && isMarkedProse(text)));
}

/** A quick look at a whole body: false means that no mark can be in it, whatever its form; true means look closely. */
export function mayHoldMark(text: string): boolean {
  return MAYBE_ESCAPED.test(text) || MARK_LETTERS.test(ASCII.test(text) ? text : text.normalize('NFKD'));
}

/**
 * The tokens of a JSON text, one after the other: sees a field that the parser drops because its name comes twice. The text is
 * valid JSON; what is not goes to `isMarkedProse`.
 */
export function isMarkedJson(json: string): boolean {
  let text: string | undefined;
  let name: string | undefined;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g)) {
    if (token === ':') {
      name = text;
      text = undefined;
      continue;
    }
    // A text that no colon follows is a value.
    if (text !== undefined && isMarkedText(text)) return true;
    text = token.startsWith('"') ? (JSON.parse(token) as string) : undefined;
    if (name !== undefined) {
      const value: unknown = token === '{' || token === '[' ? {} : JSON.parse(token);
      if (isMarkedField(name, value)) return true;
      name = undefined;
    }
  }
  return text !== undefined && isMarkedText(text);
}

/**
 * Whether text that is no valid JSON (a cut-off body, a form, XML) carries a mark: what stands between punctuation is taken as names
 * and values, the one after a marker name as its value. Leans to "marked": such a body is refused in any case.
 */
export function isMarkedProse(text: string): boolean {
  if (!mayHoldMark(text)) return false;
  const parts = unescaped(text)
    .replace(/<\/[^>]*>/g, '<')
    .replace(/<([^\s<>]+)\s/g, '<$1> ')
    .split(/[^\p{L}\p{M}\p{N}\p{Z}_.-]+/u)
    .filter((part) => part.trim() !== '');
  let afterMarker = false;
  for (const part of parts) {
    if ((afterMarker && !isPlainlyNotSecret(part)) || isMarkedWords(part)) return true;
    afterMarker = isMarkerName(part);
  }
  return false;
}

const ASCII = /^[ -~\s]*$/;
const MAYBE_ESCAPED = /[\\%&]/;
/**
 * Every name and word of this file has one of these in it (a spec checks that), decomposed, whatever stands between its letters: accents,
 * blanks, punctuation.
 */
const MARK_LETTERS = new RegExp(
  ['mat', 'secre', 'secur', 'classif', 'confiden', 'bmnn']
    .map((letters) => [...letters].map((letter) => (letter === 'd' ? '[dđĐ]' : letter)).join('[^a-zA-Z0-9]*'))
    .join('|'),
  'i',
);

const SEPARATORS = '[^\\p{L}\\p{N}\\p{M}]*';
// Accents left out are still the words ("toi mat"), other accents are other words: "tôi mất" is "I lost".
const MAT = 'm[\u0323\u0302]*a[\u0323\u0302]*t[\u0323\u0302]*';
const UPPER_LEVELS = new RegExp(
  `(?<![\\p{L}\\p{N}\\p{M}])(?:to[\u0302\u0301]*i|tuye[\u0323\u0302]*t)${SEPARATORS}${MAT}(?![\\p{L}\\p{N}\\p{M}])`,
  'u',
);
const LOWEST_LEVEL = /^m[\u0323\u0302]*a[\u0323\u0302]*t[\u0323\u0302]*$/u;

function isMarkedWords(text: string): boolean {
  const letters = text.normalize('NFKD').toLowerCase();
  const joined = letters.replace(/[^\p{L}\p{N}\p{M}]+/gu, '');
  const plain = joined.replace(/\p{M}+/gu, '');
  if (plain === 'toimat' || plain === 'tuyetmat') return true;
  // Without its accents "mat" is a word like any other; it is a mark only where a marker field says it.
  if (plain === 'mat' && plain !== joined && LOWEST_LEVEL.test(joined)) return true;
  return UPPER_LEVELS.test(letters);
}

function isMarkerName(name: string): boolean {
  return SECRECY_MARKERS.has(plainOf(name));
}

function isPlainlyNotSecret(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === 0) return true;
  return typeof value === 'string' && PLAINLY_NOT_SECRET.has(plainOf(value));
}

/** Letters and digits only, no accents, lower case, `đ` as `d`: `Độ_mật` → `domat`. */
function plainOf(text: string): string {
  if (/^[a-z0-9]*$/.test(text)) return text;
  const plain = ASCII.test(text) ? text : text.normalize('NFKD').replace(/[đĐ]/g, 'd');
  return plain.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}

// `\u1eac` and `&#x1EAC;` are letters too; a text whose escapes are broken is read as it stands.
function unescaped(text: string): string {
  if (!/[\\&%]/.test(text)) return text;
  return text
    .replace(/\\u([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .replace(/&#x([0-9a-fA-F]{1,6});/g, (_, hex: string) => codePoint(parseInt(hex, 16)))
    .replace(/&#(\d{1,7});/g, (_, digits: string) => codePoint(Number(digits)))
    .replace(/(?:%[0-9a-fA-F]{2})+/g, (escapes) => Buffer.from(escapes.replace(/%/g, ''), 'hex').toString('utf8'))
    .replace(/\\[nrtbf]/g, ' ');
}

function codePoint(number: number): string {
  return number <= 0x10ffff ? String.fromCodePoint(number) : ' ';
}
