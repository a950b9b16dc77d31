import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import type { CheckOptions } from './check-form.command.ts';
import type { FormOptions } from './show-form.command.ts';

/** `par form ii-06a` and `par form check`. */
export function addForm(program: Command, act: (work: (terminal: Terminal) => Promise<number>) => Promise<void>): void {
  const form = program.command('form').description('reporting forms: filled from the ledger, or checked as published');
  form
    .command('ii-06a')
    .option('--year <year>', 'the same as --period with a year')
    .option('--period <period>', '2011, 2011-Q4, 2011-10 or all; the current year where not given')
    .option('--unit <id>', 'one unit with all below it')
    .option('--city <id>', 'one city')
    .option('--scoring <url>', 'index-scoring')
    .option('--json', 'the answer as index-scoring gives it')
    .option('--csv <file>', 'write it as CSV with the header of the form')
    .option('--xlsx <file>', 'write it as a workbook with the header of the form')
    .description('Biểu II.06a/VPCP/KSTT: received, done and in process per unit; exit 1 where an identity of the form fails')
    .action((options: FormOptions) =>
      act(async (terminal) => {
        const { showForm } = await import('./show-form.command.ts');
        return showForm(options, terminal);
      }),
    );
  form
    .command('check')
    .argument('<file>', 'published numbers as JSON, see docs/forms.md')
    .option('--json', 'as JSON')
    .description('hold the numbers of a published report against each other; exit 1 with what does not add up')
    .action((file: string, options: Omit<CheckOptions, 'file'>) =>
      act(async (terminal) => {
        const { checkForm } = await import('./check-form.command.ts');
        return checkForm({ ...options, file }, terminal);
      }),
    );
}
