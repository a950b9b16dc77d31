import { createHash } from 'node:crypto';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Database } from '@par/service-kit';
import { BasisRegister } from './basis-register.ts';
import { PLAN, type Plan } from './plan.ts';

/** Fingerprint of a plan: two plans that say the same have the same. */
export function hashOfPlan(plan: Plan): string {
  return createHash('sha256').update(JSON.stringify(plan)).digest('hex');
}

/**
 * Puts the plan of the files into force where there is none yet. Where another one is in force, figures go on by that one: a plan changes by a rebuild,
 * in one step and with what it moved, never by a restart.
 */
@Injectable()
export class PlanInForce implements OnModuleInit {
  readonly #logger = new Logger('PlanInForce');

  constructor(
    private readonly database: Database,
    private readonly basis: BasisRegister,
    @Inject(PLAN) private readonly plan: Plan,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.#ensure().catch((error: unknown) => this.#logger.warn(`plan not checked: ${String(error)}`));
  }

  async #ensure(): Promise<void> {
    const hash = hashOfPlan(this.plan);
    const inForce = await this.database.transaction(async (tx) => {
      await this.basis.hold(tx, 'alone');
      await tx.query(`UPDATE scoring_basis SET plan = $1::jsonb, plan_hash = $2, activated_at = now() WHERE plan IS NULL`, [
        JSON.stringify(this.plan),
        hash,
      ]);
      const [row] = await tx.query<{ hash: string }>('SELECT plan_hash AS hash FROM scoring_basis');
      return row?.hash;
    });
    if (inForce !== hash)
      this.#logger.warn('the plan files differ from the plan in force: figures go on by the latter until `par rebuild`');
  }
}
