import { constants, createHash, type KeyObject, sign, verify } from 'node:crypto';
import { type HashAlgorithm, type SignatureAlgorithm } from 'xml-crypto';
import { type HashName } from './cms.ts';

const MORE = 'http://www.w3.org/2001/04/xmldsig-more#';
const SIG_2007 = 'http://www.w3.org/2007/05/xmldsig-more#';
const ENC = 'http://www.w3.org/2001/04/xmlenc#';

/** The canonical forms and transforms that are taken (XML-DSig core, 6.5 and 6.6.4). Nothing that runs a program of the sender's: no XPath, no XSLT. */
export const C14N: ReadonlySet<string> = new Set([
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments',
  'http://www.w3.org/2001/10/xml-exc-c14n#',
  'http://www.w3.org/2001/10/xml-exc-c14n#WithComments',
]);
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

/** The algorithms in the form that xml-crypto takes. */
export function signatureAlgorithms(): Record<string, new () => SignatureAlgorithm> {
  return Object.fromEntries([...XML_SIGNATURES].map(([name, algorithm]) => [name, signatureAlgorithm(name, algorithm)]));
}

export function hashAlgorithms(): Record<string, new () => HashAlgorithm> {
  return Object.fromEntries([...XML_HASHES].map(([name, hash]) => [name, hashAlgorithm(name, hash)]));
}

function signatureAlgorithm(name: string, { hash, key: kind, pss }: XmlAlgorithm): new () => SignatureAlgorithm {
  // An ECDSA value is r and s one after the other (RFC 9231, 2.3.6), not DER.
  const options = (key: KeyObject): object => ({
    key,
    ...(kind === 'ec' ? { dsaEncoding: 'ieee-p1363' } : {}),
    ...(pss ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {}),
  });
  return class {
    getSignature(signedInfo: string, key: KeyObject): string {
      return sign(hash, Buffer.from(signedInfo), options(key) as { key: KeyObject }).toString('base64');
    }
    verifySignature(signedInfo: string, key: KeyObject, value: string): boolean {
      return verify(hash, Buffer.from(signedInfo), options(key) as { key: KeyObject }, Buffer.from(value, 'base64'));
    }
    getAlgorithmName(): string {
      return name;
    }
  } as unknown as new () => SignatureAlgorithm;
}

function hashAlgorithm(name: string, hash: HashName): new () => HashAlgorithm {
  return class {
    getHash(xml: string): string {
      return createHash(hash).update(xml, 'utf8').digest('base64');
    }
    getAlgorithmName(): string {
      return name;
    }
  };
}
