import { createHash, KeyObject, webcrypto } from 'node:crypto';
import { BitString, Integer, Null, ObjectIdentifier, OctetString, PrintableString, Sequence, UTCTime } from 'asn1js';
import {
  AlgorithmIdentifier,
  Attribute,
  AttributeTypeAndValue,
  BasicConstraints,
  Certificate,
  CertificateRevocationList,
  ContentInfo,
  EncapsulatedContentInfo,
  Extension,
  ExtKeyUsage,
  IssuerAndSerialNumber,
  MessageImprint,
  RevokedCertificate,
  SignedAndUnsignedAttributes,
  SignedData,
  SignerInfo,
  Time,
  TSTInfo,
} from 'pkijs';
import { type Der } from './trust.ts';

export type KeyKind = 'rsa' | 'ec' | 'pss' | 'short-rsa';
type Hash = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512';

const KEYS: Record<KeyKind, webcrypto.RsaHashedKeyGenParams | webcrypto.EcKeyGenParams> = {
  rsa: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2_048, publicExponent: new Uint8Array([1, 0, 1]) },
  'short-rsa': { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 1_024, publicExponent: new Uint8Array([1, 0, 1]) },
  pss: { name: 'RSA-PSS', hash: 'SHA-256', modulusLength: 2_048, publicExponent: new Uint8Array([1, 0, 1]) },
  ec: { name: 'ECDSA', namedCurve: 'P-256' },
};

export interface CertificateOptions {
  kind?: KeyKind;
  notBefore?: Date;
  notAfter?: Date;
  isAuthority?: boolean;
  pathLength?: number;
  /** First byte of the key usage; 0xc0 signs, 0x06 certifies and lists. */
  usage?: number;
  forTimeStamping?: boolean;
  hash?: Hash;
}

export const NOT_BEFORE = new Date('2021-01-01T00:00:00Z');
export const NOT_AFTER = new Date('2031-01-01T00:00:00Z');

let serials = 0x1a2b;

/** For specs only: whoever holds a key and a certificate, and may issue more. Made in memory, known to nobody. */
export class SpecAuthority {
  private constructor(
    readonly certificate: Certificate,
    readonly keys: webcrypto.CryptoKeyPair,
    readonly kind: KeyKind,
    readonly issuer?: SpecAuthority,
  ) {}

  static async root(name = 'Spec Root'): Promise<SpecAuthority> {
    return SpecAuthority.#make(name, { isAuthority: true, usage: 0x06 });
  }

  issue(name: string, options: CertificateOptions = {}): Promise<SpecAuthority> {
    return SpecAuthority.#make(name, { usage: options.isAuthority ? 0x06 : 0xc0, ...options }, this);
  }

  get der(): Der {
    return new Uint8Array(this.certificate.toSchema().toBER());
  }

  get privateKey(): KeyObject {
    return KeyObject.from(this.keys.privateKey);
  }

  get serial(): string {
    return Buffer.from(this.certificate.serialNumber.valueBlock.valueHexView).toString('hex');
  }

  get pem(): string {
    return `-----BEGIN CERTIFICATE-----\n${Buffer.from(this.der).toString('base64')}\n-----END CERTIFICATE-----\n`;
  }

  /** A revocation list of this authority. */
  async list(revoked: { of: SpecAuthority; at: Date }[], thisUpdate: Date, nextUpdate: Date): Promise<Der> {
    const list = new CertificateRevocationList({
      version: 1,
      issuer: this.certificate.subject,
      thisUpdate: new Time({ type: 0, value: thisUpdate }),
      nextUpdate: new Time({ type: 0, value: nextUpdate }),
      ...(revoked.length > 0 && {
        revokedCertificates: revoked.map(
          ({ of, at }) =>
            new RevokedCertificate({ userCertificate: of.certificate.serialNumber, revocationDate: new Time({ type: 0, value: at }) }),
        ),
      }),
    });
    await list.sign(this.keys.privateKey, 'SHA-256');
    return new Uint8Array(list.toSchema(true).toBER());
  }

  /** A CMS signature over content of this hash's input, detached. */
  async sign(content: Uint8Array, options: CmsOptions = {}): Promise<Der> {
    const { hash = 'SHA-256', signedAt, list, others = [], names = true } = options;
    const attributes = [
      new Attribute({ type: '1.2.840.113549.1.9.3', values: [new ObjectIdentifier({ value: '1.2.840.113549.1.7.1' })] }),
      ...(signedAt ? [new Attribute({ type: '1.2.840.113549.1.9.5', values: [new UTCTime({ valueDate: signedAt })] })] : []),
      new Attribute({ type: '1.2.840.113549.1.9.4', values: [new OctetString({ valueHex: digest(hash, content) })] }),
      ...(names ? [signingCertificate(this.der)] : []),
    ];
    const signed = this.#signedData('1.2.840.113549.1.7.1', attributes, [this, ...others]);
    if (list) signed.crls = [CertificateRevocationList.fromBER(list)];
    await signed.sign(this.keys.privateKey, 0, hash);
    const signer = signed.signerInfos[0]!;
    if (options.stampedBy) {
      const { authority, at } = options.stampedBy;
      const token = await authority.stamp(new Uint8Array(signer.signature.valueBlock.valueHexView), at);
      signer.unsignedAttrs = new SignedAndUnsignedAttributes({
        type: 1,
        attributes: [new Attribute({ type: '1.2.840.113549.1.9.16.2.14', values: [ContentInfo.fromBER(token).toSchema()] })],
      });
    }
    return contentInfo(signed);
  }

