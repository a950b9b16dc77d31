import { Inject, Injectable } from '@nestjs/common';
import { type ManifestAnswer } from '@par/contracts';
import { OrganisationRegister } from '@par/organisation';
import { Clock, Database, Problem, type Transaction } from '@par/service-kit';
import { FRONT_DOOR, type FrontDoor } from '../front-door.ts';
import { type Producer, speaksForSource } from '../producer.ts';
import { answerOf, totalsOf } from './answer-manifest.ts';
import { ManifestComparison } from './comparison.ts';
import { ManifestFault } from './manifest-fault.ts';
import { ManifestUnits } from './manifest-units.ts';
import { keepReceipt } from './manifest-receipts.ts';
import { OurItems } from './our-items.ts';
import { readManifest } from './read-manifest.ts';

/** Manifests that are compared at one time in a process: each has a connection, and events come first. */
const MOST_AT_ONCE = 2;

/** Holds a manifest against what this door took in from its source, and keeps the answer's counts. */
@Injectable()
export class TakeManifest {
  #atWork = 0;

  constructor(
    private readonly database: Database,
    private readonly register: OrganisationRegister,
    private readonly clock: Clock,
    @Inject(FRONT_DOOR) private readonly frontDoor: FrontDoor,
  ) {}

  /** @throws ManifestFault where the manifest cannot be compared; Problem 503 `manifest.busy` where others are being compared */
  async take(posted: unknown, producer: Producer): Promise<ManifestAnswer> {
    const at = this.clock.now();
    const manifest = readManifest(posted, this.frontDoor.door, at);
    if (!speaksForSource(producer, manifest.source)) throw new ManifestFault('producer.not-for-source', 'source');
    const organisation = await this.register.latest();
    const units = new ManifestUnits(manifest, producer, organisation);
    if (this.#atWork >= MOST_AT_ONCE) throw busy();
    this.#atWork += 1;
    try {
      const comparison = new ManifestComparison(manifest.lines);
      await this.database.transaction(async (tx) => {
        await prepare(tx);
        const ours = new OurItems(tx, manifest, units, organisation);
        await ours.each((item) => comparison.add(item));
        comparison.finish();
        // Both looks are at the store as of one moment.
        if (comparison.wantsSecondLook) await ours.each((item) => comparison.explain(item));
      });
      const answer = answerOf(comparison, manifest, at);
      await keepReceipt(this.database, { ...totalsOf(comparison), manifest, at, producer: producer.name, equal: answer.equal });
      return answer;
    } finally {
      this.#atWork -= 1;
    }
  }
}

async function prepare(tx: Transaction): Promise<void> {
  await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
  // Every row is read, so the plan with the least total cost is wanted, not the one with the earliest row; a sort may take some memory.
  await tx.query('SET LOCAL cursor_tuple_fraction = 1');
  await tx.query(`SET LOCAL work_mem = '16MB'`);
}

function busy(): Problem {
  return new Problem({
    status: 503,
    code: 'manifest.busy',
    title: {
      en: 'Other manifests are being compared; send again in a moment.',
      vi: 'Đang đối chiếu bản kê khác; xin gửi lại sau giây lát.',
    },
    retryAfterSeconds: 2,
  });
}
