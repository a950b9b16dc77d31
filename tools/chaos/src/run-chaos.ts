import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type ProducerEvent } from '@par/contracts';
import { demoYear } from '@par/demo-year';
import { causeFault, type Scene } from './cause-fault.ts';
import { City } from './city.ts';
import { makeDatabases, makeTemplates } from './databases.ts';
import { SHARE_OF_DOCUMENTS, withDocuments } from './document-matters.ts';
import { describeFault, REPLICAS } from './fault.ts';
import { backlogPlan, makePlan, planLength, type PlannedFault } from './fault-plan.ts';
import { differencesOf, readFigures, rowsIn } from './figures.ts';
import { audit, drain, judgeIntake, judgeProcesses, judgeRegisters } from './judge-city.ts';
import { Load } from './load.ts';
import { type Options } from './options.ts';
import { Poison } from './poison.ts';
import { Servers } from './servers.ts';
import { balanceText, readBalance, Watch } from './watch.ts';

export interface Outcome {
  faults: number;
  accepted: number;
  /** Each a line or more for people; empty where nothing was lost, nothing doubled and nothing refused that is good. */
  differences: string[];
  /** What was seen of each kind of fault, for the diary. */
  seen: string[];
}

type Say = (line: string) => void;

/** Of a made-up year: events that it has whatever its size, and events of each dossier, both about. */
const EVENTS_BESIDE = 2_800;
const EVENTS_PER_DOSSIER = 8.4;
/** More than the plan takes by the clock, since a fault may take longer: there has to be load around the last one too. */
const SPARE = 1.4;
const TWICE = 0.1;
const POISON_EVERY = 150;
/** The quiet city gets its own disorder: order must not matter. */
const OTHER_ORDER = 0x5eed;

/** A run from start to judgement: servers, a city under load and faults, and the same events in a city that nothing happens to. */
export class ChaosRun {
  #servers: Servers | undefined;
  readonly #cities = new Set<City>();

  constructor(
    private readonly options: Options,
    private readonly directory: string,
    private readonly say: Say,
  ) {}

