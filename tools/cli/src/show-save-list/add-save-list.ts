import type { Command } from 'commander';
import { wholeNumber, type Act } from '../command-line.ts';
import type { SaveListOptions } from './show-save-list.command.ts';

export function addSaveList(program: Command, act: Act): void {
  program
    .command('save-list')
    .requiredOption('--unit <id>', 'the unit')
    .option('--as-of <moment>', 'a past moment, such as 2021-07-05T08:00:00+07:00; now where not given')
    .option('--limit <count>', 'how many dossiers', wholeNumber(1, 500), 50)
    .option('--workflow <url>', 'edocument-workflow')
    .option('--json', 'as JSON')
    .description('open work dossiers that miss their due date unless they move today, the most urgent first')
    .action((options: SaveListOptions) =>
      act(async (terminal) => {
        const { showSaveList } = await import('./show-save-list.command.ts');
        return showSaveList(options, terminal);
      }),
    );
}
