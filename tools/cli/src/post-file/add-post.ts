import { type Command } from 'commander';
import { withResume, withTarget, type Act } from '../command-line.ts';
import type { PostFileOptions } from './post-file.command.ts';

export function addPost(program: Command, act: Act): void {
  const command = program
    .command('post')
    .argument('<file>', 'CloudEvents, one a line (.ndjson, also packed as .gz), or - for standard input')
    .option('--json', 'summary as JSON')
    .description('post a file of events, each to the front door that takes its type; safe to run again')
    .action((file: string, options: Omit<PostFileOptions, 'file'>) =>
      act(async (terminal) => {
        const { postFile } = await import('./post-file.command.ts');
        return postFile({ ...options, file }, terminal);
      }),
    );
  withResume(withTarget(command));
}
