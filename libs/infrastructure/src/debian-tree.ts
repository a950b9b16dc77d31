import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { InfrastructureError, type Progress } from './checkout.ts';
import { runCommand } from './command.ts';

/** Debian's package of a shared library that a slim machine may lack; the first that the release knows is taken. */
const LIBRARY_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'libtinfo.so.6': ['libtinfo6'],
  'libncurses.so.6': ['libncurses6'],
  'libcrypto.so.3': ['libssl3t64', 'libssl3'],
  'libssl.so.3': ['libssl3t64', 'libssl3'],
  'libsystemd.so.0': ['libsystemd0'],
  'libstdc++.so.6': ['libstdc++6'],
  'libz.so.1': ['zlib1g'],
  'libjemalloc.so.2': ['libjemalloc2'],
  'liblzf.so.1': ['liblzf1'],
  'libatomic.so.1': ['libatomic1'],
};

/** What to fetch as Debian packages, and how. */
export interface DebianTreeRecipe {
  /** Folder below the cache. */
  name: string;
  /** What people call it. */
  label: string;
  /** The package that is wanted. */
  root: string;
  /** Which of the packages that it needs, at any depth, come along; libraries that this machine lacks come by themselves. */
  along: RegExp;
  /** One of those without which the package sources are not enough. */
  must: string;
  /** Arguments of `find`, run in the tree, that name the programs whose shared libraries are looked at. */
  programs: readonly string[];
  /** Makes the unpacked tree fit to run where it lies. */
  finish?: (tree: string) => void;
}

export interface DebianTree {
  /** The unpacked tree: `usr/bin` and so on lie below it. */
  tree: string;
  /** For `LD_LIBRARY_PATH`: folders with shared libraries that this machine lacks; absent where it lacks none. */
  libraries?: string;
}

/** A tree that an earlier run fetched into the cache; undefined where there is none. */
export function cachedDebianTree(cache: string, name: string): DebianTree | undefined {
  const tree = join(cache, name);
  const record = join(tree, 'complete.json');
  if (!existsSync(record)) return undefined;
  const { libraries } = JSON.parse(readFileSync(record, 'utf8')) as { libraries: string[] };
  return { tree, ...(libraries.length > 0 && { libraries: libraries.map((folder) => join(tree, folder)).join(delimiter) }) };
}

/**
 * Downloads a program as Debian packages with apt's own signature checks, but with lists, cache and state in a folder of ours and
 * an empty list of installed packages, so that it needs no root and changes nothing on the machine; then unpacks them into `<cache>/<name>`.
 * The tree is made beside and renamed, so an interrupted fetch leaves no half cache.
 * @throws InfrastructureError where there is no apt, or the mirror does not answer.
 */
