import { Option, type Command } from 'commander';
import { several, type Act } from '../command-line.ts';
import { TABLE_FORMATS } from '../read-table/table.ts';
import { MANIFEST_DOORS, type ManifestOptions } from './manifest-options.ts';

export function addManifest(program: Command, act: Act): void {
  program
    .command('manifest')
    .argument('<file>', 'the log of a source, as par import takes it')
    .requiredOption('--mapping <file>', 'how its rows become events, see tools/cli/mappings/README.md')
    .addOption(new Option('--format <format>', 'what the file is, where its name does not say').choices([...TABLE_FORMATS]))
    .option('--sheet <name>', 'sheet of a workbook; its first where not given')
    .option('--as-of <time>', 'only what happened until then, such as 2021-07-05T23:59:59+07:00; now where not given')
    .option('--day <date>', 'also the events of this local day, by type')
    .option('--unit <id>', 'speak of this unit only; can be given again', several)
    .addOption(new Option('--door <door>', 'what is asked').choices([...MANIFEST_DOORS]).default('dossier-intake'))
    .option('--post [url]', 'hold it against a door, ask for the names of what differs, and print the receipt')
    .option('--key <key>', 'producer key')
    .option('--json', 'the receipt as JSON')
    .description('count what a file has, dossiers by state, and hold it against what was taken in; exit 1 with the names of what differs')
    .action((file: string, options: Omit<ManifestOptions, 'file'>) =>
      act(async (terminal) => {
        const { makeManifest } = await import('./make-manifest.command.ts');
        return makeManifest({ ...options, file }, terminal);
      }),
    );
}
