import { Organisation, type UnitEvent } from '@par/administration';
import { DOOR_OF, type CloudEvent } from '@par/contracts';
import { canonicalJson } from '@par/ingress/content-hash';
import { judge } from '@par/ingress/judgement';
import { isMarkedSecret } from '@par/ingress/secrecy';
import { refusalText, REFUSALS } from '@par/ingress/refusal';
import { hash } from 'node:crypto';
import { instantOf } from '../import-log/time-text.ts';
import type { OutgoingEvent } from '../import-log/map-rows.ts';
import { isFault, type DeclarationKind, type DeclaredRow, type Draft } from './declaration-kind.ts';
import type { BadCell } from './read-declarations.ts';
import type { ShownUnit } from './unit-directory.ts';

/** An event with the line that it comes from. */
export interface DeclaredEvent {
  line: number;
  event: OutgoingEvent;
}

export interface MadeEvents {
  events: DeclaredEvent[];
  bad: BadCell[];
}

/**
 * Turns the rows of a declaration into events and judges each as the front door will, so that a row that would be refused is told before anything is
 * posted. Rows that belong together and of which one is bad give nothing.
 */
export function makeEvents(
  kind: DeclarationKind,
  rows: readonly DeclaredRow[],
  { units, source, now }: { units: readonly ShownUnit[]; source: string; now: Date },
): MadeEvents {
  const organisation = Organisation.fold(units.flatMap(unitEventsOf));
  const zones = new Map(units.map((unit) => [unit.id, unit.timeZone]));
  const made: MadeEvents = { events: [], bad: [] };
  const said = new Map<string, { id: string; line: number }>();
  for (const group of groupsOf(kind, rows)) {
    const line = group[0]!.line;
    const drafts = kind.drafts(group);
    if (isFault(drafts)) {
      const column = kind.columns.find((one) => one.key === drafts.column)?.title.vi ?? '';
      made.bad.push({ line: group.at(-1)!.line, column, text: drafts.text });
      continue;
    }
    const events = drafts.map((draft) => eventOf(draft, source, zones.get(draft.unit) ?? 'UTC'));
    const refused = events.flatMap((event, index) => {
      const twice = twiceOf(drafts[index]!, event, line, said);
      return twice ?? refusalOf(event, organisation, now, line) ?? [];
    });
    if (refused.length > 0) made.bad.push(...refused);
    else made.events.push(...events.map((event) => ({ line, event })));
  }
  return made;
}

function groupsOf(kind: DeclarationKind, rows: readonly DeclaredRow[]): DeclaredRow[][] {
  const groups = new Map<string, DeclaredRow[]>();
  for (const row of rows) {
    const key = kind.together ? kind.together(row.values) : String(row.line);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()];
}

/**
 * The identity is made of the declaration itself: declared again it is a duplicate, declared with another content it is another event. The noun and the
 * subject stand in front for people who read it.
 */
function eventOf({ type, subject, unit, at, about, data }: Draft, source: string, timeZone: string): OutgoingEvent {
  const time = instantOf(at, 'iso', timeZone) ?? at;
  const content = hash('sha256', canonicalJson([type, subject, unit, time, data])).slice(0, 16);
  const noun = type.split('.').slice(2, 4).join('.');
  return { specversion: '1.0', source, id: `${noun}/${subject}/${about}/${content}`, type, subject, time, unit, data };
}

/** Two rows that say different things of one matter at one time: nobody could tell which of them holds. */
function twiceOf(
  { about }: Draft,
  { type, subject, time, id }: OutgoingEvent,
  line: number,
  said: Map<string, { id: string; line: number }>,
): BadCell | undefined {
  const matter = [type, subject, about, time].join('\n');
  const before = said.get(matter);
  if (!before) said.set(matter, { id, line });
  if (!before || before.id === id) return undefined;
  return {
    line,
    column: '',
    text: {
      en: `says otherwise than row ${before.line} of the same matter and time; give a later day or hour, or another record`,
      vi: `khác với dòng ${before.line} về cùng một việc và thời điểm; hãy ghi ngày, giờ muộn hơn hoặc số văn bản khác`,
    },
  };
}

function refusalOf(event: OutgoingEvent, organisation: Organisation, now: Date, line: number): BadCell | undefined {
  // Nothing of a text with a mark of secrecy is repeated.
  if (isMarkedSecret(event)) return { line, column: '', text: REFUSALS['secrecy.marked'] };
  const judgement = judge(event, {
    door: DOOR_OF[event.type]!,
    producer: { name: 'par declare', sources: ['*'], units: ['*'], declares: true },
    organisation,
    now,
    network: 'internet',
    opened: new Map(),
  });
  return judgement.kind === 'refused' ? { line, column: judgement.refusal.field ?? '', text: refusalText(judgement.refusal) } : undefined;
}

/** The organisation as far as `GET /v1/units` shows it: enough to judge who was in force when. */
function unitEventsOf(unit: ShownUnit): UnitEvent[] {
  const event = (type: string, data: object): UnitEvent =>
    ({ ...stamp(unit), id: `${type}/${unit.id}`, type: `vn.par.unit.${type}.v1`, data }) as unknown as UnitEvent;
  const { kind, name, agency, validFrom, validTo, code, parent, timeZone } = unit;
  const opened = event('opened', {
    ...{ kind, name, agency, validFrom },
    ...(code !== null && { code }),
    ...(parent === null ? { timeZone } : { parent }),
  });
  return validTo === null ? [opened] : [opened, event('closed', { from: validTo })];
}

function stamp(unit: ShownUnit): Partial<CloudEvent> {
  const time = `${unit.validFrom}T00:00:00.000Z`;
  return { specversion: '1.0', source: 'urn:par:units', subject: unit.id, unit: unit.id, time, received: time };
}
