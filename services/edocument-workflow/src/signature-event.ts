import type { CloudEvent, EventData, EventIdentity } from '@par/contracts';
import { JUDGEMENT_SOURCE } from './judgement-event.ts';

type SignatureVerified = EventData['vn.par.work-dossier.signature-verified.v1'];

/** A verdict on a file as it is kept. */
export interface KeptVerdict {
  workDossier: string;
  file: string;
  revision: number;
  unit: string;
  format: SignatureVerified['format'];
  verdict: SignatureVerified['verdict'];
  reason: string | null;
  certificate: string | null;
  signedAt: Date | null;
  revocation: SignatureVerified['revocation'];
  receivedAt: Date;
}

/** The identity of a verdict follows from what it is about, so it can be named again at any time. */
export function signatureIdentity({ workDossier, file, revision }: Pick<KeptVerdict, 'workDossier' | 'file' | 'revision'>): EventIdentity {
  return { source: JUDGEMENT_SOURCE, id: `${workDossier}:signature:${file}:${revision}` };
}

/** What an identity names, the other way round; undefined for one that is none of a verdict. */
export function namedByIdentity({ id }: EventIdentity): Pick<KeptVerdict, 'workDossier' | 'file' | 'revision'> | undefined {
  const [, workDossier, file, revision] = /^(.+):signature:([0-9a-f]{64}):([1-9]\d{0,8})$/s.exec(id) ?? [];
  return workDossier === undefined ? undefined : { workDossier, file: file!, revision: Number(revision) };
}

/** A verdict as it is published, from what is kept of it. It came over no network, so it carries none. */
export function signatureEvent(kept: KeptVerdict): CloudEvent<'vn.par.work-dossier.signature-verified.v1'> {
  const { workDossier, file, unit, format, verdict, reason, certificate, signedAt, revocation, receivedAt } = kept;
  return {
    specversion: '1.0',
    ...signatureIdentity(kept),
    type: 'vn.par.work-dossier.signature-verified.v1',
    subject: workDossier,
    time: receivedAt.toISOString(),
    datacontenttype: 'application/json',
    unit,
    received: receivedAt.toISOString(),
    data: {
      file,
      format,
      verdict,
      ...(reason === null ? {} : { reason }),
      ...(certificate === null ? {} : { certificate }),
      ...(signedAt === null ? {} : { signedAt: signedAt.toISOString() }),
      revocation,
    },
  };
}

/** Whether two verdicts on one file say the same, whoever asked and whenever. */
export function saysTheSame(
  a: Omit<KeptVerdict, 'revision' | 'receivedAt' | 'unit'>,
  b: Omit<KeptVerdict, 'revision' | 'receivedAt' | 'unit'>,
): boolean {
  return (
    a.format === b.format &&
    a.verdict === b.verdict &&
    a.reason === b.reason &&
    a.certificate === b.certificate &&
    a.signedAt?.getTime() === b.signedAt?.getTime() &&
    a.revocation === b.revocation
  );
}
