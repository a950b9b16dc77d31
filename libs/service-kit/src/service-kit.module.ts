import { type DynamicModule, Global, Module } from '@nestjs/common';
import { type ServiceName } from '@par/contracts';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { Clock } from './clock.ts';
import { Database } from './database.ts';
import { Environment } from './environment.ts';
import { Health, HealthController } from './health.ts';

/** What every service has: configuration, clock, database, health and metrics. Global. */
@Global()
@Module({})
export class ServiceKitModule {
  static forService(service: ServiceName): DynamicModule {
    return {
      module: ServiceKitModule,
      providers: [
        { provide: Registry, useFactory: () => newRegistry(service) },
        { provide: Environment, useFactory: () => new Environment() },
        Clock,
        Database,
        Health,
      ],
      controllers: [HealthController],
      exports: [Registry, Environment, Clock, Database, Health],
    };
  }
}

function newRegistry(service: ServiceName): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
}
