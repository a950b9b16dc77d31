import { Argument, Option, type Command } from 'commander';
import { withTarget, type Act } from '../command-line.ts';
import { KIND_NAMES, type KindName } from './kind-names.ts';
import type { DeclareOptions } from './declare.command.ts';
import type { TemplateOptions } from './write-template.command.ts';

/** `par template` and `par declare`. */
export function addDeclare(program: Command, act: Act): void {
  program
    .command('template')
    .addArgument(new Argument('<kind>', 'what is declared').choices([...KIND_NAMES]))
    .option('--out <file>', 'file to write, .csv or .xlsx; CSV on standard output where not given')
    .description('write the template of a declaration: columns in Vietnamese, how to fill them, examples')
    .action((kind: KindName, options: Omit<TemplateOptions, 'kind'>) =>
      act(async (terminal) => {
        const { writeTemplate } = await import('./write-template.command.ts');
        return writeTemplate({ ...options, kind }, terminal);
      }),
    );
  const declaring = program
    .command('declare')
    .addArgument(new Argument('<kind>', 'what is declared').choices([...KIND_NAMES]))
    .argument('<file>', 'its template, filled: CSV or XLSX')
    .option('--source <urn>', 'CloudEvents source of the declarations; urn:par:declared:<kind> where not given')
    .option('--as-of <day>', 'day of declarations whose row gives none, dd/mm/yyyy, also with hh:mm')
    .option('--city <id>', 'look for units in this city only')
    .addOption(new Option('--format <format>', 'what the file is, where its name does not say').choices(['csv', 'xlsx']))
    .option('--sheet <name>', 'sheet of a workbook; its first where not given')
    .option('--skip-bad', 'post the good rows although others are bad')
    .option('--dry-run', 'post nothing: say what would be declared and which rows are bad')
    .option('--json', 'summary as JSON')
    .description('declare what no system sends, from a filled template; declaring the same again changes nothing')
    .action((kind: KindName, file: string, options: Omit<DeclareOptions, 'kind' | 'file'>) =>
      act(async (terminal) => {
        const { declare } = await import('./declare.command.ts');
        return declare({ ...options, kind, file }, terminal);
      }),
    );
  withTarget(declaring);
}
