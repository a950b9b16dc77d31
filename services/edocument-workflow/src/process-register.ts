import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { type WorkDossierKind } from '@par/contracts';
import { Database, Environment, OperationalError } from '@par/service-kit';
import { type Assignment, chooseProcess, type ProcessVersion, processVersion, type ProcessWish } from './process-version.ts';
import { readProcess } from './read-process.ts';

/** The BPMN files that ship, and `shipped.json`, which says what each is. */
const FOLDER = fileURLToPath(new URL('../processes', import.meta.url));
/** How old the copy in memory may get before a reader has it checked against the table. */
const CHECK_EVERY_MS = 1_000;

interface ShippedProcess {
  file: string;
  version: number;
  validFrom: string;
  /** What it is in force for where `PROCESSES_IN_FORCE` names it; empty: it is for single procedures or units and has to be stored for them. */
  kinds: WorkDossierKind[];
}

interface StoredVersion extends Omit<Assignment, 'validFrom'> {
  id: string;
  version: number;
  valid_from: string;
  bpmn: string;
  content_hash: string;
}

/** SHA-256 by which the same file for the same purpose is known again. */
export function contentHashOf(bpmn: string, { validFrom, procedures, units, kinds }: Assignment): string {
  const lists = [procedures, units, kinds].map((list) => list.toSorted());
  return createHash('sha256')
    .update(JSON.stringify([bpmn, validFrom, ...lists]))
    .digest('hex');
}

/**
 * Every version of every process: those that ship and those of the table, read and ready to be followed. Versions are added and never changed, so the copy in memory is
 * checked by their number, at most once a second; any replica sees what another one stored.
 */
@Injectable()
export class ProcessRegister implements OnModuleInit {
  readonly #logger = new Logger('ProcessRegister');
  readonly #inForce: readonly string[];
  readonly #versions = new Map<string, ProcessVersion>();
  /** File of each version that ships. */
  readonly #files = new Map<string, string>();
  #rows = 0;
  #checkedAt = 0;
  #checking: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    environment: Environment,
  ) {
    this.#inForce = environment.list('PROCESSES_IN_FORCE');
  }

  async onModuleInit(): Promise<void> {
    await this.#readShipped();
    // With the database away at start the stored ones follow when it is back: nothing is judged before that.
    await this.refresh().catch((error: unknown) => this.#logger.warn(`processes not read yet: ${String(error)}`));
  }

  /** All versions as known here; at most a second behind the table. */
  current(): ProcessVersion[] {
    if (Date.now() - this.#checkedAt > CHECK_EVERY_MS) {
      this.refresh().catch((error: unknown) => this.#logger.warn(`processes not read: ${String(error)}`));
    }
    return [...this.#versions.values()];
  }

  /** All versions as the table has them now, by id and version. */
  async latest(): Promise<ProcessVersion[]> {
    await this.refresh();
    return [...this.#versions.values()].sort((a, b) => (a.id === b.id ? a.version - b.version : a.id < b.id ? -1 : 1));
  }

  choose(wish: ProcessWish): ProcessVersion | undefined {
    return chooseProcess(this.current(), wish);
  }

  knows(id: string, version: number): boolean {
    return this.#versions.has(keyOf(id, version));
  }

  /** @throws OperationalError where it is not known here, as while replicas of two releases run side by side */
  version(id: string, version: number): ProcessVersion {
    const found = this.#versions.get(keyOf(id, version));
    if (!found) throw new OperationalError('process.unknown-version', `version ${version} of the process ${id} is not known here`);
    return found;
  }

  /** The file of a version, as it was stored. */
  async bpmnOf({ id, version }: ProcessVersion): Promise<string> {
    const file = this.#files.get(keyOf(id, version));
    if (file !== undefined) return readFileSync(join(FOLDER, file), 'utf8');
    const [row] = await this.database.query<{ bpmn: string }>('SELECT bpmn FROM process_version WHERE id = $1 AND version = $2', [
      id,
      version,
    ]);
    return row!.bpmn;
  }

  /** Reads what the table has and the copy has not. Concurrent callers share one read. */
  async refresh(): Promise<void> {
    this.#checking ??= this.#read().finally(() => {
      this.#checking = undefined;
    });
    await this.#checking;
  }

  async #read(): Promise<void> {
    const [count] = await this.database.query<{ rows: number }>('SELECT count(*)::int AS rows FROM process_version');
    if (count && count.rows !== this.#rows) {
      const known = [...this.#versions.values()].filter(({ isShipped }) => !isShipped);
      const rows = await this.database.query<StoredVersion>(
        `SELECT id, version, valid_from, procedures, units, kinds, bpmn, content_hash FROM process_version
          WHERE (id, version) NOT IN (SELECT * FROM unnest($1::text[], $2::int[])) ORDER BY id, version`,
        [known.map(({ id }) => id), known.map(({ version }) => version)],
      );
      for (const row of rows) await this.#add(row);
      this.#rows = count.rows;
    }
    this.#checkedAt = Date.now();
  }

  async #add({
    id,
    version,
    valid_from: validFrom,
    procedures,
    units,
    kinds,
    bpmn,
    content_hash: contentHash,
  }: StoredVersion): Promise<void> {
    const reading = await readProcess(bpmn);
    if (!reading.ok) {
      this.#logger.error(
        `version ${version} of the process ${id} cannot be read any more: ${reading.mistakes.map(({ code }) => code).join(', ')}`,
      );
      return;
    }
    const about = { version, validFrom, procedures, units, kinds, contentHash, isShipped: false };
    this.#versions.set(keyOf(id, version), processVersion(about, reading.process));
    // Where a later release ships a version of the same number, running dossiers are on the stored one.
    this.#files.delete(keyOf(id, version));
  }

  async #readShipped(): Promise<void> {
    const shipped = JSON.parse(readFileSync(join(FOLDER, 'shipped.json'), 'utf8')) as ShippedProcess[];
    const wanted = new Set(this.#inForce);
    for (const { file, version, validFrom, kinds } of shipped) {
      const bpmn = readFileSync(join(FOLDER, file), 'utf8');
      const reading = await readProcess(bpmn);
      if (!reading.ok) throw new Error(`${file} cannot run: ${reading.mistakes.map(({ en, element }) => `${element}: ${en}`).join('; ')}`);
      const { id } = reading.process;
      const isInForce = wanted.delete(id);
      if (isInForce && kinds.length === 0)
        throw new Error(
          `configuration: PROCESSES_IN_FORCE: ${id} is for single procedures or units; store it for them by POST /v1/processes`,
        );
      const assignment = { validFrom, procedures: [], units: [], kinds: isInForce ? kinds : [] };
      const about = { version, ...assignment, contentHash: contentHashOf(bpmn, assignment), isShipped: true };
      this.#versions.set(keyOf(id, version), processVersion(about, reading.process));
      this.#files.set(keyOf(id, version), file);
    }
    if (wanted.size > 0) throw new Error(`configuration: PROCESSES_IN_FORCE names what does not ship: ${[...wanted].join(', ')}`);
  }
}

function keyOf(id: string, version: number): string {
  return `${id}\n${version}`;
}