  async run(): Promise<Outcome> {
    const { options, say } = this;
    const plan = planOf(options);
    say(
      `seed ${options.seed}: ${plan.length} faults in ${Math.round(planLength(plan) / 1_000)} s${options.cluster ? ', three brokers' : ''}`,
    );
    for (const { atMs, fault } of plan) say(`  plan ${clock(atMs)} ${describeFault(fault)}`);
    const servers = (this.#servers = await Servers.start({ directory: this.directory, cluster: options.cluster }));
    await makeTemplates(servers.postgresUrl, say);
    await makeDatabases(servers.postgresUrl, 'chaos');
    const { differences, seen, accepted, figures, rate } = await this.#underFaults(plan, servers);
    const quiet = await this.#withoutFaults(servers);
    differences.push(...quiet.differences, ...differencesOf(figures, quiet.figures));
    say(`${rowsIn(figures)} rows of figures with faults (${rate}), ${rowsIn(quiet.figures)} without`);
    if (rowsIn(quiet.figures) === 0) differences.push('there are no figures to compare');
    return { faults: plan.length, accepted, differences, seen };
  }

  async stop(): Promise<void> {
    for (const city of this.#cities) await city.stop();
    await this.#servers?.stop();
  }

  /** Ends every process at once; for a run that is interrupted. */
  async abandon(): Promise<void> {
    await Promise.all([...this.#cities].flatMap(({ replicas }) => replicas.map((each) => each.kill())));
  }

  async #underFaults(plan: readonly PlannedFault[], servers: Servers) {
    const { options, say } = this;
    const city = await this.#city('chaos', servers, REPLICAS);
    await servers.syncBroker();
    const { units, others, about, numbersAsked } = yearOf(options, plan);
    await city.open(units);
    say(`before: ${balanceText(await readBalance(city))}`);

    const differences: string[] = [];
    const seen: string[] = [];
    const beganAt = performance.now();
    const since = (): string => clock(performance.now() - beganAt);
    const tell: Say = (line) => say(`${since()} ${line}`);
    const watch = new Watch(city, (line) => tell(`  ${line}`));
    watch.start(options.minutes > 4 ? 15_000 : 5_000);
    const poison = new Poison(city, () => servers.amqpUrl);
    poison.start();
    const load = new Load(city, {
      events: others(),
      seed: options.seed,
      twice: TWICE,
      poisonEvery: POISON_EVERY,
      perSecond: options.perSecond,
      about,
    });
    const loading = load.run();
    // A load that fails ends the run where it is waited for, not before.
    loading.catch(() => undefined);
    const find = (wrong: string): void => void differences.push(wrong);
    for (const [n, planned] of plan.entries()) {
      load.release((plan[n + 1]?.atMs ?? planLength(plan)) / planLength(plan));
      await this.#cause(planned, beganAt, seen, { city, servers, say: (line) => tell(`    ${line}`), find });
    }
    tell('the faults are over; posting what is left');
    load.hurry();
    await loading;
    await poison.stop();
    const { posted, accepted, duplicate, poison: refused } = load.counts;
    tell(`posted ${posted}: accepted ${accepted}, known ${duplicate}, refused ${refused}; ${poison.calls} bad calls refused; draining`);
    differences.push(...(await drain(city)));
    await watch.stop();
    const after = await readBalance(city);
    tell(`after: ${balanceText(after)}`);
    say(`most memory: ${[...watch.most].map(([name, megabytes]) => `${name} ${Math.round(megabytes)}`).join(', ')} MB`);
    differences.push(...(await audit(city)), ...(await judgeIntake(city, load, poison, units.length)), ...judgeProcesses(city, watch.most));
    differences.push(...(await judgeRegisters(city, numbersAsked())));
    const figures = await readFigures(city);
    await this.#leave(city);
    return { differences, seen, figures, accepted: after.accepted, rate: `${options.perSecond} events/s` };
  }

  async #cause({ atMs, fault }: PlannedFault, beganAt: number, seen: string[], scene: Scene): Promise<void> {
    await pause(Math.max(0, beganAt + atMs - performance.now()));
    const startedAt = performance.now();
    this.say(`${clock(startedAt - beganAt)} ► ${describeFault(fault)}`);
    await causeFault(fault, {
      ...scene,
      say: (line) => {
        seen.push(`${fault.kind}: ${line}`);
        scene.say(line);
      },
    });
    this.say(`${clock(performance.now() - beganAt)} ◄ whole again after ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
  }

  async #withoutFaults(servers: Servers) {
    this.say('the same events without faults');
    await makeDatabases(servers.postgresUrl, 'quiet');
    await addVhost(servers, 'quiet');
    const city = await this.#city('quiet', servers, 1, 'quiet');
    const { units, others, numbersAsked } = yearOf(this.options, planOf(this.options));
    await city.open(units);
    const seed = this.options.seed ^ OTHER_ORDER;
    const load = new Load(city, { events: others(), seed, twice: 0, poisonEvery: 0, perSecond: 0, about: Infinity });
    await load.run();
    const differences = [
      ...load.wrong,
      ...(await drain(city)),
      ...(await audit(city)),
      ...(await judgeRegisters(city, numbersAsked())),
    ].map((line) => `without faults: ${line}`);
    const figures = await readFigures(city);
    await this.#leave(city);
    return { figures, differences };
  }

  async #city(name: string, servers: Servers, replicas: number, vhost?: string): Promise<City> {
    const directory = join(this.directory, 'processes');
    const city = await City.start({ name, servers, replicas, directory, ...(vhost !== undefined && { vhost }) });
    this.#cities.add(city);
    return city;
  }

  async #leave(city: City): Promise<void> {
    await city.stop();
    this.#cities.delete(city);
  }
}

function planOf({ scenario, seed, minutes, cluster, lostMessages }: Options): PlannedFault[] {
  return scenario === 'backlog' ? backlogPlan(minutes) : makePlan({ seed, minutes, cluster, lostMessages });
}

/** A made-up year as large as the load of the run, with documents among it: its units, and everything else, which is made while it is read. */
function yearOf(
  { seed, perSecond }: Options,
  plan: readonly PlannedFault[],
): { units: ProducerEvent[]; others: () => Iterable<ProducerEvent>; about: number; numbersAsked: () => number } {
  const events = ((perSecond * planLength(plan)) / 1_000 / (1 + TWICE)) * SPARE;
  const dossiers = Math.max(100, Math.round((events / (1 + SHARE_OF_DOCUMENTS) - EVENTS_BESIDE) / EVENTS_PER_DOSSIER));
  const isUnitEvent = ({ type }: ProducerEvent): boolean => type.startsWith('vn.par.unit.');
  const units: ProducerEvent[] = [];
  let numbers = 0;
  for (const event of demoYear({ dossiers, seed })) {
    // The units come first.
    if (!isUnitEvent(event)) break;
    units.push(event);
  }
  return {
    units,
    about: (EVENTS_BESIDE + dossiers * EVENTS_PER_DOSSIER) * (1 + SHARE_OF_DOCUMENTS) * (1 + TWICE),
    others: function* () {
      numbers = 0;
      yield* withDocuments(eventsBut(isUnitEvent, demoYear({ dossiers, seed })), units, seed, () => (numbers += 1));
    },
    // Of the events that were read.
    numbersAsked: () => numbers,
  };
}

function* eventsBut(isLeftOut: (event: ProducerEvent) => boolean, events: Iterable<ProducerEvent>): Generator<ProducerEvent> {
  for (const event of events) if (!isLeftOut(event)) yield event;
}

async function addVhost(servers: Servers, name: string): Promise<void> {
  await servers.control('add_vhost', name);
  await servers.control('set_permissions', '--vhost', name, new URL(servers.amqpUrl).username, '.*', '.*', '.*');
}

/** `+1:05`: minutes and seconds since the load began. */
function clock(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return `+${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
