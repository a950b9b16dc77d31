import { X509Certificate } from 'node:crypto';

/** Bytes of a certificate or a list. */
export type Der = Uint8Array<ArrayBuffer>;

/** Whom signatures are held against. Certificates and lists are DER. */
export interface Trust {
  /** Certificates of the authorities that are trusted: roots, or authorities below one. */
  anchors: readonly Der[];
  /** Certificate revocation lists. */
  lists: readonly Der[];
  /** Takes SHA-1 and short keys as good, for messages from before they were given up. */
  toleratesSha1: boolean;
}

/**
 * The certificates of a PEM bundle, or the one of a DER file.
 * @throws Error that names the file and what in it cannot be read
 */
export function readTrustList(name: string, content: Buffer): Der[] {
  const blocks = pemBlocks(content, 'CERTIFICATE') ?? [Buffer.from(content)];
  if (blocks.length === 0) throw new Error(`${name} has no certificate in it`);
  return blocks.map((der, index) => {
    try {
      return Buffer.from(new X509Certificate(der).raw);
    } catch {
      throw new Error(`certificate ${index + 1} of ${name} cannot be read`);
    }
  });
}

/**
 * The lists of a PEM bundle, or the one of a DER file.
 * @throws Error that names the file and what in it cannot be read
 */
export async function readRevocationLists(name: string, content: Buffer): Promise<Der[]> {
  const blocks = pemBlocks(content, 'X509 CRL') ?? [Buffer.from(content)];
  if (blocks.length === 0) throw new Error(`${name} has no revocation list in it`);
  const { CertificateRevocationList } = await import('pkijs');
  blocks.forEach((der, index) => {
    try {
      CertificateRevocationList.fromBER(der);
    } catch {
      throw new Error(`revocation list ${index + 1} of ${name} cannot be read`);
    }
  });
  return blocks;
}

/** Undefined where it is no PEM file. */
function pemBlocks(content: Buffer, label: string): Buffer<ArrayBuffer>[] | undefined {
  if (!content.includes('-----BEGIN ')) return undefined;
  const blocks = content.toString('latin1').matchAll(new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]*)-----END ${label}-----`, 'g'));
  return [...blocks].map(([, base64]) => Buffer.from(base64!, 'base64'));
}
