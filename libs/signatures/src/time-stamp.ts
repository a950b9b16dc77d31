import { createHash, timingSafeEqual } from 'node:crypto';
import { TSTInfo } from 'pkijs';
import { judgeCertificate } from './certificates.ts';
import { type Digest, faultOf, HASHES, readCms } from './cms.ts';
import { type Trust } from './trust.ts';

const TST_INFO = '1.2.840.113549.1.9.16.1.4';

/**
 * When a time stamp (RFC 3161) says that something existed; undefined where it is of something else, does not hold, or its authority is not trusted.
 * @param digest of what is stamped
 */
export async function stampedAt(token: Uint8Array, digest: Digest, trust: Trust, now: Date): Promise<Date | undefined> {
  try {
    const cms = readCms(token);
    if (cms.contentType !== TST_INFO || !cms.content) return undefined;
    const { content } = cms;
    const { messageImprint, genTime } = TSTInfo.fromBER(content);
    const hash = HASHES.get(messageImprint.hashAlgorithm.algorithmId);
    if (hash === undefined || (hash === 'sha1' && !trust.toleratesSha1) || genTime > now) return undefined;
    const stamped = messageImprint.hashedMessage.valueBlock.valueHexView;
    const wanted = await digest(hash);
    if (stamped.length !== wanted.length || !timingSafeEqual(stamped, wanted)) return undefined;
    const fault = await faultOf(cms, (name) => Promise.resolve(createHash(name).update(content).digest()), trust.toleratesSha1);
    if (fault !== undefined) return undefined;
    const { certificate, others, lists } = cms;
    const { reason } = await judgeCertificate({ certificate, others, lists, use: 'time-stamping', at: genTime, proven: false, now, trust });
    return reason === undefined ? genTime : undefined;
  } catch {
    // A time stamp that cannot be read proves nothing; the signature may hold without it.
    return undefined;
  }
}
