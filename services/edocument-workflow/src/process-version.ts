import { type WorkDossierKind } from '@par/contracts';
import { type ProcessDefinition } from './process-definition.ts';
import { ProcessNet } from './process-net.ts';

/** What a version of a process is for. A list that is empty asks for nothing; with all three empty it is for what names it and nothing else. */
export interface Assignment {
  /** Local date `YYYY-MM-DD` from which on it is in force. */
  validFrom: string;
  procedures: readonly string[];
  /** Units that lead the work dossier. */
  units: readonly string[];
  kinds: readonly WorkDossierKind[];
}

/** A version of a process, ready to be followed. Immutable. */
export interface ProcessVersion extends Assignment {
  id: string;
  /** 1, 2, 3 … per process. */
  version: number;
  /** Whether it came with the product. */
  isShipped: boolean;
  /** SHA-256 of the file and of what it is for. */
  contentHash: string;
  definition: ProcessDefinition;
  /** Made once: it remembers the moves that it found. */
  net: ProcessNet;
  /** Whether any of its steps wants a digital signature. */
  isSignatureDue: boolean;
}

export function processVersion(
  about: Omit<ProcessVersion, 'definition' | 'net' | 'isSignatureDue' | 'id'>,
  definition: ProcessDefinition,
): ProcessVersion {
  const isSignatureDue = [...definition.steps.values()].some(({ signature }) => signature);
  return { ...about, id: definition.id, definition, net: new ProcessNet(definition), isSignatureDue };
}

/** What a process is chosen by. */
export interface ProcessWish {
  /** Local date on which the work dossier was opened. */
  openedOn: string;
  /** The process that its opening names. */
  process?: string;
  procedure?: string;
  unit?: string;
  kind?: WorkDossierKind;
}

/**
 * The process that a work dossier follows: the one that its opening names, else of those in force for it the most specific: unit and procedure, then procedure, unit, kind;
 * where they tie the one in force later, then by id. Of each process the version counts that was in force on the day of the opening; a name that nothing in force bears
 * gives none. A pure function of the versions and the wish.
 */
export function chooseProcess(versions: Iterable<ProcessVersion>, wish: ProcessWish): ProcessVersion | undefined {
  const inForce = new Map<string, ProcessVersion>();
  for (const version of versions) {
    if (version.validFrom > wish.openedOn) continue;
    const other = inForce.get(version.id);
    if (!other || isLater(version, other)) inForce.set(version.id, version);
  }
  if (wish.process !== undefined) return inForce.get(wish.process);
  return [...inForce.values()].filter((version) => isFor(version, wish)).sort(byPrecedence)[0];
}

function isLater(a: ProcessVersion, b: ProcessVersion): boolean {
  return a.validFrom === b.validFrom ? a.version > b.version : a.validFrom > b.validFrom;
}

function isFor({ procedures, units, kinds }: Assignment, { procedure, unit, kind }: ProcessWish): boolean {
  if (procedures.length + units.length + kinds.length === 0) return false;
  return asks(procedures, procedure) && asks(units, unit) && asks(kinds, kind);
}

function asks<T>(list: readonly T[], value: T | undefined): boolean {
  return list.length === 0 || (value !== undefined && list.includes(value));
}

function byPrecedence(a: ProcessVersion, b: ProcessVersion): number {
  return specificity(b) - specificity(a) || order(b.validFrom, a.validFrom) || order(a.id, b.id);
}

function specificity({ procedures, units }: Assignment): number {
  return (procedures.length > 0 ? 2 : 0) + (units.length > 0 ? 1 : 0);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
