import type { WorkDossierKind } from '@par/contracts';
import { type ProcessStep } from './process-definition.ts';
import { type ProcessVersion } from './process-version.ts';

/** A version of a process, as it is shown. */
export interface ProcessFacts {
  id: string;
  version: number;
  name: string;
  /** Local date from which on it is in force for what it is for. */
  validFrom: string;
  procedures: readonly string[];
  units: readonly string[];
  kinds: readonly WorkDossierKind[];
  /** Whether a work dossier that names no process may come to follow it. */
  isAssigned: boolean;
  isShipped: boolean;
  /** In the order of the file. */
  steps: ProcessStep[];
}

export function processFacts({ id, version, definition, validFrom, procedures, units, kinds, isShipped }: ProcessVersion): ProcessFacts {
  const isAssigned = procedures.length + units.length + kinds.length > 0;
  return {
    id,
    version,
    name: definition.name,
    validFrom,
    procedures,
    units,
    kinds,
    isAssigned,
    isShipped,
    steps: [...definition.steps.values()],
  };
}
