import { Option, type Command } from 'commander';
import { wholeNumber, withTarget, type Act } from '../command-line.ts';
import type { MakeDemoOptions } from './make-demo-year.command.ts';

export function addDemo(program: Command, act: Act): void {
  const command = program
    .command('demo')
    .addOption(new Option('--year <year>', 'the year; there is only this one').choices(['2021']).default('2021'))
    .option('--dossiers <count>', 'applications over the year', wholeNumber(1, 1_000_000), 5_000)
    .option('--seed <number>', 'the same seed gives the same year, byte for byte', wholeNumber(0, 4_294_967_295), 7)
    .option('--out <file>', 'write the events, one a line (.gz packs them, - is standard output), instead of posting them')
    .option('--json', 'summary as JSON')
    .description('make up a year of Huế and post it through the front doors; safe to run again')
    .action((options: MakeDemoOptions) =>
      act(async (terminal) => {
        const { makeDemoYear } = await import('./make-demo-year.command.ts');
        return makeDemoYear(options, terminal);
      }),
    );
  withTarget(command);
}
