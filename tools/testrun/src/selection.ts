/** What of the suites a call of `npm test -- <args>` runs. */
export interface Selection {
  /** Projects of jest.config.mjs that are asked for. */
  projects: Project[];
  /** Path patterns; none: everything. */
  patterns: string[];
  /** Everything else, handed to jest as it is. */
  options: string[];
  /** True where a name pattern (-t) leaves tests out on purpose. */
  byName: boolean;
}

export type Project = 'unit' | 'int' | 'e2e';
const PROJECTS: readonly Project[] = ['unit', 'int', 'e2e'];
const WITH_VALUE = new Set(['-t', '--testNamePattern', '--seed', '--testTimeout', '-w', '--maxWorkers', '--shard']);

/** Sorts the arguments; `--selectProjects unit libs/x` is understood, where jest itself would take the path for a project. */
export function parseSelection(args: readonly string[]): Selection {
  const selection: Selection = { projects: [], patterns: [], options: [], byName: false };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--selectProjects' || arg.startsWith('--selectProjects=')) {
      if (arg.includes('=')) selection.projects.push(...projectsIn([arg.slice(arg.indexOf('=') + 1)]));
      while (projectsIn([args[i + 1] ?? '']).length > 0) selection.projects.push(...projectsIn([args[++i]!]));
    } else if (arg.startsWith('-')) {
      selection.options.push(arg);
      if (WITH_VALUE.has(arg) && args[i + 1] !== undefined) selection.options.push(args[++i]!);
      if (/^(-t|--testNamePattern)/.test(arg)) selection.byName = true;
    } else {
      selection.patterns.push(arg);
    }
  }
  if (selection.projects.length === 0) selection.projects = [...PROJECTS];
  return selection;
}

function projectsIn(words: readonly string[]): Project[] {
  return PROJECTS.filter((project) => words.includes(project));
}

/** The spec files that a selection takes from a project; patterns are regular expressions over the path, as in jest. */
export function specsOf(project: Project, files: readonly string[], selection: Selection): string[] {
  if (!selection.projects.includes(project)) return [];
  const patterns = selection.patterns.map((pattern) => new RegExp(pattern.replace(/^\.\//, ''), 'i'));
  return files.filter(
    (file) => file.endsWith(`.${project}.spec.ts`) && (patterns.length === 0 || patterns.some((each) => each.test(file))),
  );
}
