import { Controller, Get, Inject, Optional, Query } from '@nestjs/common';
import { type EventIdentity, type ServiceBalance, type ServiceName } from '@par/contracts';
import { Clock, Problem } from '@par/service-kit';
import { BalanceSheet } from './balance-sheet.ts';
import { BatchTransport } from './batch-transport.ts';
import { SERVICE_NAME } from './broker.ts';
import { FiledMessages } from './filed-messages.ts';
import { IdentitySource, type IdentityQuery } from './identity-source.ts';
import { LineStore } from './reconcile/line-store.ts';
import { Relay } from './relay.ts';

/** The service's balance sheet: lines, what is in flight, what waits and what was given up. */
@Controller('v1/balance')
export class ShowBalanceController {
  constructor(
    @Inject(SERVICE_NAME) private readonly service: ServiceName,
    private readonly sheet: BalanceSheet,
    private readonly relay: Relay,
    private readonly filed: FiledMessages,
    private readonly transport: BatchTransport,
    private readonly clock: Clock,
    private readonly compared: LineStore,
    @Optional() private readonly source?: IdentitySource,
  ) {}

  @Get()
  async show(): Promise<ServiceBalance> {
    // Queues first and lines last: a message that moves meanwhile is then seen twice rather than not at all.
    const queues = await this.transport.queues();
    const outbox = await this.relay.unsent();
    const retries = await this.filed.waiting();
    const deadLetters = await this.filed.dead();
    const recounting = await this.source?.recounting();
    const reconciliation = await this.compared.state();
    const lines = await this.sheet.lines();
    return {
      service: this.service,
      takenAt: this.clock.now().toISOString(),
      lines,
      outbox,
      retries,
      deadLetters,
      queues,
      reconciliation,
      ...(recounting === undefined ? {} : { recounting }),
    };
  }

  @Get('identities')
  async identities(@Query() query: Partial<Record<keyof IdentityQuery, string>>): Promise<EventIdentity[]> {
    const { direction, origin, type, unit, day } = query;
    if (
      (direction !== 'out' && direction !== 'in') ||
      origin === undefined ||
      type === undefined ||
      unit === undefined ||
      day === undefined
    ) {
      throw new Problem({
        status: 400,
        code: 'balance.line-not-named',
        title: {
          en: 'A line is named by direction, origin, type, unit and day',
          vi: 'Cần nêu đủ direction, origin, type, unit và day của dòng',
        },
      });
    }
    return (await this.source?.identities({ direction, origin, type, unit, day })) ?? [];
  }
}
