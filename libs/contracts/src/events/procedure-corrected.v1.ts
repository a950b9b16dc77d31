import { Correction } from './correction.ts';

/** Takes back an earlier event about a procedure by its identity; `subject` is that event's subject. Order does not matter. */
export class ProcedureCorrectedV1 extends Correction {}
