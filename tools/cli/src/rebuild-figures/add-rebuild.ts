import type { Command } from 'commander';
import { wholeNumber, type Act } from '../command-line.ts';
import type { RebuildOptions } from './rebuild-figures.command.ts';

export function addRebuild(program: Command, act: Act): void {
  program
    .command('rebuild')
    .option('--limit <count>', 'how many moved figures to print', wholeNumber(0, 1_000_000), 50)
    .option('--scoring <url>', 'index-scoring')
    .option('--key <key>', 'the operator key; else OPERATOR_KEY')
    .option('--json', 'the report as JSON, with every figure that moved')
    .description(
      'recompute every figure from the facts by the plan files, beside the running figures, put it into force in one step, say what moved',
    )
    .action((options: RebuildOptions) =>
      act(async (terminal) => {
        const { rebuildFigures } = await import('./rebuild-figures.command.ts');
        return rebuildFigures(options, terminal);
      }),
    );
}
