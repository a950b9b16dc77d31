import { spawn, type SpawnOptions } from 'node:child_process';

export interface CommandResult {
  /** Exit code; undefined where the command could not be run, was killed or took too long. */
  code: number | undefined;
  output: string;
  timedOut: boolean;
}

export interface CommandOptions extends Pick<SpawnOptions, 'cwd' | 'env' | 'uid' | 'gid'> {
  timeoutMs?: number;
  /** Called with each line as it is written. */
  onLine?: (line: string) => void;
}

/** Runs a command to its end and collects what it wrote. It never throws: a command that is missing has no exit code. */
export function runCommand(command: string, args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const { timeoutMs = 60_000, onLine, ...spawnOptions } = options;
  return new Promise((done) => {
    const child = spawn(command, args, { ...spawnOptions, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let rest = '';
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    const take = (chunk: Buffer): void => {
      const text = chunk.toString();
      output += text;
      if (!onLine) return;
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop() ?? '';
      lines.forEach(onLine);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => {
      clearTimeout(timer);
      done({ code: undefined, output: `${output}${error.message}`, timedOut });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      done({ code: timedOut ? undefined : (code ?? undefined), output, timedOut });
    });
  });
}

/** Asks `check` again and again until it answers true; false when the time is over first. */
export async function waitUntil(check: () => boolean | Promise<boolean>, timeoutMs: number, everyMs = 50): Promise<boolean> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    if (await check()) return true;
    if (Date.now() >= end) return false;
    await new Promise((next) => setTimeout(next, everyMs));
  }
}
