import { Option, type Command } from 'commander';
import { withResume, withTarget, type Act } from '../command-line.ts';
import { TABLE_FORMATS } from '../read-table/table.ts';
import type { ImportOptions } from './import-log.command.ts';

export function addImport(program: Command, act: Act): void {
  const command = program
    .command('import')
    .argument('<file>', 'event log: CSV or XLSX with a header, or XES; CSV and XES also packed as .gz')
    .requiredOption('--mapping <file>', 'how its rows become events, see tools/cli/mappings/README.md')
    .addOption(new Option('--format <format>', 'what the file is, where its name does not say').choices([...TABLE_FORMATS]))
    .option('--sheet <name>', 'sheet of a workbook; its first where not given')
    .option('--dry-run', 'post nothing: say which events there are and what would be refused; needs no running city')
    .option('--json', 'summary as JSON')
    .description('post the events of a log through the front doors, as a one-stop system would; safe to run again')
    .action((file: string, options: Omit<ImportOptions, 'file'>) =>
      act(async (terminal) => {
        const { importLog } = await import('./import-log.command.ts');
        return importLog({ ...options, file }, terminal);
      }),
    );
  withResume(withTarget(command));
}
