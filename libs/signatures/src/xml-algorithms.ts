import { constants, type KeyObject, verify } from 'node:crypto';
import { type HashName } from './cms.ts';

const MORE = 'http://www.w3.org/2001/04/xmldsig-more#';
const SIG_2007 = 'http://www.w3.org/2007/05/xmldsig-more#';
const ENC = 'http://www.w3.org/2001/04/xmlenc#';

/** The one transform beside the canonical forms (XML-DSig core, 6.6.4). Nothing that runs a program of the sender's: no XPath, no XSLT. */
export const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';

export interface XmlAlgorithm {
  key: 'rsa' | 'ec';
  hash: HashName;
  pss?: true;
}

/** RFC 9231 */
export const XML_SIGNATURES: ReadonlyMap<string, XmlAlgorithm> = new Map<string, XmlAlgorithm>([
  ['http://www.w3.org/2000/09/xmldsig#rsa-sha1', { key: 'rsa', hash: 'sha1' }],
  [`${MORE}rsa-sha256`, { key: 'rsa', hash: 'sha256' }],
  [`${MORE}rsa-sha384`, { key: 'rsa', hash: 'sha384' }],
  [`${MORE}rsa-sha512`, { key: 'rsa', hash: 'sha512' }],
  [`${SIG_2007}sha256-rsa-MGF1`, { key: 'rsa', hash: 'sha256', pss: true }],
  [`${SIG_2007}sha384-rsa-MGF1`, { key: 'rsa', hash: 'sha384', pss: true }],
  [`${SIG_2007}sha512-rsa-MGF1`, { key: 'rsa', hash: 'sha512', pss: true }],
  [`${MORE}ecdsa-sha256`, { key: 'ec', hash: 'sha256' }],
  [`${MORE}ecdsa-sha384`, { key: 'ec', hash: 'sha384' }],
  [`${MORE}ecdsa-sha512`, { key: 'ec', hash: 'sha512' }],
]);

export const XML_HASHES: ReadonlyMap<string, HashName> = new Map<string, HashName>([
  ['http://www.w3.org/2000/09/xmldsig#sha1', 'sha1'],
  [`${ENC}sha256`, 'sha256'],
  [`${MORE}sha384`, 'sha384'],
  [`${ENC}sha512`, 'sha512'],
]);

/** Whether a value is that of a key over some bytes. An ECDSA value is r and s one after the other (RFC 9231, 2.3.6), not DER. */
export function isMadeWith(key: KeyObject, { key: kind, hash, pss }: XmlAlgorithm, signed: string, value: Uint8Array): boolean {
  const encoding = kind === 'ec' ? ({ dsaEncoding: 'ieee-p1363' } as const) : {};
  const padding = pss ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {};
  return verify(hash, Buffer.from(signed), { key, ...encoding, ...padding }, value);
}
