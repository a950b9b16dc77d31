import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeStateDirectory, type Progress } from '@par/infrastructure';
import { type BenchOptions, isWanted } from './bench-options.ts';
import { BenchServers } from './bench-servers.ts';
import { commitOf, describeMachine } from './machine.ts';
import type { BenchResult } from './result-table.ts';
import type { BenchContext, Row, RowResult } from './row.ts';

/** One run of the bench over servers of its own, begun empty and removed afterwards. */
export class BenchRun {
  #servers: BenchServers | undefined;
  readonly #work: string;

  constructor(
    private readonly directory: string,
    private readonly options: BenchOptions,
    private readonly say: Progress,
  ) {
    this.#work = join(directory, 'work');
  }

  /** Runs one row after the other. One that fails is named, and the others go on. */
  async measure(rows: readonly Row[]): Promise<{ result: BenchResult; failures: string[] }> {
    makeStateDirectory(this.directory);
    for (const left of [this.#work, join(this.directory, 'log')]) rmSync(left, { recursive: true, force: true });
    makeStateDirectory(this.#work);
    this.#servers = await BenchServers.start(this.directory, this.say);
    const machine = describeMachine(await this.#servers.versions());
    const results: RowResult[] = [];
    const failures: string[] = [];
    const began = performance.now();
    for (const [index, row] of rows.entries()) {
      const elapsed = Math.round((performance.now() - began) / 1000);
      this.say(`\n[${index + 1}/${rows.length}, ${elapsed} s] ${row.name}: ${row.title}`);
      try {
        const given = await row.run(this.#contextOf(row, this.#servers));
        for (const each of given)
          this.say(`  ${each.name}: ${each.value.toFixed(1)} ${each.unit}${each.exact === false ? ', NOT EXACT' : ''}`);
        results.push(...given);
      } catch (error) {
        failures.push(`${row.name}: ${String((error as Error).stack)}`);
        this.say(`  ${row.name} failed: ${(error as Error).message}`);
      }
    }
    return {
      result: { machine, date: new Date().toISOString(), commit: commitOf(), quick: this.options.quick, rows: results },
      failures,
    };
  }

  async stop(): Promise<void> {
    await this.#servers?.stop();
    rmSync(this.#work, { recursive: true, force: true });
  }

  #contextOf(row: Row, servers: BenchServers): BenchContext {
    return {
      quick: this.options.quick,
      wants: (name) => isWanted(name, row, this.options),
      directory: this.#work,
      processMark: this.directory,
      postgresUrl: servers.postgresUrl,
      amqpUrl: servers.amqpUrl,
      say: (line) => this.say(`  ${line}`),
      createDatabase: (name) => servers.createDatabase(name),
      createServiceDatabase: (service) => servers.createServiceDatabase(service),
      createVhost: (name) => servers.createVhost(name),
      meter: (parts) => servers.meter(parts),
    };
  }
}
