import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Looked, type SignatureReading } from './reading.ts';
import { SpecAuthority } from './spec-authority.ts';
import { MESSAGE, RSA_SHA256, signXml, type XmlSigning } from './spec-xml.ts';
import { type Trust } from './trust.ts';
import { verifyXml } from './verify-xml.ts';
import { MOST_XML_NODES } from './xml-guard.ts';

const NOW = new Date('2025-06-02T03:00:00Z');
const SIGNED = new Date('2025-06-01T03:00:00Z');
const HEADER_END = '</edXMLHeader>';
const notMarked = (): boolean => false;

describe('signatures of an XML file', () => {
  let authority: SpecAuthority;
  let signer: SpecAuthority;
  let trust: Trust;
  let good: string;

  beforeAll(async () => {
    authority = await SpecAuthority.root();
    signer = await authority.issue('Signer');
    trust = { anchors: [authority.der], lists: [], toleratesSha1: false };
    good = signXml(MESSAGE, signer, { signedAt: SIGNED });
  });

  const verify = (file: string, changes: Partial<Trust> = {}): Promise<Looked> =>
    verifyXml(Buffer.from(file), { ...trust, ...changes }, NOW, notMarked);
  const look = async (file: string, changes: Partial<Trust> = {}): Promise<SignatureReading> => {
    const looked = await verify(file, changes);
    if (!looked.ok) throw new Error(`${looked.code} in line ${looked.line}`);
    return looked.reading;
  };

  it('are valid over the whole document, with the time that is signed too', async () => {
    expect(await look(good)).toEqual({
      format: 'xml',
      verdict: 'valid',
      certificate: signer.serial,
      signedAt: SIGNED.toISOString(),
      revocation: 'unknown',
      signatures: [{ certificate: signer.serial, signedAt: SIGNED.toISOString(), timeProven: false, revocation: 'unknown' }],
    });
  });

  it('are valid without properties, with authorities beside, and with inclusive canonical form', async () => {
    const below = await authority.issue('Below', { isAuthority: true });
    const by = await below.issue('Signer below');
    const signing: XmlSigning = { others: [below, authority], canonicalization: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315' };
    expect(await look(signXml(MESSAGE, by, signing))).toMatchObject({ verdict: 'valid', certificate: by.serial });
  });

  it.each([
    ['ec', 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'],
    ['rsa', 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha384'],
    ['rsa', 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1'],
  ] as const)('are valid with a key of kind %s and %s', async (kind, algorithm) => {
    // The same key may sign in both ways of RSA; WebCrypto binds it to one, node:crypto does not.
    expect(await look(signXml(MESSAGE, await authority.issue('Other', { kind }), { algorithm }))).toMatchObject({ verdict: 'valid' });
  });

  it('are valid over the root by its id', async () => {
    const file = signXml(MESSAGE.replace('<edXML ', '<edXML Id="whole" '), signer, { xpath: '/*' });
    expect(file).toContain('URI="#whole"');
    expect(await look(file)).toMatchObject({ verdict: 'valid' });
  });

  it('are not there in a plain file', async () => {
    expect(await look(MESSAGE)).toEqual({ format: 'xml', verdict: 'unsigned', revocation: 'unknown', signatures: [] });
    expect(await look(MESSAGE.replace('V/v', 'Signature'))).toMatchObject({ verdict: 'unsigned' });
  });

  it('are seen where an old message writes them without their namespace', async () => {
    const sample = readFileSync(new URL('./spec-signature-without-namespace.xml', import.meta.url), 'utf8');
    expect(await look(sample)).toMatchObject({ verdict: 'invalid', reason: 'signature.malformed' });
  });

  describe('are invalid', () => {
    const sha1 = { algorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1', digest: 'http://www.w3.org/2000/09/xmldsig#sha1' };
    /** The signed message moved into another one, its signature with it: each reference still finds what was signed. */
    const wrapped = (): string => {
      const signed = signXml(MESSAGE.replace('<edXML ', '<edXML Id="whole" '), signer, { xpath: '/*' });
      const signature = /<Signature .*<\/Signature>/s.exec(signed)![0];
      const original = signed.replace(signature, '').replace(/<\?xml[^>]*>\s*/, '');
      return MESSAGE.replace('quý II', 'quý IV').replace(HEADER_END, `${signature}<Other>${original}</Other>${HEADER_END}`);
    };
    const cases: Record<string, [reason: string, file: () => string | Promise<string>]> = {
      'where a word is another': ['signature.changed-after', () => good.replace('quý II', 'quý IV')],
      'where an attribute is another': ['signature.changed-after', () => good.replace('kind="chính"', 'kind="phụ"')],
      'where an element was added': ['signature.changed-after', () => good.replace('<Subject>', '<Subject/><Subject>')],
      'where the time is another': ['signature.changed-after', () => good.replace(SIGNED.toISOString(), '2025-05-01T03:00:00.000Z')],
      'where the value is another': [
        'signature.not-authentic',
        () => good.replace(/<SignatureValue>(.)/, (_, c: string) => `<SignatureValue>${c === 'A' ? 'B' : 'A'}`),
      ],
      'where the properties name another certificate': [
        'signature.not-authentic',
        async () => signXml(MESSAGE, signer, { signedAt: SIGNED, names: await authority.issue('Other') }),
      ],
      'where nobody trusted stands behind them': [
        'signature.untrusted',
        async () => signXml(MESSAGE, await (await SpecAuthority.root('X')).issue('Signer')),
      ],
      'where the certificate had run out': [
        'signature.certificate-expired',
        async () => signXml(MESSAGE, await authority.issue('Old', { notAfter: new Date('2025-01-01T00:00:00Z') }), { signedAt: SIGNED }),
      ],
      'where SHA-1 was used': ['signature.weak-algorithm', () => signXml(MESSAGE, signer, sha1)],
      'where they cover one part only': ['signature.wrapped', () => signXml(MESSAGE, signer, { xpath: "//*[local-name(.)='Subject']" })],
      'where the signed message was wrapped into another': ['signature.wrapped', wrapped],
      'where an id comes twice': [
        'signature.wrapped',
        () => signXml(MESSAGE.replace('<edXML ', '<edXML Id="whole" '), signer, { xpath: '/*' }).replace('<Code ', '<Code ID="whole" '),
      ],
      'where they refer to a file elsewhere': [
        'signature.external-reference',
        () => good.replace('URI=""', 'URI="http://127.0.0.1/x.xml"'),
      ],
      'where they run a program': [
        'signature.unsupported',
        () => good.replace('http://www.w3.org/2000/09/xmldsig#enveloped-signature', 'http://www.w3.org/TR/1999/REC-xslt-19991116'),
      ],
      'where the key is a shared secret': [
        'signature.unsupported',
        () => good.replace(RSA_SHA256, 'http://www.w3.org/2000/09/xmldsig#hmac-sha1'),
      ],
      'where no certificate is beside them': ['signature.malformed', () => good.replace(/<KeyInfo>.*<\/KeyInfo>/s, '')],
      'where the certificate is none': ['signature.malformed', () => good.replace(/<X509Certificate>[^<]*/, '<X509Certificate>AAAA')],
      'where parts come in another order': [
        'signature.malformed',
        () => good.replace(/(<SignedInfo>.*<\/SignedInfo>)(<SignatureValue>.*<\/SignatureValue>)/s, '$2$1'),
      ],
      'where one of two is not whole any more': [
        'signature.changed-after',
        () => signXml(signXml(MESSAGE, signer), signer, { into: '/*' }),
      ],
    };
    it.each(Object.entries(cases))('%s', async (_, [reason, file]) => {
      expect(await look(await file())).toMatchObject({ verdict: 'invalid', reason });
    });

    it('with SHA-1 only as long as it is not tolerated', async () => {
      expect(await look(signXml(MESSAGE, signer, sha1), { toleratesSha1: true })).toMatchObject({ verdict: 'valid' });
    });
    it('once the certificate is revoked', async () => {
      const list = await authority.list([{ of: signer, at: SIGNED }], SIGNED, new Date('2025-07-01T00:00:00Z'));
      expect(await look(good, { lists: [list] })).toMatchObject({ reason: 'signature.revoked', revocation: 'revoked' });
    });
  });

  it.each([
    ['no XML', 'hello', 'file.not-xml'],
    ['a message that is not whole', '<a><b></a>', 'file.not-xml'],
    ['a DTD', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'file.not-xml'],
    ['a program for the reader', '<a><?php x?></a>', 'file.not-xml'],
    ['a name that canonical forms leave out', '<a xmlnsx="1"/>', 'file.not-xml'],
    ['a prefix without a namespace', '<a xlink:href="1"/>', 'file.not-xml'],
    ['another encoding', '<?xml version="1.0" encoding="UTF-16"?><a/>', 'file.not-xml'],
    ['more than anybody writes', `<a>${'<b/>'.repeat(MOST_XML_NODES)}</a>`, 'file.too-many-elements'],
    ['a tower', '<a>'.repeat(100_000), 'file.too-many-elements'],
  ])('are not looked for in %s', async (_, file, code) => {
    expect(await verify(file)).toMatchObject({ ok: false, code, line: 1 });
  });

  it('are not looked for in bytes that are no UTF-8, nor where a mark of secrecy stands anywhere', async () => {
    expect(await verifyXml(Buffer.from([0x3c, 0x61, 0xff, 0x3e]), trust, NOW, notMarked)).toEqual({ ok: false, code: 'file.not-xml' });
    const isMarked = (name: string, text: string): boolean => name === 'DoMat' || text === 'TỐI MẬT';
    for (const marked of [
      '<a>\n<b>TỐI MẬT</b></a>',
      '<a>\n<b c="TỐI MẬT"/></a>',
      '<a>\n<DoMat/></a>',
      '<a>\n<!--TỐI MẬT--></a>',
      '<a>\n<b>TỐI<![CDATA[ MẬT]]></b></a>',
    ])
      expect(await verifyXml(Buffer.from(marked), trust, NOW, isMarked)).toEqual({ ok: false, code: 'file.secrecy-mark', line: 2 });
  });

  it('never come out valid of a changed document, and never throw', async () => {
    const letters = Buffer.from(good);
    const signed = [
      ...good.matchAll(/(?<=<Subject>)[^<]+|(?<=kind=")[^"]+|(?<=12)\/BC|(?<=<DigestValue>)[^<]{43}|(?<=SigningTime>)[^<]+(?=<)/g),
    ].flatMap(({ 0: text, index }) =>
      Array.from({ length: Buffer.byteLength(text) }, (_, at) => Buffer.byteLength(good.slice(0, index)) + at),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...signed), fc.constantFrom(...'abcXYZ019'), async (at, letter) => {
        const mutated = Buffer.from(letters);
        mutated.write(letter, at);
        const looked = await verifyXml(mutated, trust, NOW, notMarked);
        expect(mutated.equals(letters) || !looked.ok || looked.reading.verdict !== 'valid').toBe(true);
      }),
      { numRuns: 600 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(letters.length - 1), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 3 }),
        async (changes) => {
          const mutated = Buffer.from(letters);
          for (const [at, byte] of changes) mutated[at] = byte;
          const looked = await verifyXml(mutated, trust, NOW, notMarked);
          // Blanks inside tags, quotes and what a signature does not speak of may differ; the words may not.
          const isValid = looked.ok && looked.reading.verdict === 'valid';
          if (isValid) expect(wordsOf(mutated.toString())).toEqual(wordsOf(good));
        },
      ),
      { numRuns: 1_400 },
    );
  });
});

/** What the message says, without its signature: element names, attribute values, texts. */
function wordsOf(xml: string): string[] {
  return xml
    .replace(/<Signature .*<\/Signature>/s, '')
    .replace(/<\?xml[^>]*>/, '')
    .split(/[\s<>"'=/]+/)
    .filter((word) => word !== '');
}
