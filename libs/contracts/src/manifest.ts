/** How many things a side has, and the XOR of their hashes as 16 hex digits; zeros where it has none. See docs/manifests.md for the recipe. */
export interface ManifestSum {
  count: number;
  hash: string;
}

/** Dossiers of a unit in one state: the code of the national list `TrangThaiHoSo`, `1` to `10`. */
export interface StateKey {
  /** Unit id, or official code: then every unit that ever had the code. */
  unit: string;
  state: string;
}

/** Events of one type at a unit on a day: the local date of `time`. */
export interface EventKey {
  unit: string;
  type: string;
  day: string;
}

/** What a line of a manifest is about. */
export type ManifestKey = StateKey | EventKey;

/** Names of the things on a line: dossier codes of a state line, ids of an event line. */
export interface ManifestNames {
  codes?: string[];
  ids?: string[];
}

/** The things of a line whose own hash begins with some hex digits, for a line that is too large to be named at once. */
export interface ManifestPart extends ManifestSum, ManifestNames {
  prefix: string;
}

export type ManifestLine = ManifestKey & ManifestSum & ManifestNames & { parts?: ManifestPart[] };

/** What a source says it has: body of `POST /v1/manifests`. */
export interface Manifest {
  source: string;
  /** RFC 3339 with offset. Only events that happened until then are looked at. */
  asOf: string;
  /** Day of the receipt, and of event lines that give none; the date in `asOf` where absent. */
  day?: string;
  /** The units that it speaks of, by id or code; every unit of the key where absent. */
  units?: string[];
  lines: ManifestLine[];
}

export const MANIFEST_LIMITS = {
  lines: 5_000,
  /** Names in one manifest. */
  names: 20_000,
  /** Parts in one manifest. */
  parts: 16_384,
  /** Hex digits of a prefix. */
  prefix: 6,
  /** Different days of event lines. */
  days: 31,
  /** Names in one list of an answer. */
  named: 5_000,
} as const;

/** A line or part with more things than this is asked for in parts before it is asked for by name. */
export const MOST_TO_NAME = 2_000;

/** One line held against ours. `theirs` is the source's. */
export interface ManifestComparison {
  theirs: ManifestSum;
  ours: ManifestSum;
  equal: boolean;
}

export type AnsweredLine = ManifestKey &
  ManifestComparison & {
    /** Hash of the one thing that would explain the difference alone: theirs is `missing` here, ours is `surplus` there. */
    single?: { side: 'missing' | 'surplus'; hash: string };
    /** Of the parts that were posted, those that differ. */
    parts?: (ManifestComparison & { prefix: string })[];
  };

/** A thing by its name: `code` of a dossier, `id` of an event. */
export type NamedThing = (StateKey & { code: string }) | (EventKey & { id: string });

/** A thing that both sides have, on different lines. */
export type MovedThing = { code: string; theirs: StateKey; ours: StateKey } | { id: string; theirs: EventKey; ours: EventKey };

/** What to post for a line that still differs: names, or counts by the first digits of the hash. */
export type ManifestWish = ManifestKey & {
  by: 'codes' | 'ids' | 'parts';
  /** Parts that are meant; the whole line where absent. */
  prefixes?: string[];
  /** With `parts`: how many hex digits the prefixes are to have. */
  digits?: number;
};

/** Answer to a manifest. */
export interface ManifestAnswer {
  source: string;
  day: string;
  /** UTC. */
  asOf: string;
  /** When it was compared, UTC. */
  at: string;
  equal: boolean;
  message: { en: string; vi: string };
  /** Every line posted, and every line that only we have. */
  lines: AnsweredLine[];
  /** The source has it, we do not. */
  missing: NamedThing[];
  /** We have it from this source, the source does not list it. */
  surplus: NamedThing[];
  /** Both have the dossier, in another state or unit. */
  otherState: Extract<MovedThing, { code: string }>[];
  /** Both have the event, under another unit, type or day. */
  otherLine: Extract<MovedThing, { id: string }>[];
  /** Names that had no room in this answer. */
  unnamed: number;
  /** What to post next, with everything else as before; null where all is equal or named. */
  next: ManifestWish[] | null;
}

/** A kept answer: `GET /v1/manifests?source=&day=`. */
export interface ManifestReceipt {
  source: string;
  day: string;
  asOf: string;
  at: string;
  /** Name of the producer key. */
  producer: string;
  /** Units that it was narrowed to; empty: all of the key. */
  units: string[];
  equal: boolean;
  dossiers: { theirs: number; ours: number };
  events: { theirs: number; ours: number };
  linesDifferent: number;
}
