export interface Options {
  minutes: number;
  seed: number;
  /** The services talk to three nodes instead of one. */
  cluster: boolean;
  scenario: 'mixed' | 'backlog';
  /** Messages are taken out of queues behind the services' backs. */
  lostMessages: boolean;
  /** Events a second. */
  perSecond: number;
  /** Write what happened into docs/failure-diary.md. */
  diary: boolean;
}

export const USAGE = `npm run chaos -- [--minutes 10] [--seed N] [--cluster] [--scenario mixed|backlog] [--lost-message] [--rate N] [--diary]

  --minutes N       how long the load and the faults go on; from 2 on every kind of fault occurs (10)
  --seed N          the same seed, the same plan and the same load (the time of day)
  --cluster         three RabbitMQ nodes; the leaders of queues are killed
  --scenario S      mixed: every kind of fault; backlog: the broker is down for all the minutes, at full load
  --lost-message    queues are emptied behind the services' backs too
  --rate N          events a second (80; 1000 for backlog)
  --diary           write an entry into docs/failure-diary.md`;

const NUMBERS = new Set(['--minutes', '--seed', '--rate']);
const FLAGS = new Set(['--cluster', '--lost-message', '--diary']);

/** @throws Error with what is wrong in the arguments */
export function readOptions(args: readonly string[], seedOfTheDay: number): Options {
  const numbers = new Map<string, number>();
  const flags = new Set<string>();
  let scenario: Options['scenario'] = 'mixed';
  for (let i = 0; i < args.length; i++) {
    const [name = '', joined] = args[i]!.split(/=(.*)/s, 2);
    if (FLAGS.has(name) && joined === undefined) {
      flags.add(name);
      continue;
    }
    const value = joined ?? args[++i];
    if (NUMBERS.has(name)) numbers.set(name, numberIn(name, value));
    else if (name === '--scenario' && (value === 'mixed' || value === 'backlog')) scenario = value;
    else throw new Error(`chaos does not know ${name}${name === '--scenario' ? ` ${value ?? ''}` : ''}`);
  }
  return {
    minutes: numbers.get('--minutes') ?? 10,
    seed: numbers.get('--seed') ?? seedOfTheDay,
    cluster: flags.has('--cluster'),
    scenario,
    lostMessages: flags.has('--lost-message'),
    perSecond: numbers.get('--rate') ?? (scenario === 'backlog' ? 1_000 : 80),
    diary: flags.has('--diary'),
  };
}

const LONG_MINUTES = 10;
const CLUSTER_MINUTES = 2;

/** A long run ends over three brokers, where the leaders of queues are killed; every other run is one leg. */
export function legsOf(options: Options): Options[] {
  const { minutes, cluster, scenario } = options;
  if (scenario === 'backlog' || cluster || minutes < LONG_MINUTES) return [options];
  return [
    { ...options, minutes: minutes - CLUSTER_MINUTES },
    { ...options, minutes: CLUSTER_MINUTES, cluster: true },
  ];
}

function numberIn(name: string, value: string | undefined): number {
  const number = Number(value);
  const whole = name !== '--minutes';
  if (value === undefined || value.trim() === '' || !Number.isFinite(number) || number < 0 || (whole && !Number.isInteger(number)))
    throw new Error(`${name} needs a ${whole ? 'whole ' : ''}number, not ${value ?? 'nothing'}`);
  if (!whole && number === 0) throw new Error('--minutes needs more than 0');
  return number;
}
