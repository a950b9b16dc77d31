import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** A RabbitMQ that can be run from its files. */
export interface RabbitmqFiles {
  /** Folder with `rabbitmq-server` and `rabbitmqctl`: the ones of RabbitMQ itself, never a distribution's wrapper that changes the user. */
  sbin: string;
  version: string;
  /** Folder with `erl`, `escript` and `epmd` where they are not on PATH. */
  erlang?: string;
  /** Folder with shared libraries that this machine lacks. */
  libraries?: string;
}

/** The RabbitMQ installed on this machine; undefined where there is none. */
export function machineRabbitmq(): RabbitmqFiles | undefined {
  const onPath = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '' && existsSync(join(folder, 'rabbitmq-server')));
  return (
    rabbitmqBelow('/usr/lib/rabbitmq/lib') ??
    onPath
      .map((folder) => dirname(realpathSync(join(folder, 'rabbitmq-server'))))
      .filter((sbin) => existsSync(join(sbin, 'rabbitmq-env')))
      .map((sbin) => ({ sbin, version: /rabbitmq(?:_server)?[-/](\d[\d.]*)/.exec(sbin)?.[1] ?? 'of this machine' }))[0]
  );
}

/** The newest `rabbitmq_server-*` in a folder. */
export function rabbitmqBelow(folder: string): RabbitmqFiles | undefined {
  if (!existsSync(folder)) return undefined;
  const [newest] = readdirSync(folder)
    .flatMap((name) => /^rabbitmq_server-(\d[\d.]*)$/.exec(name)?.[1] ?? [])
    .filter((version) => existsSync(join(folder, `rabbitmq_server-${version}`, 'sbin/rabbitmq-server')))
    .sort(newerFirst);
  return newest === undefined ? undefined : { sbin: join(folder, `rabbitmq_server-${newest}`, 'sbin'), version: newest };
}

/** Orders dotted versions by number, newest first: 3.10.8 comes before 3.9.27. */
export function newerFirst(a: string, b: string): number {
  const [x, y] = [a, b].map((version) => version.split('.').map(Number)) as [number[], number[]];
  for (let i = 0; i < Math.max(x.length, y.length); i++) if ((x[i] ?? 0) !== (y[i] ?? 0)) return (y[i] ?? 0) - (x[i] ?? 0);
  return 0;
}
