import { Command, CommanderError, Option } from 'commander';
import { several, wholeNumber, type Act } from './command-line.ts';
import { chosenLanguage, inBoth, LANGUAGES, type Language } from './language.ts';
import type { AddProducerOptions } from './add-producer/add-producer.command.ts';
import type { AuditOptions } from './audit-city/audit-city.command.ts';
import type { CheckCalendarOptions } from './check-calendar/check-calendar.command.ts';
import { addDeclare } from './declare/add-declare.ts';
import type { ExplainOptions } from './explain-figure/explain-figure.command.ts';
import { addImport } from './import-log/add-import.ts';
import { addDemo } from './make-demo-year/add-demo.ts';
import { addManifest } from './make-manifest/add-manifest.ts';
import { Mistake } from './mistake.ts';
import { addPost } from './post-file/add-post.ts';
import { addRebuild } from './rebuild-figures/add-rebuild.ts';
import { addBoundaries } from './show-boundaries/add-boundaries.ts';
import { addFindings } from './show-findings/add-findings.ts';
import { addForm } from './show-form/add-form.ts';
import { addSaveList } from './show-save-list/add-save-list.ts';
import { addScores } from './show-scores/add-scores.ts';
import type { FigureOptions } from './show-figures/show-figures.command.ts';

/** Runs one command line; answers the exit code: 0 good, 1 the answer is no, 2 the command could not do its work. */
export async function run(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = new Command('par')
    .description('PAR Ledger at the terminal: import a log, read figures, prove them.')
    .addOption(new Option('--lang <language>', 'language of tables and messages').choices([...LANGUAGES]))
    .exitOverride()
    .showHelpAfterError('(par --help)');
  // A reader that goes away early (`par figures | head`) is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));

  const language = (): Language => chosenLanguage(program.opts<{ lang?: string }>().lang, process.env);
  const act: Act = async (work) => {
    exitCode = await work({
      language: language(),
      print: (text) => void process.stdout.write(`${text}\n`),
      note: (text) => void process.stderr.write(`${text}\n`),
    });
  };
  for (const addCommand of [
    addImport,
    addPost,
    addDeclare,
    addDemo,
    addManifest,
    addFigures,
    addScores,
    addForm,
    addBoundaries,
    addWhy,
    addFindings,
    addSaveList,
    addAudit,
    addRebuild,
    addProducers,
    addCalendar,
  ])
    addCommand(program, act);
  try {
    await program.parseAsync(argv);
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof Mistake)) throw error;
    process.stderr.write(`par: ${error.code}\n${inBoth(error.text, language())}\n`);
    return error.exitCode;
  }
}

function addFigures(program: Command, act: Act): void {
  program
    .command('figures')
    .option('--year <year>', 'the same as --period with a year')
    .option('--period <period>', '2011, 2011-Q4, 2011-10 or all; the current year where not given')
    .option('--indicator <id>', 'one indicator, such as G6-WORK-CITY')
    .option('--unit <id>', 'one unit, or a city for its total')
    .option('--scoring <url>', 'index-scoring')
    .option('--json', 'the array as index-scoring gives it')
    .description('print the figures with numerator, denominator, target and freshness')
    .action((options: FigureOptions) =>
      act(async (terminal) => {
        const { showFigures } = await import('./show-figures/show-figures.command.ts');
        return showFigures(options, terminal);
      }),
    );
}

function addWhy(program: Command, act: Act): void {
  program
    .command('why')
    .argument('<figure>', 'figure id, from par figures')
    .addOption(new Option('--part <part>', 'which dossiers').choices(['numerator', 'rest']).default('numerator'))
    .option('--limit <count>', 'how many dossiers', wholeNumber(1, 1_000_000), 50)
    .option('--scoring <url>', 'index-scoring')
    .option('--json', 'as JSON')
    .description('list the dossiers behind a figure')
    .action((figure: string, options: Omit<ExplainOptions, 'figure'>) =>
      act(async (terminal) => {
        const { explainFigure } = await import('./explain-figure/explain-figure.command.ts');
        return explainFigure({ ...options, figure }, terminal);
      }),
    );
}

function addAudit(program: Command, act: Act): void {
  program
    .command('audit')
    .option('--wait <seconds>', 'how long to wait until nothing is in flight', wholeNumber(0, 86_400), 30)
    .option('--intake <url>', 'dossier-intake')
    .option('--workflow <url>', 'edocument-workflow')
    .option('--scoring <url>', 'index-scoring')
    .option('--reporting <url>', 'reporting')
    .option('--all', 'every line of the sheet, also where all is equal')
    .option('--json', 'as JSON')
    .description('recount every figure and compare the balance sheets of all services; exit 1 with the names of what differs')
    .action((options: AuditOptions) =>
      act(async (terminal) => {
        const { auditCity } = await import('./audit-city/audit-city.command.ts');
        return auditCity(options, terminal);
      }),
    );
}

function addProducers(program: Command, act: Act): void {
  program
    .command('producer')
    .description('keys of the systems that post events')
    .command('add')
    .requiredOption('--name <name>', 'the system, never a person')
    .requiredOption('--source <urn>', 'CloudEvents source it may use; can be given again', several)
    .requiredOption('--unit <id>', 'unit it may speak for, with all below it, or *; can be given again', several)
    .option('--declares', 'lets it declare: counts from paper, inspections, reviews, staff, surveys, scores')
    .option('--database-intake <url>', 'database of dossier-intake')
    .option('--database-workflow <url>', 'database of edocument-workflow')
    .option('--json', 'as JSON')
    .description('make a producer key for both front doors and print it once')
    .action((options: AddProducerOptions) =>
      act(async (terminal) => {
        const { addProducer } = await import('./add-producer/add-producer.command.ts');
        return addProducer(options, terminal);
      }),
    );
}

function addCalendar(program: Command, act: Act): void {
  program
    .command('calendar')
    .description('the working calendar')
    .command('check')
    .argument('[file]', 'calendar file; the shipped one where not given')
    .option('--json', 'as JSON')
    .description('working days, holidays and make-up days of each year, and what looks forgotten; exit 1 on mistakes')
    .action((file: string | undefined, options: Omit<CheckCalendarOptions, 'file'>) =>
      act(async (terminal) => {
        const { checkCalendar } = await import('./check-calendar/check-calendar.command.ts');
        return checkCalendar({ ...options, file }, terminal);
      }),
    );
}
