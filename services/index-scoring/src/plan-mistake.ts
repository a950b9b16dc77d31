import { type Bilingual } from '@par/service-kit';

/** What can be wrong with a plan; stable, for machines. */
export type PlanFaultCode =
  | 'plan.bands'
  | 'plan.cyclic-score'
  | 'plan.dates'
  | 'plan.duplicate-id'
  | 'plan.id-is-not-the-name'
  | 'plan.maximum'
  | 'plan.misshapen'
  | 'plan.missing-key'
  | 'plan.no-plan'
  | 'plan.not-yaml'
  | 'plan.official-rule'
  | 'plan.open-indicator'
  | 'plan.score-part'
  | 'plan.target'
  | 'plan.unknown-event'
  | 'plan.unknown-goal'
  | 'plan.unknown-key'
  | 'plan.unknown-rule'
  | 'plan.unknown-unit-kind';

/** One thing wrong with a plan file. */
export interface PlanFault {
  file: string;
  /** From 1. */
  line: number;
  /** Path of keys, such as `indicators[2].target.value`; empty for the file as a whole. */
  key: string;
  code: PlanFaultCode;
  text: Bilingual;
}

/** Thrown with everything that is wrong with the plans at once, file by file in the order of the lines. */
export class PlanMistake extends Error {
  override readonly name = 'PlanMistake';

  constructor(readonly faults: readonly PlanFault[]) {
    super(
      `the plans are not valid / kế hoạch không hợp lệ\n${faults
        .map(({ file, line, key, code, text }) => `  ${file}:${line}  ${key || '(file)'}: ${text.en} / ${text.vi} [${code}]`)
        .join('\n')}`,
    );
  }
}
