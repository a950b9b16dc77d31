import { type AnyEvent, type CloudEvent, type UnitOpenedV1 } from '@par/contracts';

/** An event about the organisation. */
export type UnitEvent = Extract<AnyEvent, { type: `vn.par.unit.${string}` }>;

/** Something in the organisation's events that cannot be right. Nothing stops for it; an administrator should see it. */
export interface OrganisationFinding {
  code:
    | 'unit.opened-twice'
    | 'unit.ended-twice'
    | 'unit.ended-before-opening'
    | 'unit.renamed-out-of-force'
    | 'unit.not-opened'
    | 'unit.parent-unknown'
    | 'unit.parent-cycle'
    | 'unit.root-is-no-city'
    | 'unit.time-zone-unknown'
    | 'unit.code-shared';
  unit: string;
  /** What else it is about: the identity that was left out, the missing parent, the other unit. */
  about?: string;
}

export interface UnitName {
  /** First day of the name, `YYYY-MM-DD`. */
  from: string;
  name: string;
  nameEn?: string;
}

/** What the events of one unit say about it alone, before it is placed under its city. */
export interface UnitHistory {
  id: string;
  opened: UnitOpenedV1;
  /** First day NOT in force. */
  validTo?: string;
  names: UnitName[];
  successors: string[];
}

type Renamed = CloudEvent<'vn.par.unit.renamed.v1'>;
type Ended = CloudEvent<'vn.par.unit.merged.v1'> | CloudEvent<'vn.par.unit.split.v1'> | CloudEvent<'vn.par.unit.closed.v1'>;

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const identityOf = (event: UnitEvent) => `${event.source}#${event.id}`;
const byIdentity = (a: UnitEvent, b: UnitEvent) => compare(a.source, b.source) || compare(a.id, b.id);

/**
 * Folds a set of unit events into the history of each unit that was opened. The result depends on the set only: the order in which
 * events come and how often each comes do not matter. Where events contradict each other the smallest identity holds.
 */
export function unitHistories(events: Iterable<UnitEvent>): { histories: UnitHistory[]; findings: OrganisationFinding[] } {
  const bySubject = new Map<string, UnitEvent[]>();
  for (const event of distinct(events)) {
    const others = bySubject.get(event.subject);
    if (others) others.push(event);
    else bySubject.set(event.subject, [event]);
  }
  const findings: OrganisationFinding[] = [];
  const histories = [...bySubject.keys()].sort(compare).flatMap((id) => historyOf(id, bySubject.get(id) ?? [], findings) ?? []);
  return { histories, findings };
}

/** One event per identity. The front door refuses other content under a known identity, so the second comparison is a mere tie-break. */
function distinct(events: Iterable<UnitEvent>): UnitEvent[] {
  const byKey = new Map<string, UnitEvent>();
  for (const event of events) {
    const key = `${event.source}\0${event.id}`;
    const other = byKey.get(key);
    if (!other || (other !== event && compare(JSON.stringify(event), JSON.stringify(other)) < 0)) byKey.set(key, event);
  }
  return [...byKey.values()].sort(byIdentity);
}

/** `events` are those of one subject, sorted by identity. */
function historyOf(id: string, events: readonly UnitEvent[], findings: OrganisationFinding[]): UnitHistory | undefined {
  let opened: UnitOpenedV1 | undefined;
  const renames: Renamed[] = [];
  const endings: Ended[] = [];
  for (const event of events) {
    switch (event.type) {
      case 'vn.par.unit.opened.v1':
        if (!opened) opened = event.data;
        else if (!sameOpening(opened, event.data)) findings.push({ code: 'unit.opened-twice', unit: id, about: identityOf(event) });
        break;
      case 'vn.par.unit.renamed.v1':
        renames.push(event);
        break;
      case 'vn.par.unit.merged.v1':
      case 'vn.par.unit.split.v1':
      case 'vn.par.unit.closed.v1':
        endings.push(event);
        break;
    }
  }
  if (!opened) {
    findings.push({ code: 'unit.not-opened', unit: id });
    return undefined;
  }
  const ending = firstEnding(id, endings, findings);
  const validTo = ending?.data.from;
  if (validTo !== undefined && validTo <= opened.validFrom) findings.push({ code: 'unit.ended-before-opening', unit: id });
  return {
    id,
    opened,
    ...(validTo !== undefined && { validTo }),
    names: namesOf(id, opened, renames, validTo, findings),
    successors: successorsOf(ending),
  };
}

function sameOpening(a: UnitOpenedV1, b: UnitOpenedV1): boolean {
  const fields = ['name', 'nameEn', 'kind', 'parent', 'code', 'organ', 'validFrom', 'agency', 'timeZone', 'dossierCodes'] as const;
  return fields.every((field) => a[field] === b[field]);
}

/** A unit that has gone out of force cannot do so again: the first day holds, then the smallest identity (`endings` come sorted by it). */
function firstEnding(id: string, endings: readonly Ended[], findings: OrganisationFinding[]): Ended | undefined {
  const [first, ...others] = [...endings].sort((a, b) => compare(a.data.from, b.data.from));
  for (const other of others) {
    const same = first && first.data.from === other.data.from && String(successorsOf(first)) === String(successorsOf(other));
    if (!same) findings.push({ code: 'unit.ended-twice', unit: id, about: identityOf(other) });
  }
  return first;
}

function successorsOf(ending: Ended | undefined): string[] {
  switch (ending?.type) {
    case 'vn.par.unit.merged.v1':
      return [ending.data.into];
    case 'vn.par.unit.split.v1':
      return [...ending.data.into].sort(compare);
    case 'vn.par.unit.closed.v1':
    case undefined:
      return [];
  }
}

function namesOf(
  id: string,
  opened: UnitOpenedV1,
  renames: readonly Renamed[],
  validTo: string | undefined,
  findings: OrganisationFinding[],
): UnitName[] {
  const entry = (from: string, { name, nameEn }: { name: string; nameEn?: string }): UnitName => ({
    from,
    name,
    ...(nameEn && { nameEn }),
  });
  const byDay = new Map([[opened.validFrom, entry(opened.validFrom, opened)]]);
  // From the largest identity to the smallest, so that of two names for one day the smallest identity is written last and holds.
  for (const event of [...renames].sort((a, b) => byIdentity(b, a))) {
    const { from } = event.data;
    if (from < opened.validFrom || (validTo !== undefined && from >= validTo)) {
      findings.push({ code: 'unit.renamed-out-of-force', unit: id, about: identityOf(event) });
    } else byDay.set(from, entry(from, event.data));
  }
  return [...byDay.values()].sort((a, b) => compare(a.from, b.from));
}
