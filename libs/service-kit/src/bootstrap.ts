import 'reflect-metadata';
import { type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type ServiceName } from '@par/contracts';
import type { FastifyInstance } from 'fastify';
import { Environment } from './environment.ts';
import { keepMemorySmall } from './keep-memory-small.ts';
import { StructuredLog } from './log.ts';
import { ServiceMetrics } from './metrics.ts';
import { ProblemFilter } from './problem.filter.ts';

/** Injection token of the transport through which messages arrive; `@par/messaging` provides it. */
export const MESSAGE_TRANSPORT = Symbol('par.message-transport');

const DEFAULT_PORTS: Record<ServiceName, number> = {
  reporting: 8080,
  'dossier-intake': 8081,
  'edocument-workflow': 8082,
  'index-scoring': 8083,
};

export interface BootstrapOptions {
  service: ServiceName;
  /** Body parsers, static files and other things that are Fastify's and not Nest's. */
  configureFastify?: (fastify: FastifyInstance) => void | Promise<void>;
}

/**
 * Starts a service: parses its configuration, listens on HOST:PORT, takes messages, and on SIGTERM or SIGINT stops taking, finishes what
 * is in hand and ends. Exits with 1 and one line when the configuration is wrong or the start fails.
 */
export async function bootstrap(module: Type | { module: Type }, options: BootstrapOptions): Promise<NestFastifyApplication> {
  const environment = new Environment();
  const log = new StructuredLog(options.service, environment.text('LOG_LEVEL', 'info'));
  endLoudly(log);
  try {
    const host = environment.text('HOST', '127.0.0.1');
    const port = environment.integer('PORT', DEFAULT_PORTS[options.service], { min: 0, max: 65_535 });
    environment.text('DATABASE_URL');
    environment.text('AMQP_URL');
    environment.finish();
    const app = await createApplication(module, options, log);
    const transport = app.get<CustomTransportStrategy>(MESSAGE_TRANSPORT, { strict: false });
    app.connectMicroservice({ strategy: transport }, { inheritAppConfig: false });
    stopOnSignal(app, log);
    await app.startAllMicroservices();
    await app.listen(port, host);
    log.log(`listening on ${await app.getUrl()}`, 'bootstrap');
    keepMemorySmall();
    return app;
  } catch (error) {
    log.fatal(error, 'bootstrap');
    process.exit(1);
  }
}

/** Ids in paths: an identifier of an event has at most 200 characters, that of a document 120. Fastify would know none of more than 100. */
const LONGEST_ID = 200;

/** The Nest application without listening or messages: what specs of controllers start. */
export async function createApplication(
  module: Type | { module: Type },
  options: BootstrapOptions,
  log = new StructuredLog(options.service, process.env.LOG_LEVEL ?? 'warn'),
): Promise<NestFastifyApplication> {
  // Nothing here is an Express middleware, so the layer for them stays out of every request's way.
  const adapter = new FastifyAdapter({
    logger: false,
    forceCloseConnections: 'idle',
    skipMiddie: true,
    routerOptions: { maxParamLength: LONGEST_ID },
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  await options.configureFastify?.(fastify);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger: log, abortOnError: false, bodyParser: false });
  const metrics = app.get(ServiceMetrics, { strict: false });
  metrics.watch(fastify);
  app.useGlobalFilters(new ProblemFilter(metrics));
  return app;
}

/** A mistake that nobody caught ends the process, as it does without us; but Node would print the whole error, and with it the values of a row. */
function endLoudly(log: StructuredLog): void {
  const end = (error: unknown): void => {
    log.fatal(error, 'process');
    process.exit(1);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}

/** How long what is in hand may take to finish once a stop was asked for. */
const STOP_PATIENCE_MS = 25_000;

/** SIGTERM or SIGINT: drain and end with 0. A second signal, or a drain that does not come to its end, ends at once with 1. */
function stopOnSignal(app: NestFastifyApplication, log: StructuredLog): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    log.log(`${signal}: finishing what is in hand`, 'bootstrap');
    setTimeout(() => process.exit(1), STOP_PATIENCE_MS).unref();
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.fatal(error, 'process');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
