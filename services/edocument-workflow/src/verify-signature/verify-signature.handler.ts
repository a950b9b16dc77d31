import { Injectable } from '@nestjs/common';
import { type SignatureFormat } from '@par/contracts';
import { AcceptEvents, isMarkedField } from '@par/ingress';
import { Outbox } from '@par/messaging';
import { type Bilingual, Clock, Database, Environment, isOvertaken, Problem, type Transaction } from '@par/service-kit';
import { type FileFault, type SignatureReading, verifySignatures } from '@par/signatures';
import { type KeptVerdict, saysTheSame, signatureEvent } from '../signature-event.ts';
import { SignatureTrust } from './signature-trust.ts';

/** Two processes that store the same verdict at once: one of them looks again. */
const MOST_ATTEMPTS = 5;

export interface Recorded {
  revision: number;
  /** False where the same verdict was published before. */
  published: boolean;
}

/** Verifies files, a few at a time, and keeps what was found. */
@Injectable()
export class VerifySignature {
  readonly #atOnce: number;
  #running = 0;

  constructor(
    private readonly trust: SignatureTrust,
    private readonly events: AcceptEvents,
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    environment: Environment,
  ) {
    this.#atOnce = environment.integer('SIGNATURE_AT_ONCE', 2, { min: 1, max: 64 });
    environment.finish();
  }

  /** Runs work that holds a file in memory; refuses it where enough of that is going on. */
  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#atOnce) throw busy();
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
    }
  }

  async verify(format: SignatureFormat, bytes: Buffer): Promise<SignatureReading> {
    const looked = await verifySignatures(format, bytes, await this.trust.current(), this.clock.now(), isMarked);
    if (looked.ok) return looked.reading;
    throw looked.code === 'file.secrecy-mark' ? await this.events.refuseSecret() : notReadable(looked.code, looked.line);
  }

  /** Keeps a verdict and publishes it, in one transaction; nothing where it says the same as the one before. */
  async record(workDossier: string, unit: string, file: string, reading: SignatureReading): Promise<Recorded> {
    const { format, verdict, reason = null, certificate = null, signedAt, revocation } = reading;
    const said = {
      workDossier,
      file,
      format,
      verdict,
      reason,
      certificate,
      signedAt: signedAt === undefined ? null : new Date(signedAt),
      revocation,
    };
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.database.transaction(async (tx) => {
          const last = await lastVerdict(tx, workDossier, file);
          if (last && saysTheSame(last, said)) return { revision: last.revision, published: false };
          const kept = { ...said, unit, revision: (last?.revision ?? 0) + 1, receivedAt: this.clock.now() };
          keep(tx, kept);
          this.outbox.put(tx, [signatureEvent(kept)]);
          return { revision: kept.revision, published: true };
        }, 'key');
      } catch (error) {
        if (!isOvertaken(error) || attempt === MOST_ATTEMPTS) throw error;
      }
    }
  }
}

async function lastVerdict(tx: Transaction, workDossier: string, file: string): Promise<KeptVerdict | undefined> {
  const [last] = await tx.query<KeptVerdict>(
    `SELECT work_dossier AS "workDossier", file, revision, unit, format, verdict, reason, certificate, signed_at AS "signedAt", revocation,
            received_at AS "receivedAt"
       FROM signature_verdict WHERE work_dossier = $1 AND file = $2 ORDER BY revision DESC LIMIT 1`,
    [workDossier, file],
  );
  return last;
}

function keep(tx: Transaction, kept: KeptVerdict): void {
  tx.send(
    `INSERT INTO signature_verdict (work_dossier, file, revision, unit, format, verdict, reason, certificate, signed_at, revocation, received_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      kept.workDossier,
      kept.file,
      kept.revision,
      kept.unit,
      kept.format,
      kept.verdict,
      kept.reason,
      kept.certificate,
      kept.signedAt,
      kept.revocation,
      kept.receivedAt,
    ],
  );
}

/** An attachment in base64 is no text, and its megabytes are not searched for words: long lines of nothing but its letters. */
function isMarked(name: string, text: string): boolean {
  const isBase64 =
    text.length > 10_000 &&
    /^[A-Za-z0-9+/=\s]+$/.test(text) &&
    text
      .trim()
      .split(/\s+/, 1_000)
      .slice(0, -1)
      .every((line) => line.length >= 40);
  return isMarkedField(name, isBase64 ? '' : text);
}

const FAULTS: Record<Exclude<FileFault, 'file.secrecy-mark'>, Bilingual> = {
  'file.not-a-pdf': { en: 'The file is no PDF', vi: 'Tệp không phải PDF' },
  'file.not-xml': {
    en: 'The file is no well-formed XML in UTF-8 without DTD and processing instructions',
    vi: 'Tệp không phải XML đúng cú pháp, mã UTF-8, không có DTD và chỉ thị xử lý',
  },
  'file.too-many-elements': {
    en: 'The file has too many elements, or too deep ones',
    vi: 'Tệp có quá nhiều phần tử hoặc lồng nhau quá sâu',
  },
};

function notReadable(code: keyof typeof FAULTS, line: number | undefined): Problem {
  return new Problem({ status: 422, code, field: 'body', title: FAULTS[code], ...(line === undefined ? {} : { extra: { line } }) });
}

function busy(): Problem {
  return new Problem({
    status: 429,
    code: 'signature.busy',
    title: {
      en: 'Other files are being verified; send again in a moment',
      vi: 'Hệ thống đang kiểm tra các tệp khác; xin gửi lại sau giây lát',
    },
    retryAfterSeconds: 2,
  });
}
