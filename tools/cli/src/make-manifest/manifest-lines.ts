import type { ManifestKey, ManifestLine, ManifestNames, ManifestPart, ManifestSum, ManifestWish } from '@par/contracts';
import { hashText, isStateKey, keyText, type ManifestItem } from '@par/ingress/manifest';

interface OwnLine {
  key: ManifestKey;
  sum: ManifestSum;
  items: ManifestItem[];
}

/** The lines of a manifest, made from things of our own, and finer where an answer asks for it. */
export class ManifestLines {
  readonly #lines = new Map<string, OwnLine>();

  constructor(items: Iterable<ManifestItem>) {
    for (const item of items) {
      const text = keyText(item.key);
      const line = this.#lines.get(text);
      if (line) line.items.push(item);
      else this.#lines.set(text, { key: item.key, sum: { count: 0, hash: '' }, items: [item] });
    }
    for (const line of this.#lines.values()) line.sum = sumOf(line.items);
  }

  get empty(): boolean {
    return this.#lines.size === 0;
  }

  /** Every line, those with a wish as the wish says; at most one wish a line. */
  lines(wishes: readonly ManifestWish[] = []): ManifestLine[] {
    const wished = new Map(wishes.map((wish) => [keyText(wish), wish]));
    return [...this.#lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([text, line]) => asWished(line, wished.get(text)));
  }

  /** How much of a manifest a wish takes: names and parts. */
  sizeOf(wish: ManifestWish): { names: number; parts: number } {
    const { by, prefixes, digits = 2 } = wish;
    if (by === 'parts') return { names: 0, parts: (prefixes ?? ['']).reduce((sum, prefix) => sum + 16 ** (digits - prefix.length), 0) };
    const items = this.#of(wish);
    if (!prefixes) return { names: items.length, parts: 0 };
    return { names: partsOf(items, prefixes).reduce((sum, { own }) => sum + own.length, 0), parts: prefixes.length };
  }

  /** A wish as several, none of which takes more than there may be in one manifest. A single part is never that large. */
  split(wish: ManifestWish, most: { names: number; parts: number }): ManifestWish[] {
    const { by, prefixes, digits = 2 } = wish;
    if (!prefixes) return [wish];
    const own = new Map(by === 'parts' ? [] : partsOf(this.#of(wish), prefixes).map(({ part }) => [part.prefix, part.count]));
    const groups: { prefixes: string[]; names: number; parts: number }[] = [];
    for (const prefix of prefixes) {
      const names = own.get(prefix) ?? 0;
      const parts = by === 'parts' ? 16 ** (digits - prefix.length) : 1;
      const group = groups.at(-1);
      if (group && group.names + names <= most.names && group.parts + parts <= most.parts) {
        group.prefixes.push(prefix);
        group.names += names;
        group.parts += parts;
      } else groups.push({ prefixes: [prefix], names, parts });
    }
    return groups.map((group) => ({ ...wish, prefixes: group.prefixes }));
  }

  /** The thing of a line that has a hash. */
  find(key: ManifestKey, hash: string): ManifestItem | undefined {
    return this.#of(key).find((item) => hashText(item.hash) === hash);
  }

  #of(key: ManifestKey): readonly ManifestItem[] {
    return this.#lines.get(keyText(key))?.items ?? [];
  }
}

function asWished({ key, sum, items }: OwnLine, wish: ManifestWish | undefined): ManifestLine {
  if (!wish) return { ...key, ...sum };
  if (wish.by !== 'parts') {
    if (!wish.prefixes) return { ...key, ...sum, ...namesOf(key, items) };
    const parts = partsOf(items, wish.prefixes).map(({ part, own }) => ({ ...part, ...namesOf(key, own) }));
    return { ...key, ...sum, parts };
  }
  const digits = wish.digits ?? 2;
  const prefixes = (wish.prefixes ?? ['']).flatMap((start) => continued(start, digits));
  return { ...key, ...sum, parts: partsOf(items, prefixes).map(({ part }) => part) };
}

/** Every prefix of so many hex digits that begins so. */
function continued(start: string, digits: number): string[] {
  const more = digits - start.length;
  return Array.from({ length: 16 ** more }, (_, number) => start + (more === 0 ? '' : number.toString(16).padStart(more, '0')));
}

/** `prefixes` are all of one length. */
function partsOf(items: readonly ManifestItem[], prefixes: readonly string[]): { part: ManifestPart; own: ManifestItem[] }[] {
  const digits = prefixes[0]?.length ?? 0;
  const byPrefix = new Map<string, ManifestItem[]>(prefixes.map((prefix) => [prefix, []]));
  for (const item of items) byPrefix.get(hashText(item.hash).slice(0, digits))?.push(item);
  return [...byPrefix].map(([prefix, own]) => ({ part: { prefix, ...sumOf(own) }, own }));
}

function namesOf(key: ManifestKey, items: readonly ManifestItem[]): ManifestNames {
  const names = items.map(({ name }) => name);
  return isStateKey(key) ? { codes: names } : { ids: names };
}

function sumOf(items: readonly ManifestItem[]): ManifestSum {
  return { count: items.length, hash: hashText(items.reduce((sum, { hash }) => sum ^ hash, 0n)) };
}