  /** A time stamp token (RFC 3161) over some bytes. */
  async stamp(bytes: Uint8Array, at: Date): Promise<Der> {
    const info = new TSTInfo({
      version: 1,
      policy: '1.2.3.4',
      messageImprint: new MessageImprint({
        hashAlgorithm: new AlgorithmIdentifier({ algorithmId: '2.16.840.1.101.3.4.2.1', algorithmParams: new Null() }),
        hashedMessage: new OctetString({ valueHex: digest('SHA-256', bytes) }),
      }),
      serialNumber: new Integer({ value: 1 }),
      genTime: at,
    }).toSchema();
    const content = info.toBER();
    const signed = this.#signedData(
      '1.2.840.113549.1.9.16.1.4',
      [
        new Attribute({ type: '1.2.840.113549.1.9.3', values: [new ObjectIdentifier({ value: '1.2.840.113549.1.9.16.1.4' })] }),
        new Attribute({
          type: '1.2.840.113549.1.9.4',
          values: [new OctetString({ valueHex: digest('SHA-256', new Uint8Array(content)) })],
        }),
      ],
      [this],
    );
    signed.encapContentInfo.eContent = new OctetString({ valueHex: content });
    await signed.sign(this.keys.privateKey, 0, 'SHA-256');
    return contentInfo(signed);
  }

  #signedData(type: string, attributes: Attribute[], holders: SpecAuthority[]): SignedData {
    return new SignedData({
      version: 1,
      encapContentInfo: new EncapsulatedContentInfo({ eContentType: type }),
      signerInfos: [
        new SignerInfo({
          version: 1,
          sid: new IssuerAndSerialNumber({ issuer: this.certificate.issuer, serialNumber: this.certificate.serialNumber }),
          signedAttrs: new SignedAndUnsignedAttributes({ type: 0, attributes }),
        }),
      ],
      certificates: holders.map(({ certificate }) => certificate),
    });
  }

  static async #make(name: string, options: CertificateOptions, issuer?: SpecAuthority): Promise<SpecAuthority> {
    const { kind = 'rsa', notBefore = NOT_BEFORE, notAfter = NOT_AFTER, hash = 'SHA-256' } = options;
    const keys = await webcrypto.subtle.generateKey(KEYS[kind], true, ['sign', 'verify']);
    const certificate = new Certificate({ version: 2, serialNumber: new Integer({ value: (serials += 1) }) });
    const common = new AttributeTypeAndValue({ type: '2.5.4.3', value: new PrintableString({ value: name }) });
    certificate.subject.typesAndValues.push(common);
    certificate.issuer = issuer?.certificate.subject ?? certificate.subject;
    certificate.notBefore = new Time({ type: 0, value: notBefore });
    certificate.notAfter = new Time({ type: 0, value: notAfter });
    certificate.extensions = extensionsOf(options);
    await certificate.subjectPublicKeyInfo.importKey(keys.publicKey);
    await certificate.sign(await keyOf((issuer?.keys ?? keys).privateKey, hash), hash);
    // As it comes off the wire, so that its bytes are those that were signed.
    return new SpecAuthority(Certificate.fromBER(certificate.toSchema(true).toBER()), keys, kind, issuer);
  }
}

export interface CmsOptions {
  hash?: Hash;
  signedAt?: Date;
  /** A revocation list put in beside the certificates. */
  list?: Der;
  others?: SpecAuthority[];
  /** Whether the certificate is named in what is signed. */
  names?: boolean;
  stampedBy?: { authority: SpecAuthority; at: Date };
}

/** The key for another hash: a key of WebCrypto is bound to one. */
async function keyOf(key: webcrypto.CryptoKey, hash: Hash): Promise<CryptoKey> {
  if (hash === 'SHA-256') return key;
  const exported = await webcrypto.subtle.exportKey('pkcs8', key);
  return await webcrypto.subtle.importKey('pkcs8', exported, { name: key.algorithm.name, hash }, false, ['sign']);
}

function extensionsOf({ isAuthority = false, pathLength, usage = 0xc0, forTimeStamping }: CertificateOptions): Extension[] {
  const constraints = new BasicConstraints({ cA: isAuthority, ...(pathLength === undefined ? {} : { pathLenConstraint: pathLength }) });
  return [
    new Extension({ extnID: '2.5.29.19', critical: true, extnValue: constraints.toSchema().toBER(), parsedValue: constraints }),
    new Extension({ extnID: '2.5.29.15', critical: true, extnValue: new BitString({ valueHex: new Uint8Array([usage]).buffer }).toBER() }),
    ...(forTimeStamping
      ? [
          new Extension({
            extnID: '2.5.29.37',
            critical: true,
            extnValue: new ExtKeyUsage({ keyPurposes: ['1.3.6.1.5.5.7.3.8'] }).toSchema().toBER(),
          }),
        ]
      : []),
  ];
}

/** ESSCertIDv2 with SHA-256, which is the default and so not written. */
function signingCertificate(der: Der): Attribute {
  const id = new Sequence({ value: [new OctetString({ valueHex: digest('SHA-256', der) })] });
  return new Attribute({ type: '1.2.840.113549.1.9.16.2.47', values: [new Sequence({ value: [new Sequence({ value: [id] })] })] });
}

function contentInfo(signed: SignedData): Der {
  return new Uint8Array(new ContentInfo({ contentType: ContentInfo.SIGNED_DATA, content: signed.toSchema(true) }).toSchema().toBER());
}

function digest(hash: Hash, bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(createHash(hash.replace('-', '').toLowerCase()).update(bytes).digest()).buffer;
}
