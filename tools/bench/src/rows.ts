import { consumers } from './consumers/consumers.ts';
import { scoringDrain } from './drain/scoring-drain.ts';
import { fullPath } from './full-path/full-path.ts';
import { latency } from './latency/latency.ts';
import { million } from './million/million.ts';
import { rebuild } from './million/rebuild.ts';
import type { Row } from './row.ts';
import { startUp } from './start-up/start-up.ts';
import { workDossiers } from './work-dossiers/work-dossiers.ts';

/** Every row, in the order in which they are run and printed. */
export const ROWS: readonly Row[] = [fullPath, latency, scoringDrain, consumers, rebuild, million, workDossiers, startUp];
