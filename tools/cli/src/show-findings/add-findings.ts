import type { Command } from 'commander';
import { wholeNumber, type Act } from '../command-line.ts';
import type { FindingOptions } from './show-findings.command.ts';

export function addFindings(program: Command, act: Act): void {
  program
    .command('findings')
    .option('--year <year>', 'the same as --period with a year')
    .option('--period <period>', '2011, 2011-Q4, 2011-10 or all; the current year where not given')
    .option('--unit <id>', 'one unit')
    .option('--source <urn>', 'one source')
    .option('--code <code>', 'list the dossiers with this finding instead of counting')
    .option('--limit <count>', 'how many dossiers', wholeNumber(1, 1_000), 50)
    .option('--scoring <url>', 'index-scoring')
    .option('--json', 'as JSON')
    .description('data that contradict each other, counted per source and unit')
    .action((options: FindingOptions) =>
      act(async (terminal) => {
        const { showFindings } = await import('./show-findings.command.ts');
        return showFindings(options, terminal);
      }),
    );
}
