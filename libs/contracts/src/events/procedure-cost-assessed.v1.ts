import { IsInt, Max, Min } from 'class-validator';

/** Compliance cost of a procedure (chi phí tuân thủ) before and after its reform, per dossier (goal 1). */
export class ProcedureCostAssessedV1 {
  /** Whole đồng. */
  @IsInt()
  @Min(0)
  @Max(1_000_000_000_000)
  before: number;

  /** Whole đồng. */
  @IsInt()
  @Min(0)
  @Max(1_000_000_000_000)
  after: number;
}
