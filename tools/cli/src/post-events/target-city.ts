import type { RunningCity } from '../running-city.ts';
import type { TargetCity } from './lanes.ts';

/** Options of every command that posts: where to, and whether to wait for the figures. */
export interface TargetOptions {
  intake?: string;
  workflow?: string;
  scoring?: string;
  key?: string;
  batch: number;
  wait: boolean;
  waitLimit: number;
}

/** Options of a command that can go on from where an earlier run stopped. */
export interface ResumeOptions {
  /** False: from the first row, whatever the journal says. */
  resume: boolean;
  journal?: string;
}

/** The doors and the service that counts, by the options, the environment or the running city. */
export function targetCity(city: RunningCity, options: Pick<TargetOptions, 'intake' | 'workflow' | 'scoring' | 'key'>): TargetCity {
  const key = city.producerKey(options.key);
  const doors = {
    'dossier-intake': city.url('dossier-intake', options.intake),
    'edocument-workflow': city.url('edocument-workflow', options.workflow),
  };
  return { key, doors, services: { ...doors, 'index-scoring': city.url('index-scoring', options.scoring) } };
}
