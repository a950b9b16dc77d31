import { type DynamicModule, Global, Module } from '@nestjs/common';
import { type ServiceName } from '@par/contracts';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { Clock } from './clock.ts';
import { Database } from './database.ts';
import { Environment } from './environment.ts';
import { Health, HealthController } from './health.ts';
import { MetricsText, ScrapedGauges, ServiceMetrics } from './metrics.ts';
import { OperatorGuard } from './operator.ts';
import { openTracing, Tracing } from './tracing.ts';

/** What every service has: configuration, clock, database, health, metrics, traces and the operator's door. Global. */
@Global()
@Module({})
export class ServiceKitModule {
  static forService(service: ServiceName): DynamicModule {
    return {
      module: ServiceKitModule,
      providers: [
        { provide: Registry, useFactory: () => newRegistry(service) },
        { provide: Environment, useFactory: () => new Environment() },
        { provide: Tracing, inject: [Environment], useFactory: (environment: Environment) => openTracing(service, environment) },
        Clock,
        Database,
        Health,
        ScrapedGauges,
        MetricsText,
        ServiceMetrics,
        OperatorGuard,
      ],
      controllers: [HealthController],
      exports: [Registry, Environment, Clock, Database, Health, ScrapedGauges, ServiceMetrics, OperatorGuard, Tracing],
    };
  }
}

function newRegistry(service: ServiceName): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
}
