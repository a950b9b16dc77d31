import { readFileSync } from 'node:fs';
import { TABLES } from '../../bare/tables.ts';
import type { BenchContext } from '../row.ts';
import { OurWay } from './our-way.ts';
import { type Peer, PeerWay, STAGES, type Stage } from './peer-way.ts';
import type { Way, WayName } from './way.ts';

/** Events per message in the packed bare path. */
const PACKED = 25;

/** Starts a way with its processes and databases, empty. */
export async function startWay(name: WayName, ctx: BenchContext): Promise<Way> {
  ctx.say(`starting ${name}`);
  switch (name) {
    case 'ours':
      return OurWay.start(ctx);
    case 'bare':
      return PeerWay.start(ctx, bare(name, 1));
    case 'bare-packed':
      return PeerWay.start(ctx, bare(name, PACKED));
    case 'stock':
      return PeerWay.start(ctx, stock());
  }
}

/** tools/bench/bare: raw Fastify and SQL, micro-batches, an outbox at each hop, no domain work. */
function bare(name: WayName, pack: number): Peer {
  return {
    name,
    tables: each((stage) => TABLES[stage].join(';\n')),
    file: each((stage) => `tools/bench/bare/${stage}.ts`),
    env: { PACK: String(pack) },
    mustEqual: {
      accepted: ['intake', 'SELECT count(*) FROM event'],
      passed: ['workflow', 'SELECT count(*) FROM inbox'],
      noted: ['workflow', 'SELECT coalesce(sum(events), 0) FROM work_dossier'],
      received: ['scoring', 'SELECT count(*) FROM inbox'],
    },
    unsent: 'SELECT count(*) FROM outbox',
  };
}

/** tools/bench/stock: three services as NestJS, Prisma and its RabbitMQ transport suggest them. */
function stock(): Peer {
  const tables = readFileSync(new URL('../../stock/prisma/tables.sql', import.meta.url), 'utf8');
  return {
    name: 'stock',
    tables: each(() => tables),
    file: each((stage) => `tools/bench/stock/src/${stage}/main.ts`),
    mustEqual: {
      accepted: ['intake', 'SELECT count(*) FROM received_event'],
      passed: ['workflow', 'SELECT count(*) FROM inbox_event'],
      noted: ['workflow', 'SELECT coalesce(sum(events), 0) FROM work_dossier'],
      received: ['scoring', 'SELECT count(*) FROM inbox_event'],
    },
  };
}

function each<T>(of: (stage: Stage) => T): Record<Stage, T> {
  return Object.fromEntries(STAGES.map((stage) => [stage, of(stage)])) as Record<Stage, T>;
}
