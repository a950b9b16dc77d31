import { readFile, stat } from 'node:fs/promises';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Environment } from '@par/service-kit';
import { readRevocationLists, readTrustList, type Trust } from '@par/signatures';

/**
 * Whom signatures are held against: `SIGNATURE_TRUST_LIST` and `SIGNATURE_CRLS`, files separated by commas, and `SIGNATURE_TOLERATE_SHA1`. A file that cannot be read stops the
 * start. Revocation lists are issued anew every day, so their files are read again when they change; the trust list is not.
 */
@Injectable()
export class SignatureTrust implements OnModuleInit {
  readonly #logger = new Logger('SignatureTrust');
  readonly #anchorFiles: string[];
  readonly #listFiles: string[];
  #trust: Trust;
  #stamp = '';
  #reading: Promise<void> | undefined;

  constructor(environment: Environment) {
    this.#anchorFiles = environment.list('SIGNATURE_TRUST_LIST');
    this.#listFiles = environment.list('SIGNATURE_CRLS');
    const tolerate = environment.text('SIGNATURE_TOLERATE_SHA1', 'false');
    if (tolerate !== 'true' && tolerate !== 'false')
      throw new Error(`configuration: SIGNATURE_TOLERATE_SHA1 must be true or false, not "${tolerate}"`);
    this.#trust = { anchors: [], lists: [], toleratesSha1: tolerate === 'true' };
  }

  async onModuleInit(): Promise<void> {
    const anchors = await collect('SIGNATURE_TRUST_LIST', this.#anchorFiles, readTrustList);
    this.#stamp = await this.#stampOfLists();
    this.#trust = { ...this.#trust, anchors, lists: await collect('SIGNATURE_CRLS', this.#listFiles, readRevocationLists) };
    if (anchors.length === 0) this.#logger.log('SIGNATURE_TRUST_LIST names no authority: every signature will be signature.untrusted');
  }

  /** The trust as of now. Where a changed list cannot be read, the one before stays. */
  async current(): Promise<Trust> {
    if (this.#listFiles.length > 0) await (this.#reading ??= this.#readAgain().finally(() => (this.#reading = undefined)));
    return this.#trust;
  }

  async #readAgain(): Promise<void> {
    try {
      const stamp = await this.#stampOfLists();
      if (stamp === this.#stamp) return;
      const lists = await collect('SIGNATURE_CRLS', this.#listFiles, readRevocationLists);
      this.#trust = { ...this.#trust, lists };
      this.#stamp = stamp;
      this.#logger.log(`read ${lists.length} revocation lists again`);
    } catch (error) {
      this.#logger.warn(`the revocation lists in use stay: ${error instanceof Error ? error.message : 'unknown error'}`);
    }
  }

  async #stampOfLists(): Promise<string> {
    const stamps = await Promise.all(
      this.#listFiles.map(async (file) => {
        const known = await stat(file).catch(() => undefined);
        return known ? `${known.mtimeMs}/${known.size}` : 'missing';
      }),
    );
    return stamps.join();
  }
}

async function collect<T>(
  variable: string,
  files: readonly string[],
  read: (name: string, content: Buffer) => T[] | Promise<T[]>,
): Promise<T[]> {
  const found: T[] = [];
  for (const file of files) {
    const content = await readFile(file).catch(() => {
      throw new Error(`configuration: ${variable}: ${file} cannot be read`);
    });
    try {
      found.push(...(await read(file, content)));
    } catch (error) {
      throw new Error(`configuration: ${variable}: ${error instanceof Error ? error.message : 'unknown error'}`, { cause: error });
    }
  }
  return found;
}
