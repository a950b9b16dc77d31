import { Injectable } from '@nestjs/common';
import { type Bilingual } from '@par/service-kit';
import { SIGNATURE_REASONS, type SignatureReason } from '@par/signatures';
import { Prisma } from '../prisma.ts';

/** More files than these in one work dossier are not shown. */
const MOST_SHOWN = 500;

const VERDICTS = {
  valid: { en: 'Every signature of the file holds.', vi: 'Mọi chữ ký số của tệp đều hợp lệ.' },
  invalid: { en: 'A signature of the file does not hold.', vi: 'Tệp có chữ ký số không hợp lệ.' },
  unsigned: { en: 'The file has no digital signature.', vi: 'Tệp không có chữ ký số.' },
} satisfies Record<string, Bilingual>;

export interface VerdictView {
  verdict: { code: string } & Bilingual;
  reason: ({ code: string } & Bilingual) | null;
}

/** A verdict and its reason in words. */
export function verdictView(verdict: string, reason: string | null | undefined): VerdictView {
  return {
    verdict: { code: verdict, ...VERDICTS[verdict as keyof typeof VERDICTS] },
    reason: reason ? { code: reason, ...SIGNATURE_REASONS[reason as SignatureReason] } : null,
  };
}

export interface FileVerdictView extends VerdictView {
  /** SHA-256 of the file, lower-case hex. */
  file: string;
  format: string;
  certificate: string | null;
  signedAt: string | null;
  revocation: string;
  unit: string;
  revision: number;
  verifiedAt: string;
}

@Injectable()
export class ShowSignatures {
  constructor(private readonly prisma: Prisma) {}

  /** The verdict that holds for every file of a work dossier, by file. */
  async of(workDossier: string): Promise<FileVerdictView[]> {
    const rows = await this.prisma.client.signatureVerdict.findMany({
      where: { workDossier },
      orderBy: [{ file: 'asc' }, { revision: 'desc' }],
      distinct: ['file'],
      take: MOST_SHOWN,
    });
    return rows.map(({ file, format, verdict, reason, certificate, signedAt, revocation, unit, revision, receivedAt }) => ({
      file,
      format,
      ...verdictView(verdict, reason),
      certificate,
      signedAt: signedAt?.toISOString() ?? null,
      revocation,
      unit,
      revision,
      verifiedAt: receivedAt.toISOString(),
    }));
  }
}
