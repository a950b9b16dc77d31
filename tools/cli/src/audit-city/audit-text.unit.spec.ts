import { describe, expect, it } from '@jest/globals';
import { auditText, type AuditResult } from './audit-text.ts';
import type { ServiceBalance } from '@par/contracts';
import type { FlowLine } from '../balance-sheet.ts';

const line = (unit: string, counted: number): FlowLine => ({
  reader: 'index-scoring',
  origin: 'dossier-intake',
  type: 'vn.par.dossier.received.v1',
  unit,
  day: '2021-03-01',
  sent: 3,
  counted,
  retrying: 0,
  dead: 0,
  inFlight: Math.max(0, 3 - counted),
  healed: 0,
  surplus: 0,
  equal: counted === 3,
});

function result(flows: FlowLine[], change: Partial<AuditResult> = {}): AuditResult {
  const balanced = flows.every((flow) => flow.equal);
  return {
    ok: balanced,
    figures: { ok: true, recountedSubjects: 10, figures: 4, differences: [] },
    reading: {
      balances: [],
      sheet: { flows, doors: [], passages: [], balanced },
      inFlight: { unsent: 0, queued: 0, retrying: 0, missing: 0 },
    },
    named: [],
    all: false,
    ...change,
  };
}

describe('auditText', () => {
  it('ends with one line that says whether all is equal', () => {
    expect(
      auditText(result([line('hue-a', 3)]), 'en')
        .split('\n')
        .at(-1),
    ).toBe('balanced');
    expect(
      auditText(result([line('hue-a', 3)]), 'vi')
        .split('\n')
        .at(-1),
    ).toBe('cân bằng');
    expect(
      auditText(result([line('hue-a', 2)]), 'en')
        .split('\n')
        .at(-1),
    ).toBe('NOT BALANCED');
  });

  it('names the figures that differ', () => {
    const fraction = (numerator: number): { numerator: number; denominator: number } => ({ numerator, denominator: 5 });
    const differences = [{ figure: 'G1-ONTIME:hue-a:2021', counter: fraction(4), ledger: fraction(4), recount: fraction(3) }];
    const text = auditText(result([], { ok: false, figures: { ok: false, recountedSubjects: 1, figures: 1, differences } }), 'en');
    expect(text).toContain('G1-ONTIME:hue-a:2021: counter 4/5, ledger 4/5, recount 3/5');
  });

  it('names the events that differ', () => {
    const broken = line('hue-a', 2);
    const named = [{ line: broken, notCounted: [{ source: 'urn:one-stop', id: 'D-1/received' }], neverSent: [] }];
    const text = auditText(result([broken], { named }), 'en');
    expect(text).toContain('3 ≠ 2 + 0 + 0');
    expect(text).toContain('urn:one-stop  D-1/received');
  });

  it('shows what was healed, what is surplus, by name, and what is being asked about', () => {
    const key = { origin: 'dossier-intake', type: 'vn.par.dossier.received.v1', unit: 'hue-a', day: '2021-03-01' };
    const reconciliation = {
      differences: [{ ...key, sent: 9, counted: 7, since: '2021-03-01T02:00:00.000Z', rounds: 4 }],
      healed: [{ ...key, count: 5 }],
      surplus: [{ ...key, count: 1, identities: [{ source: 'urn:stranger', id: 'X-1' }] }],
    };
    const base = result([{ ...line('hue-a', 3), healed: 5, surplus: 1 }]);
    const balances = [{ service: 'index-scoring', deadLetters: [], reconciliation }] as unknown as ServiceBalance[];
    const asked: AuditResult = { ...base, reading: { ...base.reading, balances } };
    const english = auditText(asked, 'en');
    expect(english).toMatch(/healed +surplus/);
    expect(english).toContain('index-scoring asks dossier-intake');
    expect(english).toContain('urn:stranger  X-1');
    expect(auditText(asked, 'vi')).toMatch(/đã bù +thừa[\s\S]*đã hỏi 4 lần[\s\S]*dossier-intake không biết/);
  });

  it('shows of many lines those that differ, and all when asked', () => {
    const flows = Array.from({ length: 100 }, (_unused, n) => line(`hue-${n}`, n === 50 ? 2 : 3));
    const text = auditText(result(flows), 'en');
    expect(text).toContain('hue-50 ');
    expect(text).not.toContain('hue-51');
    expect(text).toContain('99 more lines');
    expect(auditText(result(flows, { all: true }), 'en')).toContain('hue-51');
  });
});
