import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InfrastructureError, type Progress } from './checkout.ts';
import { cachedDebianTree, type DebianTree, type DebianTreeRecipe, fetchDebianTree } from './debian-tree.ts';
import { rabbitmqBelow, type RabbitmqFiles } from './rabbitmq-files.ts';

/** RabbitMQ with every Erlang package that it needs. */
const RABBITMQ: DebianTreeRecipe = {
  name: 'rabbitmq',
  label: 'RabbitMQ',
  root: 'rabbitmq-server',
  along: /^erlang-[a-z0-9-]+$/,
  must: 'erlang-base',
  programs: ['usr/lib/erlang', '(', '-name', 'beam.smp', '-o', '-name', 'crypto.so', '-o', '-name', 'epmd', ')', '-type', 'f'],
  finish: relocateErlang,
};

/** A RabbitMQ that an earlier run fetched into the cache; undefined where there is none. */
export function cachedRabbitmq(cache: string): RabbitmqFiles | undefined {
  const cached = cachedDebianTree(cache, RABBITMQ.name);
  return cached && filesOf(cached);
}

/**
 * RabbitMQ and Erlang as Debian packages in the cache, downloaded where they are not there yet.
 * @throws InfrastructureError where there is no apt, or the mirror does not answer.
 */
export async function fetchRabbitmq(cache: string, progress: Progress): Promise<RabbitmqFiles> {
  const files = filesOf(await fetchDebianTree(cache, RABBITMQ, progress));
  if (!files) throw new InfrastructureError('the Debian package rabbitmq-server does not have the layout that is known');
  return files;
}

function filesOf({ tree, libraries }: DebianTree): RabbitmqFiles | undefined {
  const found = rabbitmqBelow(join(tree, 'usr/lib/rabbitmq/lib'));
  return found && { ...found, erlang: join(tree, 'usr/lib/erlang/bin'), ...(libraries !== undefined && { libraries }) };
}

/** Debian writes `/usr/lib/erlang` into the `erl` script; this tree lies elsewhere, and elsewhere again when the checkout is moved. */
function relocateErlang(tree: string): void {
  const erl = join(tree, 'usr/lib/erlang/bin/erl');
  const here = 'ROOTDIR="$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)"';
  const text = readFileSync(erl, 'utf8').replaceAll(/^(\s*)ROOTDIR=["']?\/usr\/lib\/erlang["']?\s*$/gm, `$1${here}`);
  if (!text.includes(here)) throw new InfrastructureError('the erl script of the Debian package does not have the form that is known');
  writeFileSync(erl, text, { mode: 0o755 });
}
