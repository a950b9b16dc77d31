import 'reflect-metadata';
import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, Max, Min, ValidateNested } from 'class-validator';

/** Code of a procedure (mã TTHC) such as `1.005129`: a string, its zeros matter. */
export const PROCEDURE_CODE = /^[0-9A-Za-z][0-9A-Za-z.-]{0,31}$/;

/** `1-4`: Decree 43/2011 art. 3.4. `2022`: một phần, toàn trình (Decree 42/2022 art. 11); not a one-to-one mapping, so the scheme is stored. */
export const LEVEL_SCHEMES = ['1-4', '2022'] as const;
export type LevelScheme = (typeof LEVEL_SCHEMES)[number];

/** In scheme `1-4` the level; in scheme `2022` 1 information, 2 một phần, 3 toàn trình. */
export class OnlineLevel {
  @IsIn(LEVEL_SCHEMES)
  scheme: LevelScheme;

  @IsInt()
  @Min(1)
  @Max(4)
  level: number;
}

export const TERM_UNITS = ['working-day', 'working-hour'] as const;
export type TermUnit = (typeof TERM_UNITS)[number];

/** Time limit of a procedure. A working day is eight working hours. */
export class Term {
  @IsInt()
  @Min(1)
  @Max(2_000)
  amount: number;

  @IsIn(TERM_UNITS)
  unit: TermUnit;
}

/** A procedure (TTHC) is published: `subject` is its code, `unit` the authority that offers it, in force from the event's `time`. */
export class ProcedurePublishedV1 {
  @ValidateNested()
  @Type(() => OnlineLevel)
  level: OnlineLevel;

  /** Time limit for settling a dossier of it. Absent: not known. */
  @IsOptional()
  @ValidateNested()
  @Type(() => Term)
  term?: Term;

  /** Whether there is a fee or charge. Absent: not known. */
  @IsOptional()
  @IsBoolean()
  fee?: boolean;
}
