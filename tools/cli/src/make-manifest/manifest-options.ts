import type { Door } from '@par/contracts';
import type { TableFormat } from '../read-table/table.ts';

export const MANIFEST_DOORS = ['dossier-intake', 'edocument-workflow'] as const satisfies readonly Door[];

export interface ManifestOptions {
  file: string;
  mapping: string;
  format?: TableFormat;
  sheet?: string;
  asOf?: string;
  day?: string;
  unit?: string[];
  door: Door;
  /** Address of the door; true for the one of the running city. */
  post?: string | true;
  key?: string;
  json?: boolean;
}
