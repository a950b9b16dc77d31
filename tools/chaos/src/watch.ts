import { SERVICES } from '@par/contracts';
import { DOORS, type City } from './city.ts';
import { memoryOf } from './process-facts.ts';

/** The city's balance in a few numbers, read past its services so that it can be read while they are being killed. */
export interface Balance {
  accepted: number;
  /** Events that the doors and the workflow sent towards index-scoring, and what became of them there. */
  sent: number;
  counted: number;
  retrying: number;
  dead: number;
  /** Rows in outboxes. */
  unsent: number;
}

export async function readBalance(city: City): Promise<Balance> {
  const balance: Balance = { accepted: 0, sent: 0, counted: 0, retrying: 0, dead: 0, unsent: 0 };
  for (const door of DOORS) {
    const [row] = await city.sql<{ n: number }>(door, 'SELECT coalesce(sum(accepted), 0)::float8 AS n FROM ingress.tally');
    balance.accepted += row!.n;
  }
  for (const service of SERVICES) {
    const [row] = await city.sql<{ unsent: number; retrying: number; dead: number; sent: number; counted: number }>(
      service,
      `SELECT (SELECT count(*) FROM messaging.outbox)::float8 AS unsent, (SELECT count(*) FROM messaging.retry)::float8 AS retrying,
              (SELECT count(*) FROM messaging.dead_letter)::float8 AS dead,
              (SELECT coalesce(sum(count), 0) FROM messaging.balance_line WHERE direction = 'out')::float8 AS sent,
              (SELECT coalesce(sum(count), 0) FROM messaging.balance_line WHERE direction = 'in')::float8 AS counted`,
    );
    balance.unsent += row!.unsent;
    balance.retrying += row!.retrying;
    balance.dead += row!.dead;
    if (service === 'dossier-intake' || service === 'edocument-workflow') balance.sent += row!.sent;
    if (service === 'index-scoring') balance.counted += row!.counted;
  }
  return balance;
}

export function balanceText(balance: Balance): string {
  const { accepted, sent, counted, retrying, dead, unsent } = balance;
  return `accepted ${accepted} · sent ${sent} = counted ${counted} + in flight ${sent - counted} (outbox ${unsent}, retry ${retrying}) · dead ${dead}`;
}

/** Looks at balance and memory every few seconds and remembers the most memory of each process. */
export class Watch {
  /** Megabytes, by name of the process. */
  readonly most = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(
    private readonly city: City,
    private readonly say: (line: string) => void,
  ) {}

  start(everyMs: number): void {
    this.#timer = setInterval(() => {
      this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    }, everyMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    const memory = await this.#memory();
    const balance = await readBalance(this.city).then(balanceText, (error: Error) => `no balance: ${error.message}`);
    this.say(`${balance} · MB ${memory}`);
  }

  async #memory(): Promise<string> {
    const pids = new Map(this.city.replicas.flatMap(({ pid, name }) => (pid === undefined ? [] : [[pid, name] as const])));
    const now = await memoryOf([...pids.keys()]);
    for (const [pid, megabytes] of now) this.most.set(pids.get(pid)!, Math.max(this.most.get(pids.get(pid)!) ?? 0, megabytes));
    return SERVICES.map((service) =>
      this.city
        .of(service)
        .map(({ pid }) => Math.round(now.get(pid ?? 0) ?? 0) || '–')
        .join('/'),
    ).join(' ');
  }
}
