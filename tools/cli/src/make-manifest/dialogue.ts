import {
  type AnsweredLine,
  type Manifest,
  MANIFEST_LIMITS,
  type ManifestAnswer,
  type ManifestKey,
  type ManifestWish,
  type MovedThing,
  type NamedThing,
} from '@par/contracts';
import { isStateKey, keyText, type ManifestItem } from '@par/ingress/manifest';
import { ManifestLines } from './manifest-lines.ts';

/** Everything that differs, by name. */
export interface Differences {
  /** In the file and not taken in. */
  missing: NamedThing[];
  /** Taken in from this source and not in the file. */
  surplus: NamedThing[];
  /** In both, under another state, unit, type or day. */
  moved: MovedThing[];
  /** Names that had no room in the answers. */
  unnamed: number;
}

export interface Receipt extends Differences {
  equal: boolean;
  source: string;
  asOf: string;
  day: string;
  /** Counts of both sides by the first answer. */
  lines: AnsweredLine[];
  /** Manifests that were posted. */
  posted: number;
}

type Ask = (manifest: Manifest) => Promise<ManifestAnswer>;

/** Posts a manifest and goes on asking until everything that differs has its name. Each round is small, whatever the size of the file. */
export async function askForReceipt(head: Omit<Manifest, 'lines'>, items: readonly ManifestItem[], ask: Ask): Promise<Receipt> {
  const own = new ManifestLines(items);
  const found = new Findings(items);
  const first = await ask({ ...head, lines: own.lines() });
  let last = first;
  let posted = 1;
  found.take(first);
  const split = (wish: ManifestWish): ManifestWish[] => own.split(wish, MANIFEST_LIMITS);
  const waiting = unresolved(first, own, found).flatMap(split);
  while (waiting.length > 0) {
    const wishes = nextWishes(waiting, own);
    last = await ask({ ...head, lines: own.lines(wishes) });
    posted += 1;
    found.take(last);
    const divided = new Set(wishes.filter(({ by }) => by === 'parts').map(keyText));
    waiting.push(...(last.next ?? []).filter((wish) => divided.has(keyText(wish)) && isFiner(wish, wishes)).flatMap(split));
  }
  const { source, asOf, day, lines } = first;
  return { equal: last.equal, source, asOf, day, lines, posted, ...found.differences() };
}

/** What is still to be asked after the first answer. A single thing that is missing is known by its hash to whoever has it. */
function unresolved(answer: ManifestAnswer, own: ManifestLines, found: Findings): ManifestWish[] {
  const resolved = new Set<string>();
  for (const line of answer.lines) {
    if (line.single?.side !== 'missing') continue;
    const item = own.find(line, line.single.hash);
    if (!item) continue;
    resolved.add(keyText(line));
    found.miss(item);
  }
  return (answer.next ?? []).filter((wish) => !resolved.has(keyText(wish)));
}

/** Takes as many wishes from the front as one manifest has room for, one a line. */
function nextWishes(waiting: ManifestWish[], own: ManifestLines): ManifestWish[] {
  const taken: ManifestWish[] = [];
  const lines = new Set<string>();
  let names = 0;
  let parts = 0;
  for (let index = 0; index < waiting.length;) {
    const wish = waiting[index]!;
    const size = own.sizeOf(wish);
    const fits = taken.length === 0 || (names + size.names <= MANIFEST_LIMITS.names && parts + size.parts <= MANIFEST_LIMITS.parts);
    if (!fits || lines.has(keyText(wish))) {
      index += 1;
      continue;
    }
    lines.add(keyText(wish));
    names += size.names;
    parts += size.parts;
    taken.push(...waiting.splice(index, 1));
  }
  return taken;
}

/** Whether an answer asks for more than was given: what happened to change meanwhile is not followed for ever. */
function isFiner(wish: ManifestWish, given: readonly ManifestWish[]): boolean {
  const before = given.find((each) => keyText(each) === keyText(wish));
  return wish.by !== 'parts' || (wish.digits ?? 0) > (before?.digits ?? 0);
}

/** What the answers named, each thing once. */
class Findings {
  readonly #own: ReadonlyMap<string, ManifestKey>;
  readonly #missing = new Map<string, NamedThing>();
  readonly #surplus = new Map<string, NamedThing>();
  readonly #moved = new Map<string, MovedThing>();
  #unnamed = 0;

  constructor(items: readonly ManifestItem[]) {
    this.#own = new Map(items.map(({ key, name }) => [nameText(key, name), key]));
  }

  take(answer: ManifestAnswer): void {
    for (const thing of answer.missing) this.#missing.set(textOf(thing), thing);
    for (const thing of answer.surplus) this.#surplus.set(textOf(thing), thing);
    for (const thing of [...answer.otherState, ...answer.otherLine])
      this.#moved.set(textOf({ ...thing.theirs, ...thing } as NamedThing), thing);
    this.#unnamed = Math.max(this.#unnamed, answer.unnamed);
  }

  miss({ key, name }: ManifestItem): void {
    this.#missing.set(nameText(key, name), isStateKey(key) ? { ...key, code: name } : { ...key, id: name });
  }

  /** A surplus thing that the file has elsewhere was asked about on one of its two lines only. */
  differences(): Differences {
    for (const [text, thing] of this.#surplus) {
      const theirs = this.#own.get(text);
      if (!theirs) continue;
      const moved = 'code' in thing ? { code: thing.code, theirs, ours: keyOf(thing) } : { id: thing.id, theirs, ours: keyOf(thing) };
      if (!this.#moved.has(text)) this.#moved.set(text, moved as MovedThing);
    }
    for (const text of this.#moved.keys()) {
      this.#surplus.delete(text);
      this.#missing.delete(text);
    }
    const [missing, surplus, moved] = [this.#missing, this.#surplus, this.#moved].map((map) =>
      [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, thing]) => thing),
    ) as [NamedThing[], NamedThing[], MovedThing[]];
    return { missing, surplus, moved, unnamed: this.#unnamed };
  }
}

function nameText(key: ManifestKey, name: string): string {
  return `${isStateKey(key) ? 'code' : 'id'} ${name}`;
}

function textOf(thing: NamedThing): string {
  return 'code' in thing ? `code ${thing.code}` : `id ${thing.id}`;
}

function keyOf(thing: NamedThing): ManifestKey {
  return 'code' in thing ? { unit: thing.unit, state: thing.state } : { unit: thing.unit, type: thing.type, day: thing.day };
}
