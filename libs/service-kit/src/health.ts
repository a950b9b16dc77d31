import { Controller, Get, HttpCode, Injectable, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Registry } from 'prom-client';
import { Database } from './database.ts';
import { errorText } from './log-text.ts';
import { MetricsText } from './metrics.ts';

export interface HealthResult {
  ok: boolean;
  detail?: string;
}

/** What a service needs to be well. `live`: restart me when it fails; `ready`: send me nothing while it fails. */
export interface HealthCheck {
  name: string;
  kind: 'live' | 'ready';
  check(): Promise<HealthResult>;
}

@Injectable()
export class Health {
  readonly #checks: HealthCheck[] = [];

  constructor(database: Database) {
    this.register({
      name: 'database',
      kind: 'ready',
      check: async () => {
        await database.query('SELECT 1');
        return { ok: true };
      },
    });
  }

  register(check: HealthCheck): void {
    this.#checks.push(check);
  }

  async report(kind: HealthCheck['kind']): Promise<{ ok: boolean; checks: Record<string, HealthResult> }> {
    const wanted = this.#checks.filter((check) => kind === 'ready' || check.kind === 'live');
    const results = await Promise.all(
      wanted.map(async (check): Promise<[string, HealthResult]> => {
        try {
          return [check.name, await check.check()];
        } catch (error) {
          return [check.name, { ok: false, detail: errorText(error) }];
        }
      }),
    );
    return { ok: results.every(([, result]) => result.ok), checks: Object.fromEntries(results) };
  }
}

@Controller()
export class HealthController {
  constructor(
    private readonly health: Health,
    private readonly registry: Registry,
    private readonly metricsText: MetricsText,
  ) {}

  @Get('health/live')
  async live(@Res() reply: FastifyReply): Promise<void> {
    const report = await this.health.report('live');
    await reply.code(report.ok ? 200 : 503).send(report);
  }

  @Get('health/ready')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const report = await this.health.report('ready');
    await reply.code(report.ok ? 200 : 503).send(report);
  }

  @Get('metrics')
  @HttpCode(200)
  async metrics(@Res() reply: FastifyReply): Promise<void> {
    await reply.header('content-type', this.registry.contentType).send(await this.metricsText.text());
  }
}
