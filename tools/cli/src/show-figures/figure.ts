/** A figure as `GET /v1/figures` of index-scoring gives it. */
export interface Figure {
  id: string;
  indicator: string;
  unit: string;
  unitName: string;
  unitNameEn: string;
  period: string;
  rule: string;
  ruleVersion: number | string;
  numerator: number;
  denominator: number;
  /** Percent, not rounded; null where there is no denominator. */
  value: number | null;
  target: { op: '>=' | '>' | '='; value: number } | null;
  state: 'no-data' | 'met' | 'not-met' | 'monitor';
  cutOff: string;
  lastEvent: { source: string; id: string; time: string } | null;
  freshness: { lastCountedAt: string | null; seconds: number | null };
  total?: boolean;
}
