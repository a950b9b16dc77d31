import { Correction } from './correction.ts';

/** Takes back an earlier event about a declared record (inspection, function review, survey, assessment) by its identity; `subject` is that event's subject. Order does not matter. */
export class DeclarationCorrectedV1 extends Correction {}
