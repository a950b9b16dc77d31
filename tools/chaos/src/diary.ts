import { type Options } from './options.ts';
import { type Outcome } from './run-chaos.ts';

/** The diary with one more row in its table: what was expected of a run, and what happened. */
export function withEntry(
  diary: string,
  options: Options,
  outcome: Pick<Outcome, 'faults' | 'accepted' | 'differences' | 'seen'>,
  now: Date,
): string {
  const { seed, minutes, cluster, scenario, perSecond } = options;
  const command = `npm run chaos -- --minutes ${minutes} --seed ${seed}${cluster ? ' --cluster' : ''}${scenario === 'backlog' ? ' --scenario backlog' : ''}`;
  const hypothesis =
    scenario === 'backlog'
      ? `The broker is down for ${minutes} minutes at ${perSecond} events a second: the doors go on accepting, and all is counted afterwards`
      : `${outcome.faults} faults of every kind in ${minutes} minutes of load${cluster ? ', over three brokers' : ''}: nothing lost, nothing doubled, figures equal to the byte to a run without faults`;
  const happened =
    outcome.differences.length === 0
      ? `held: ${outcome.accepted} events accepted, 0 differences`
      : `${outcome.differences.length} differences: ${outcome.differences.map((each) => each.split('\n')[0]).join('; ')}`;
  const row = `| ${cell(`${hypothesis} (\`${command}\`, ${now.toISOString().slice(0, 10)})`)} | ${cell([happened, ...notesOf(outcome.seen)].join('. '))} |`;
  return `${diary.trimEnd()}\n${row}\n`;
}

/** The outages tell what was seen; which relay died with how many rows is for the log of the run. */
function notesOf(seen: readonly string[]): string[] {
  return seen.filter((line) => /-outage: /.test(line)).map((line) => line.replace(/^[a-z-]+: /, ''));
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
