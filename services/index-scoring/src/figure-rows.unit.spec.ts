import { describe, expect, it } from '@jest/globals';
import { hueOrganisation, Organisation, type UnitEvent } from '@par/administration';
import { loadPlans } from './plan.ts';
import { isKnownRule } from './rules.ts';
import { figureRows, type LeafFigure } from './figure-rows.ts';

const plan = loadPlans(['hue-2021'], isKnownRule);
const organisation = Organisation.fold(
  hueOrganisation().map((event) => ({ ...event, received: '2021-01-01T00:00:00.000Z' })) as UnitEvent[],
);
const now = new Date('2021-08-01T00:00:00.000Z');
const leaf = (unit: string, numerator: number, denominator: number, more: Partial<LeafFigure> = {}): LeafFigure => ({
  indicator: 'G6-WORK-WARD',
  rule: 'every-step-on-network',
  unit,
  numerator,
  denominator,
  lastEvent: { source: 's', id: unit, time: '2021-07-05T00:00:00.000Z' },
  countedAt: '2021-07-31T23:59:00.000Z',
  ...more,
});

describe('figures laid out per unit and total', () => {
  const leaves = [leaf('hue-19771-phu-cat', 1, 3), leaf('hue-19756-gia-hoi', 3, 3)];
  const rows = figureRows(plan, organisation, leaves, { indicator: 'G6-WORK-WARD', period: '2021' }, now);

  it('adds numerators and denominators for the city, dissolved units included; never a mean of percentages', () => {
    expect(rows.find(({ unit }) => unit === 'hue')).toMatchObject({
      numerator: 4,
      denominator: 6,
      value: (4 * 100) / 6,
      total: true,
      state: 'not-met',
    });
  });

  it('has a row without data for every ward of the period, before and after the merger', () => {
    const wards = rows.filter(({ total }) => !total);
    expect(wards).toHaveLength(27 + 15);
    expect(wards.find(({ unit }) => unit === 'hue-19744-phu-thuan')).toMatchObject({
      numerator: 0,
      denominator: 0,
      value: null,
      state: 'no-data',
    });
    expect(wards.every(({ unit }) => !unit.startsWith('hue-phong'))).toBe(true);
  });

  it('says rule, version, cut-off, last event and freshness', () => {
    expect(rows.find(({ unit }) => unit === 'hue-19756-gia-hoi')).toMatchObject({
      id: 'G6-WORK-WARD.every-step-on-network.hue-19756-gia-hoi.2021',
      ruleVersion: 2,
      cutOff: now.toISOString(),
      lastEvent: { id: 'hue-19756-gia-hoi' },
      freshness: { lastCountedAt: '2021-07-31T23:59:00.000Z', seconds: 60 },
    });
  });

  it('shows a provincial body beside the city, in no total', () => {
    const land = { id: 'hue-land', name: 'Chi nhánh Văn phòng đăng ký đất đai', kind: 'provincial-body' } as const;
    const opening = {
      source: 'urn:spec',
      id: land.id,
      type: 'vn.par.unit.opened.v1',
      subject: land.id,
      unit: land.id,
      time: '2021-01-01T00:00:00.000Z',
      received: '2021-01-01T00:00:00.000Z',
      data: { name: land.name, kind: land.kind, parent: 'hue', agency: false, validFrom: '2021-01-01' },
    } as unknown as UnitEvent;
    const city = hueOrganisation().map((event) => ({ ...event, received: '2021-01-01T00:00:00.000Z' })) as UnitEvent[];
    const onTime = (unit: string, numerator: number, denominator: number): LeafFigure =>
      leaf(unit, numerator, denominator, { indicator: 'G1-ONTIME', rule: 'ii-06a' });
    const shown = figureRows(
      plan,
      Organisation.fold([...city, opening]),
      [onTime(land.id, 11_817, 13_265), onTime('hue-phong-noi-vu', 17_265, 18_723)],
      { indicator: 'G1-ONTIME', period: '2021' },
      now,
    ).filter(({ rule }) => rule === 'ii-06a');
    expect(shown.find(({ unit }) => unit === 'hue')).toMatchObject({ numerator: 17_265, denominator: 18_723, total: true });
    expect(shown.find(({ unit }) => unit === land.id)).toMatchObject({
      numerator: 11_817,
      denominator: 13_265,
      beside: true,
      total: false,
    });
  });

  it('shows one unit when one is asked for', () => {
    expect(figureRows(plan, organisation, leaves, { indicator: 'G6-WORK-WARD', unit: 'hue', period: '2021' }, now)).toHaveLength(1);
  });
});
