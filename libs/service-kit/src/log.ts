import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger as Pino } from 'pino';
import { errorStack, withoutValues } from './log-text.ts';

/** Where the mistakes of configuration are told, in full: no event has come in by then. */
const AT_START = 'bootstrap';

/**
 * Nest's log lines through pino: one JSON line each, with the service's name. Bodies of messages are never logged, and this writer also takes
 * out the values that texts of errors quote, whoever logs them.
 */
export class StructuredLog implements LoggerService {
  readonly pino: Pino;

  constructor(service: string, level: string, destination?: DestinationStream) {
    const options = { level, base: { service, pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime };
    this.pino = destination ? pino(options, destination) : pino(options);
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.#write('info', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.#write('error', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.#write('warn', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.#write('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.#write('trace', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.#write('fatal', message, rest);
  }

  // Nest passes an optional stack and, last, the name of the class that speaks.
  #write(level: 'info' | 'error' | 'warn' | 'debug' | 'trace' | 'fatal', message: unknown, rest: unknown[]): void {
    const context = rest.at(-1);
    const stack = rest.length > 1 ? rest[0] : undefined;
    this.pino[level](
      { ...(typeof context === 'string' ? { context } : {}), ...(typeof stack === 'string' ? { stack: withoutValues(stack) } : {}) },
      context === AT_START ? atStart(message) : textOf(message),
    );
  }
}

function textOf(message: unknown): string {
  return message instanceof Error ? errorStack(message) : withoutValues(String(message));
}

function atStart(message: unknown): string {
  return message instanceof Error ? (message.stack ?? message.message) : String(message);
}