export async function fetchDebianTree(cache: string, recipe: DebianTreeRecipe, progress: Progress): Promise<DebianTree> {
  const { name, label } = recipe;
  const cached = cachedDebianTree(cache, name);
  if (cached) return cached;
  mkdirSync(cache, { recursive: true });
  const prefix = `${name}.partial-`;
  for (const other of readdirSync(cache)) {
    if (other.startsWith(prefix) && !isInUse(cache, other)) rmSync(join(cache, other), { recursive: true, force: true });
  }
  const scratch = mkdtempSync(join(cache, prefix));
  writeFileSync(join(scratch, 'owner'), String(process.pid));
  try {
    const apt = new PrivateApt(scratch, label, progress);
    await apt.update();
    const packages = await apt.closure(recipe);
    await apt.download(packages, label);
    const tree = join(scratch, 'tree');
    await apt.unpackInto(tree);
    recipe.finish?.(tree);
    const libraries = await apt.addMissingLibraries(tree, recipe.programs);
    writeFileSync(join(tree, 'complete.json'), JSON.stringify({ packages, libraries }, null, 2));
    const target = join(cache, name);
    // Another process may have been quicker; its tree is as good as ours.
    if (!cachedDebianTree(cache, name)) {
      rmSync(target, { recursive: true, force: true });
      renameSync(tree, target);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const fetched = cachedDebianTree(cache, name);
  if (!fetched) throw new InfrastructureError(`${label} was fetched into ${cache} but is not there`);
  return fetched;
}

function isInUse(cache: string, name: string): boolean {
  try {
    process.kill(Number(readFileSync(join(cache, name, 'owner'), 'utf8')), 0);
    return true;
  } catch {
    // No such process, or killed before it wrote its pid: a leftover.
    return false;
  }
}

class PrivateApt {
  private readonly archives: string;
  private readonly configuration: string;
  private readonly scratch: string;
  private readonly label: string;
  private readonly progress: Progress;
  private updateTrouble = '';

  constructor(scratch: string, label: string, progress: Progress) {
    this.scratch = scratch;
    this.label = label;
    this.progress = progress;
    this.archives = join(scratch, 'debs');
    this.configuration = join(scratch, 'apt.conf');
    for (const folder of ['lists/partial', 'archives/partial', 'debs']) mkdirSync(join(scratch, folder), { recursive: true });
    writeFileSync(join(scratch, 'status'), '');
    // The machine's sources and proxy settings hold; its hooks, which write to the system's own folders, do not.
    const hooks = [
      'APT::Update::Pre-Invoke',
      'APT::Update::Post-Invoke',
      'APT::Update::Post-Invoke-Success',
      'DPkg::Pre-Invoke',
      'DPkg::Post-Invoke',
    ];
    const settings: Record<string, string> = {
      'Dir::State': scratch,
      'Dir::State::lists': join(scratch, 'lists'),
      'Dir::State::status': join(scratch, 'status'),
      'Dir::Cache': scratch,
      'Dir::Cache::archives': join(scratch, 'archives'),
      'Dir::Log': scratch,
      'APT::Sandbox::User': 'root',
      'Acquire::Languages': 'none',
      'Acquire::Retries': '2',
      'Acquire::http::Timeout': '20',
      'Acquire::https::Timeout': '20',
    };
    const lines = [...hooks.map((hook) => `#clear ${hook};`), ...Object.entries(settings).map(([name, value]) => `${name} "${value}";`)];
    writeFileSync(this.configuration, `${lines.join('\n')}\n`);
  }

  async update(): Promise<void> {
    this.progress(`${this.label}: reading the package lists of the Debian mirror`);
    try {
      await this.run('apt-get', ['-q', 'update'], 180_000);
    } catch (error) {
      // One bad source among several must not stop us: whether the lists are enough shows when the package is looked up.
      this.updateTrouble = `\n${(error as Error).message}`;
    }
  }

  /** The wanted package and those that come along, whatever this machine has installed. */
  async closure({ root, along, must }: DebianTreeRecipe): Promise<string[]> {
    const without = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'].map((kind) => `--no-${kind}`);
    const output = await this.run('apt-cache', ['depends', '--recurse', ...without, root], 60_000);
    const needed = output.split('\n').filter((line) => along.test(line));
    if (!needed.includes(must))
      throw new InfrastructureError(`the package sources of this machine do not have ${root}${this.updateTrouble}`);
    return [root, ...new Set(needed)];
  }

  async download(packages: readonly string[], what: string): Promise<void> {
    let got = 0;
    await this.run('apt-get', ['-q', 'download', ...packages], 600_000, (line) => {
      if (line.startsWith('Get:') && (++got % 6 === 0 || got === packages.length))
        this.progress(`${what}: ${got} of ${packages.length} packages are here`);
    });
  }

  async unpackInto(tree: string): Promise<void> {
    this.progress(`${this.label}: unpacking`);
    mkdirSync(tree, { recursive: true });
    for (const name of readdirSync(this.archives)) {
      await this.run('dpkg', ['-x', join(this.archives, name), tree], 120_000);
      rmSync(join(this.archives, name));
    }
  }

  /** Fetches the shared libraries that the programs ask for and this machine lacks; returns the tree's folders they lie in. */
  async addMissingLibraries(tree: string, programs: readonly string[]): Promise<string[]> {
    const missing = await this.missingLibraries(tree, programs);
    if (missing.length === 0) return [];
    const packages: string[] = [];
    for (const library of missing) packages.push(await this.packageOf(library));
    await this.download([...new Set(packages)], `libraries for ${this.label}`);
    await this.unpackInto(tree);
    const folders = await runCommand('find', ['.', '-name', '*.so.*', '-path', './*lib/*-linux-*', '-printf', '%h\n'], { cwd: tree });
    return [...new Set(folders.output.split('\n').filter((line) => line.startsWith('./') && !line.includes('/erlang/')))];
  }

  private async missingLibraries(tree: string, wanted: readonly string[]): Promise<string[]> {
    const programs = await runCommand('find', wanted, { cwd: tree });
    const files = programs.output.split('\n').filter((line) => line !== '');
    const linked = await runCommand('ldd', files, { cwd: tree });
    return [...new Set([...linked.output.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1]!))];
  }

  private async packageOf(library: string): Promise<string> {
    for (const candidate of LIBRARY_PACKAGES[library] ?? []) {
      const shown = await runCommand('apt-cache', ['-c', this.configuration, 'show', candidate]);
      if (shown.code === 0 && shown.output.includes('Version:')) return candidate;
    }
    throw new InfrastructureError(
      `${this.label} needs the shared library ${library}, which this machine lacks and no known package brings`,
    );
  }

  private async run(command: string, args: readonly string[], timeoutMs: number, onLine?: (line: string) => void): Promise<string> {
    const all = command.startsWith('apt') ? ['-c', this.configuration, ...args] : args;
    const result = await runCommand(command, all, {
      cwd: this.archives,
      timeoutMs,
      env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
      ...(onLine && { onLine }),
    });
    if (result.code === 0) return result.output;
    const why = result.timedOut ? `took longer than ${timeoutMs / 1000} s` : result.output.trim().split('\n').slice(-5).join('\n');
    throw new InfrastructureError(`${command} ${args[args.length > 2 ? 1 : args.length - 1]}: ${why}`);
  }
}
