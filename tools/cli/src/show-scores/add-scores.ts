import type { Command } from 'commander';
import type { Act } from '../command-line.ts';
import type { ScoreOptions } from './show-scores.command.ts';

export function addScores(program: Command, act: Act): void {
  program
    .command('scores')
    .option('--year <year>', 'the same as --period with a year')
    .option('--period <period>', '2021, 2021-Q3, 2021-07 or all; the current year where not given')
    .option('--unit <id>', 'one unit; the city where not given')
    .option('--scoring <url>', 'index-scoring')
    .option('--json', 'as JSON')
    .description('points by the plans that are switched on (PLANS), or what the sources leave open of them')
    .action((options: ScoreOptions) =>
      act(async (terminal) => {
        const { showScores } = await import('./show-scores.command.ts');
        return showScores(options, terminal);
      }),
    );
}
