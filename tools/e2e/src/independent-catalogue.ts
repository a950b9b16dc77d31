import { type EventData, type LevelScheme } from '@par/contracts';
import { hoursOf, type IndependentTerm } from './independent-calendar.ts';
import { bySubject, is, ofType, standing, type Told } from './independent-events.ts';

type Level = EventData['vn.par.procedure.level-changed.v1']['level'];

/** A procedure as its standing events tell it. Spans and changes are in the order of time. */
export interface IndependentProcedure {
  code: string;
  unit: string;
  from: number;
  to?: number;
  levels: { at: number; level: Level }[];
  terms: { at: number; term: IndependentTerm }[];
  /** Cuts, and whether each made the term shorter (a cut of a term that was not known counts). */
  cuts: { at: number; shorter: boolean }[];
  iso: { at: number; issued: boolean }[];
}

export function readProcedures(events: readonly Told[]): IndependentProcedure[] {
  const ofCatalogue = events.filter(({ type }) => type.startsWith('vn.par.procedure.'));
  return [...bySubject(ofCatalogue).values()].flatMap((all) => {
    const told = standing(all, 'vn.par.procedure.corrected.v1');
    const published = ofType(told, 'vn.par.procedure.published.v1')[0];
    return published ? [readProcedure(published, told)] : [];
  });
}

function readProcedure(published: Told<'vn.par.procedure.published.v1'>, told: readonly Told[]): IndependentProcedure {
  const abolished = ofType(told, 'vn.par.procedure.abolished.v1')[0];
  const procedure: IndependentProcedure = {
    code: published.subject,
    unit: published.unit,
    from: published.at,
    ...(abolished ? { to: abolished.at } : {}),
    levels: [{ at: published.at, level: published.data.level }],
    terms: published.data.term ? [{ at: published.at, term: published.data.term }] : [],
    cuts: [],
    iso: [],
  };
  for (const event of told) {
    if (is(event, 'vn.par.procedure.level-changed.v1')) procedure.levels.push({ at: event.at, level: event.data.level });
    else if (is(event, 'vn.par.procedure.term-cut.v1')) {
      const before = procedure.terms.at(-1)?.term;
      procedure.cuts.push({ at: event.at, shorter: before === undefined || hoursOf(event.data.term) < hoursOf(before) });
      procedure.terms.push({ at: event.at, term: event.data.term });
    } else if (is(event, 'vn.par.procedure.iso-issued.v1')) procedure.iso.push({ at: event.at, issued: true });
    else if (is(event, 'vn.par.procedure.iso-withdrawn.v1')) procedure.iso.push({ at: event.at, issued: false });
  }
  return procedure;
}

export function isProcedureInForce({ from, to }: IndependentProcedure, at: number): boolean {
  return from <= at && (to === undefined || at < to);
}

export function termAt(procedure: IndependentProcedure | undefined, at: number): IndependentTerm | undefined {
  if (!procedure || !isProcedureInForce(procedure, at)) return undefined;
  return procedure.terms.filter((each) => each.at <= at).at(-1)?.term;
}

/** The level on the scale of 2011; of the scheme of 2022 "một phần" is 3 and "toàn trình" 4. */
export function levelAt(procedure: IndependentProcedure | undefined, at: number): number | undefined {
  if (!procedure || !isProcedureInForce(procedure, at)) return undefined;
  const level = procedure.levels.filter((each) => each.at <= at).at(-1)?.level;
  return level && onScaleOf2011(level.scheme, level.level);
}

function onScaleOf2011(scheme: LevelScheme, level: number): number {
  return scheme === '2022' ? level + 1 : level;
}

export function hasIsoAt({ iso }: IndependentProcedure, at: number): boolean {
  return iso.filter((each) => each.at <= at).at(-1)?.issued ?? false;
}

export function wasCutBetween({ cuts }: IndependentProcedure, from: number, to: number): boolean {
  return cuts.some((cut) => cut.shorter && from <= cut.at && cut.at <= to);
}
