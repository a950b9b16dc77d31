import { Correction } from './correction.ts';

/**
 * Takes back an earlier event of the same subject by its identity; the right version, if any, is posted as an event of its own.
 * Nothing is edited in place, and order does not matter: a correction may arrive before what it corrects.
 */
export class WorkDossierCorrectedV1 extends Correction {}
