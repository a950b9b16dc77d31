import type { Command } from 'commander';
import type { Act } from '../command-line.ts';
import type { BoundaryOptions } from './show-boundaries.command.ts';

export function addBoundaries(program: Command, act: Act): void {
  program
    .command('boundaries')
    .argument('<indicator>', 'a counted indicator, such as G1-ONTIME')
    .option('--rule <rule>', 'one counting rule; the official one where not given')
    .option('--year <year>', 'the same as --period with a year')
    .option('--period <period>', '2021, 2021-Q3, 2021-07; the current year where not given')
    .option('--boundaries <which>', 'old, new (first or last day of the period) or a date', 'new')
    .option('--scoring <url>', 'index-scoring')
    .option('--json', 'as JSON')
    .description('a figure in the boundaries of one day: merged and split units laid out, the total conserved')
    .action((indicator: string, options: Omit<BoundaryOptions, 'indicator'>) =>
      act(async (terminal) => {
        const { showBoundaries } = await import('./show-boundaries.command.ts');
        return showBoundaries({ ...options, indicator }, terminal);
      }),
    );
}
