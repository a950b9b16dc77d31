import { type CanonicalForm, canonicalFormOf, USUAL_FORM } from './canonical-form.ts';
import { type HashName } from './cms.ts';
import { type SignatureReason } from './reasons.ts';
import { ENVELOPED, XML_HASHES, XML_SIGNATURES, type XmlAlgorithm } from './xml-algorithms.ts';

export const DSIG = 'http://www.w3.org/2000/09/xmldsig#';
/** XAdES 1.3.2, and 1.4.1 only adds to it (ETSI EN 319 132-1). */
const XADES = /^http:\/\/uri\.etsi\.org\/01903\/v1\.\d\.\d#$/;
/** By any of these, whatever its namespace, a reference finds its element. */
const ID_ATTRIBUTES = new Set(['Id', 'ID', 'id']);

/** What a signature says of one part that it signs. */
export interface XmlReference {
  target: Element;
  form: CanonicalForm;
  /** Whether the signature itself is left out. */
  enveloped: boolean;
  hash: HashName;
  digest: Buffer;
}

/** What a Signature element says of itself, before anything of it is verified. */
export interface XmlSignature {
  element: Element;
  algorithm: XmlAlgorithm;
  signedInfo: Element;
  form: CanonicalForm;
  value: Buffer;
  references: XmlReference[];
  /** The certificates beside it, DER. */
  certificates: Buffer<ArrayBuffer>[];
  /** XAdES: when its signer says that it was made, and the hash of the certificate; only from properties that are signed too. */
  claimedAt?: Date;
  certificateDigest?: { hash: HashName; value: Buffer };
}

export type ReadXmlSignature = { ok: true; signature: XmlSignature } | { ok: false; reason: SignatureReason };

/** Signatures of the document itself, countersignatures inside one left out. */
export function signatureElements(document: Document): Element[] {
  const all = Array.from(document.getElementsByTagNameNS(DSIG, 'Signature'));
  return all.filter((element) => !all.some((other) => other !== element && isInside(element, other)));
}

/** Whether something looks like a signature and is none by its namespace, as in old edXML messages. */
export function hasMisnamedSignature(document: Document): boolean {
  return Array.from(document.getElementsByTagNameNS('*', 'Signature')).some((element) =>
    children(element).some(({ localName }) => localName === 'SignedInfo'),
  );
}

/**
 * Reads a Signature element strictly: its parts once each and in their order, known algorithms and transforms only, nothing outside the file, and one reference over the whole
 * document. What a signature covers is never looked for anywhere but in the document itself, so nothing can be wrapped around it.
 */
export function readXmlSignature(element: Element): ReadXmlSignature {
  const refused = (reason: SignatureReason): ReadXmlSignature => ({ ok: false, reason });
  const [signedInfo, signatureValue, ...rest] = children(element);
  if (!isNamed(signedInfo, 'SignedInfo') || !isNamed(signatureValue, 'SignatureValue')) return refused('signature.malformed');
  const [canonicalization, method, ...references] = children(signedInfo!);
  if (!isNamed(canonicalization, 'CanonicalizationMethod') || !isNamed(method, 'SignatureMethod')) return refused('signature.malformed');
  if (references.length === 0 || references.length > 100 || !references.every((reference) => isNamed(reference, 'Reference')))
    return refused('signature.malformed');
  const algorithm = XML_SIGNATURES.get(algorithmOf(method));
  const form = canonicalFormOf(canonicalization!);
  if (!algorithm || !form) return refused('signature.unsupported');
  const read = readReferences(element, references);
  if (!read.ok) return read;
  const keyInfo = rest.find((part) => isNamed(part, 'KeyInfo'));
  const certificates = keyInfo
    ? Array.from(keyInfo.getElementsByTagNameNS(DSIG, 'X509Certificate')).map(({ textContent }) => base64(textContent))
    : [];
  const properties = read.references.find(
    ({ target }) => target.localName === 'SignedProperties' && isXades(target) && isInside(target, element),
  );
  return {
    ok: true,
    signature: {
      element,
      algorithm,
      signedInfo: signedInfo!,
      form,
      value: base64(signatureValue!.textContent),
      references: read.references,
      certificates,
      ...(properties ? xadesOf(properties.target) : {}),
    },
  };
}

