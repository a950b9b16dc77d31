import { IsIn, IsOptional, Matches } from 'class-validator';
import { UNIT_ID } from './unit-opened.v1.ts';

/** `unit`: to a unit of the city (its id in `unit`). `authority`: to a body outside the city's authority, such as tax or the province. */
export const TRANSFER_TARGETS = ['unit', 'authority'] as const;
export type TransferTarget = (typeof TRANSFER_TARGETS)[number];

/** Chuyển hồ sơ (Decree 61/2018 art. 18): who holds it changes, who is responsible for it does not. */
export class DossierTransferredV1 {
  @IsIn(TRANSFER_TARGETS)
  to: TransferTarget;

  /** Internal id of the receiving unit; absent where it goes to another authority. */
  @IsOptional()
  @Matches(UNIT_ID)
  unit?: string;
}
