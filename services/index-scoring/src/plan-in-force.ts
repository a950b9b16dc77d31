import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { BasisRegister } from './basis-register.ts';

/**
 * Says at start where the plan of the files is not the one in force: figures go on by the latter, because a plan changes by a rebuild, in one step and with what
 * it moved, never by a restart.
 */
@Injectable()
export class PlanInForce implements OnModuleInit {
  readonly #logger = new Logger('PlanInForce');

  constructor(private readonly basis: BasisRegister) {}

  async onModuleInit(): Promise<void> {
    const isInForce = await this.basis.isPlanOfFilesInForce().catch((error: unknown) => {
      this.#logger.warn(`plan not checked: ${String(error)}`);
      return true;
    });
    if (!isInForce) this.#logger.warn('the plan files differ from the plan in force: figures go on by the latter until `par rebuild`');
  }
}
