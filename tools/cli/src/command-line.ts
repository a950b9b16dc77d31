import { InvalidArgumentError, type Command } from 'commander';
import type { Terminal } from './terminal.ts';

/** Runs the work of the command that was asked for. */
export type Act = (work: (terminal: Terminal) => Promise<number>) => Promise<void>;

/** Reads an option that is a whole number within bounds. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`A whole number from ${least} to ${most}.`);
    return value;
  };
}

/** Reads an option that can be given again. */
export function several(value: string, before: string[] = []): string[] {
  return [...before, value];
}

/** Adds the options of a command that posts events: where to, how, and whether to wait. */
export function withTarget(command: Command): Command {
  return command
    .option('--intake <url>', 'dossier-intake')
    .option('--workflow <url>', 'edocument-workflow')
    .option('--scoring <url>', 'index-scoring')
    .option('--key <key>', 'producer key')
    .option('--batch <count>', 'events per request', wholeNumber(1, 1_000), 200)
    .option('--no-wait', 'do not wait until the figures have caught up')
    .option('--wait-limit <seconds>', 'how long to wait for the figures', wholeNumber(1, 86_400), 180);
}

/** Adds the options of a command that goes on from where an earlier run stopped. */
export function withResume(command: Command): Command {
  return command
    .option('--resume', 'go on from where an earlier run of the same file was broken off; the default', true)
    .option('--no-resume', 'from the first row, whatever the journal says')
    .option('--journal <file>', 'where to keep the journal of this run; below .par/imports where not given');
}
