import { execFileSync } from 'node:child_process';
import { cpus, totalmem, type, release } from 'node:os';
import { CHECKOUT } from '@par/infrastructure';

/** What the figures were measured on: without it they say nothing. */
export interface Machine {
  processor: string;
  processors: number;
  memoryGB: number;
  system: string;
  node: string;
  postgres: string;
  rabbitmq: string;
  fsync: string;
}

export function describeMachine(servers: { postgres: string; rabbitmq: string; fsync: string }): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    processors: cpus().length,
    memoryGB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    ...servers,
  };
}

/** The commit measured, with a `+` where files differ from it; `unknown` outside of git. */
export function commitOf(): string {
  try {
    const git = (...args: string[]): string =>
      execFileSync('git', args, { cwd: CHECKOUT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain') === '' ? '' : '+'}`;
  } catch {
    return 'unknown';
  }
}
