import { type EventType, type ProducerEvent, type UnitKind } from '@par/contracts';
import { endOf, startOf } from './independent-calendar.ts';
import { type IndependentProcedure, readProcedures } from './independent-catalogue.ts';
import { conformanceShares } from './independent-conformance.ts';
import {
  completedAt,
  declaredPerMonth,
  networkShares,
  onlineShares,
  ratingShares,
  reviewShares,
  standingDeclarations,
  surveyShares,
  workShare,
} from './independent-counts.ts';
import { type IndependentDossier, readDossier } from './independent-dossier.ts';
import { bySubject, type Told, toldOnce } from './independent-events.ts';
import { onTimeShares, type Share } from './independent-on-time.ts';
import { IndependentOrganisation } from './independent-organisation.ts';
import { stateShares } from './independent-states.ts';

/**
 * A second calculation of every figure from the posted events, written from the rules in words and sharing no code with the product: per dossier filter,
 * sort, loop. It is slow and obvious on purpose. An indicator that has one rule has it under the name `*`.
 */

export interface IndependentRow {
  indicator: string;
  rule: string;
  /** A leaf unit, or a city with the total of all that is its own. */
  unit: string;
  numerator: number;
  denominator: number;
  beside: boolean;
  /** State secrets declared for the year; told on the rows of goal 6's work dossiers of a year only. */
  secretExcluded: number;
}

/** Indicators that a body of the province has rows in, beside the city's. */
const BESIDE = new Set(['G1-ONTIME', 'G1-LATE', 'G1-OVERDUE', 'G4-ONLINE']);
const CITY_WORK: readonly UnitKind[] = ['city', 'department', 'public-service-unit'];
const WARD_WORK: readonly UnitKind[] = ['ward', 'commune'];
const DECLARED = /^vn\.par\.(paper-work|secret-count|inspection|function-review|staff-standard|survey|assessment|ranking|declaration)\./;

export class IndependentFigures {
  readonly #organisation: IndependentOrganisation;
  readonly #events: Told[];
  readonly #declared: Told[];
  readonly #procedures: IndependentProcedure[];
  readonly #dossiers: IndependentDossier[];
  /** What counts in a month, for every rule. */
  readonly #shares: Share[];

  /** `isOnTslcd`: which messages came over the dedicated network; all where not said. */
  constructor(events: Iterable<ProducerEvent>, isOnTslcd: (event: Told) => boolean = () => true) {
    const all = [...events];
    this.#organisation = new IndependentOrganisation(all);
    this.#events = toldOnce(all, (unit, at) => this.#organisation.meant(unit, at));
    this.#declared = standingDeclarations(this.#events, (type: EventType) => DECLARED.test(type));
    this.#procedures = readProcedures(this.#events);
    const byCode = new Map(this.#procedures.map((procedure) => [procedure.code, procedure]));
    const procedureOf = (code: string): IndependentProcedure | undefined => byCode.get(code);

    const dossierEvents = bySubject(this.#events.filter(({ type }) => type.startsWith('vn.par.dossier.')));
    const workEvents = bySubject(this.#events.filter(({ type }) => type.startsWith('vn.par.work-dossier.')));
    this.#dossiers = [...dossierEvents].map(([code, ofDossier]) => readDossier(code, ofDossier, procedureOf));
    this.#shares = [
      ...this.#dossiers.flatMap((dossier) => {
        const work = workEvents.get(dossier.code) ?? [];
        return [
          ...onTimeShares(dossier, completedAt(work)),
          ...onlineShares(dossier, procedureOf),
          ...ratingShares(dossier),
          ...networkShares(dossier, [...(dossierEvents.get(dossier.code) ?? []), ...work], isOnTslcd),
        ];
      }),
      ...[...workEvents.values()].flatMap((ofWork) => [...this.#asWork(workShare(ofWork)), ...conformanceShares(ofWork)]),
      ...declaredPerMonth(this.#declared, 'vn.par.paper-work.declared.v1').flatMap(({ unit, month, count }) =>
        this.#asWork({ rule: '*', unit, month, numerator: 0, denominator: count }),
      ),
      ...surveyShares(this.#declared),
      ...reviewShares(this.#declared),
    ];
  }

  /** Every figure with a denominator: of each leaf unit, and of each city. `period` is a year `2021` or a month `2021-03`. */
  rows(period: string): IndependentRow[] {
    const at = endOf(period);
    const states = stateShares({
      organisation: this.#organisation,
      events: this.#events,
      declared: this.#declared,
      dossiers: this.#dossiers,
      procedures: this.#procedures,
      from: startOf(period),
      at,
      yearFrom: startOf(period.slice(0, 4)),
    });
    const counted = this.#shares.filter(({ month }) => month.startsWith(period));
    const rows = new Map<string, IndependentRow>();
    for (const { indicator, rule, unit, numerator, denominator } of [...states, ...counted]) {
      for (const shown of this.#shownAt(indicator, unit)) {
        const key = `${indicator} ${rule} ${shown}`;
        const row = rows.get(key) ?? this.#emptyRow(indicator, rule, shown, period);
        row.numerator += numerator;
        row.denominator += denominator;
        rows.set(key, row);
      }
    }
    return [...rows.values()].filter(({ denominator }) => denominator > 0);
  }

  /** A share shows at its own unit and in the total of the city; that of a provincial body at the body alone, if at all. */
  #shownAt(indicator: string, unit: string): string[] {
    if (this.#organisation.unit(unit).kind === 'provincial-body') return BESIDE.has(indicator) ? [unit] : [];
    return [...new Set([unit, this.#organisation.cityOf(unit)])];
  }

  #emptyRow(indicator: string, rule: string, unit: string, period: string): IndependentRow {
    return {
      indicator,
      rule,
      unit,
      numerator: 0,
      denominator: 0,
      beside: this.#organisation.unit(unit).kind === 'provincial-body',
      secretExcluded: indicator.startsWith('G6-WORK-') && period.length === 4 ? this.#secrets(indicator, unit, period) : 0,
    };
  }

  #secrets(indicator: string, unit: string, year: string): number {
    const kinds = indicator === 'G6-WORK-CITY' ? CITY_WORK : WARD_WORK;
    const isCity = this.#organisation.unit(unit).kind === 'city';
    return declaredPerMonth(this.#declared, 'vn.par.secret-count.declared.v1')
      .filter(({ month }) => month.startsWith(year))
      .filter((each) => kinds.includes(this.#organisation.unit(each.unit).kind))
      .filter((each) => (isCity ? this.#organisation.cityOf(each.unit) === unit : each.unit === unit))
      .reduce((sum, { count }) => sum + count, 0);
  }

  #asWork(share: Omit<Share, 'indicator'> | undefined): Share[] {
    if (!share) return [];
    const { kind } = this.#organisation.unit(share.unit);
    if (CITY_WORK.includes(kind)) return [{ ...share, indicator: 'G6-WORK-CITY' }];
    return WARD_WORK.includes(kind) ? [{ ...share, indicator: 'G6-WORK-WARD' }] : [];
  }
}
