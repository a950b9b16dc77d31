/** What people declare by a template, in the order of the goals that it feeds. Apart, so that the command line knows them before anything is loaded. */
export const KIND_NAMES = [
  'staff-standards',
  'procedures',
  'surveys',
  'function-reviews',
  'paper-work',
  'secret-counts',
  'tslcd-connections',
  'inspections',
  'assessments',
  'rankings',
] as const;
export type KindName = (typeof KIND_NAMES)[number];
