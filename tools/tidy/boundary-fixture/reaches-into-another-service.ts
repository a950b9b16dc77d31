// Deliberately wrong, and never run: `check-boundaries.mjs` lints it as if it stood in services/reporting and fails unless it is refused.
import { loadPlans } from '../../index-scoring/src/plan.ts';
import { startInfrastructure } from '@par/infrastructure';

export const wrong = [loadPlans, startInfrastructure];