type ReadReferences = { ok: true; references: XmlReference[] } | { ok: false; reason: SignatureReason };

function readReferences(signature: Element, elements: readonly Element[]): ReadReferences {
  const root = signature.ownerDocument.documentElement;
  const references: XmlReference[] = [];
  for (const element of elements) {
    const uri = element.getAttributeNode('URI')?.value;
    if (uri !== undefined && uri !== '' && !uri.startsWith('#')) return { ok: false, reason: 'signature.external-reference' };
    if (uri === undefined || !/^(?:#[\p{L}_][\p{L}\p{N}_.-]*)?$/u.test(uri)) return { ok: false, reason: 'signature.unsupported' };
    const target = uri === '' ? root : theOneWithId(root, uri.slice(1));
    if (!target) return { ok: false, reason: 'signature.wrapped' };
    const read = readTransforms(element);
    const hash = XML_HASHES.get(algorithmOf(children(element).find((part) => isNamed(part, 'DigestMethod'))));
    if (!read || hash === undefined) return { ok: false, reason: 'signature.unsupported' };
    const digest = base64(children(element).find((part) => isNamed(part, 'DigestValue'))?.textContent ?? null);
    references.push({ target, ...read, hash, digest });
  }
  return references.some(({ target }) => target === root) ? { ok: true, references } : { ok: false, reason: 'signature.wrapped' };
}

/** At most "without this signature", then at most one canonical form; undefined for anything else. */
function readTransforms(reference: Element): Pick<XmlReference, 'form' | 'enveloped'> | undefined {
  const transforms = children(reference)
    .filter((part) => isNamed(part, 'Transforms'))
    .flatMap(children);
  const enveloped = algorithmOf(transforms[0]) === ENVELOPED;
  const [named, ...more] = enveloped ? transforms.slice(1) : transforms;
  const form = named ? canonicalFormOf(named) : USUAL_FORM;
  if (!form || more.length > 0) return undefined;
  // A reference inside the document is without comments, whatever its form says (XML-DSig core, 4.4.3.3).
  return { form: { ...form, withComments: false }, enveloped };
}

/** The element of an id; undefined where there is none, or more than one. */
function theOneWithId(root: Element, id: string): Element | undefined {
  const found: Element[] = [];
  for (const element of [root, ...Array.from(root.getElementsByTagName('*'))])
    for (const { localName, value } of Array.from(element.attributes))
      if (value === id && ID_ATTRIBUTES.has(localName)) found.push(element);
  return found.length === 1 ? found[0] : undefined;
}

function xadesOf(properties: Element): Pick<XmlSignature, 'claimedAt' | 'certificateDigest'> {
  const [time] = within(properties, 'SigningTime');
  const claimedAt = new Date(time?.textContent?.trim() ?? '');
  const [certDigest] = within(properties, 'CertDigest');
  const parts = certDigest ? children(certDigest) : [];
  const hash = XML_HASHES.get(algorithmOf(parts.find((part) => isNamed(part, 'DigestMethod'))));
  const value = parts.find((part) => isNamed(part, 'DigestValue'))?.textContent;
  return {
    ...(Number.isNaN(claimedAt.getTime()) ? {} : { claimedAt }),
    ...(hash === undefined || value === undefined ? {} : { certificateDigest: { hash, value: base64(value) } }),
  };
}

function within(properties: Element, name: string): Element[] {
  return Array.from(properties.getElementsByTagNameNS('*', name)).filter(isXades);
}

function isXades({ namespaceURI }: Element): boolean {
  return XADES.test(namespaceURI ?? '');
}

function children(element: Element): Element[] {
  return Array.from(element.childNodes).filter((node): node is Element => node.nodeType === 1);
}

function isNamed(element: Element | undefined, name: string): boolean {
  return element?.localName === name && element.namespaceURI === DSIG;
}

function algorithmOf(element: Element | undefined): string {
  return element?.getAttribute('Algorithm') ?? '';
}

function isInside(element: Element, other: Element): boolean {
  for (let parent = element.parentNode; parent; parent = parent.parentNode) if (parent === other) return true;
  return false;
}

function base64(text: string | null): Buffer<ArrayBuffer> {
  return Buffer.from((text ?? '').replace(/\s+/g, ''), 'base64');
}
