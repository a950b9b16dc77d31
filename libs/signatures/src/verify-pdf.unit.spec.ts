import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type SignatureReading } from './reading.ts';
import { type PdfSigning, plainPdf, signPdf } from './spec-pdf.ts';
import { type CertificateOptions, type KeyKind, NOT_AFTER, SpecAuthority } from './spec-authority.ts';
import { type Trust } from './trust.ts';
import { verifyPdf } from './verify-pdf.ts';

const NOW = new Date('2025-06-02T03:00:00Z');
const SIGNED = new Date('2025-06-01T03:00:00Z');
const hours = (count: number): Date => new Date(SIGNED.getTime() + count * 3_600_000);

describe('signatures of a PDF file', () => {
  let root: SpecAuthority;
  let authority: SpecAuthority;
  let signer: SpecAuthority;
  let trust: Trust;
  let good: Buffer;

  beforeAll(async () => {
    root = await SpecAuthority.root();
    authority = await root.issue('Spec CA', { isAuthority: true });
    signer = await authority.issue('Signer');
    trust = { anchors: [root.der], lists: [], toleratesSha1: false };
    good = await signPdf(plainPdf(), signer, { signedAt: SIGNED, others: [authority] });
  });

  const look = async (file: Buffer, changes: Partial<Trust> = {}, now = NOW): Promise<SignatureReading> => {
    const looked = await verifyPdf(file, { ...trust, ...changes }, now);
    if (!looked.ok) throw new Error(looked.code);
    return looked.reading;
  };
  const signedBy = async (options: CertificateOptions, signing: PdfSigning = {}): Promise<Buffer> =>
    signPdf(plainPdf(), await authority.issue('Other', options), { signedAt: SIGNED, others: [authority], ...signing });

  it('are valid where they cover the file and lead to a trusted authority', async () => {
    const finding = { certificate: signer.serial, signedAt: SIGNED.toISOString(), timeProven: false, revocation: 'unknown' };
    expect(await look(good)).toEqual({
      format: 'pdf',
      verdict: 'valid',
      certificate: signer.serial,
      signedAt: SIGNED.toISOString(),
      revocation: 'unknown',
      signatures: [finding],
    });
  });

  it('are valid of the older kind, with an authority below the root as anchor, and with the time that the dictionary states', async () => {
    const file = await signPdf(plainPdf(), signer, { subFilter: 'adbe.pkcs7.detached', statedAt: SIGNED, names: false });
    expect(await look(file, { anchors: [authority.der] })).toMatchObject({ verdict: 'valid', signedAt: SIGNED.toISOString() });
  });

  it.each<KeyKind>(['ec', 'pss'])('are valid with a key of kind %s', async (kind) => {
    expect(await look(await signedBy({ kind }))).toMatchObject({ verdict: 'valid' });
  });

  it('are both seen where the organisation signed after the person, and the last one speaks', async () => {
    const organisation = await authority.issue('Organisation');
    const both = await signPdf(good, organisation, { signedAt: hours(1), others: [authority] });
    const reading = await look(both);
    expect(reading).toMatchObject({ verdict: 'valid', certificate: organisation.serial, signedAt: hours(1).toISOString() });
    expect(reading.signatures.map(({ certificate }) => certificate)).toEqual([signer.serial, organisation.serial]);
  });

  it('speak by the first that fails: a person who is not trusted spoils what the organisation signed', async () => {
    const stranger = await (await SpecAuthority.root('Stranger')).issue('Stranger');
    const both = await signPdf(await signPdf(plainPdf(), stranger, { signedAt: SIGNED }), signer, {
      signedAt: SIGNED,
      others: [authority],
    });
    expect(await look(both)).toMatchObject({ verdict: 'invalid', reason: 'signature.untrusted', certificate: stranger.serial });
  });

  it('are not there in a plain file, and a file that is no PDF has no verdict', async () => {
    expect(await look(plainPdf())).toEqual({ format: 'pdf', verdict: 'unsigned', revocation: 'unknown', signatures: [] });
    expect(await look(plainPdf('about /ByteRange [1 2] and so on'))).toMatchObject({ verdict: 'unsigned' });
    expect(await verifyPdf(Buffer.from('PK\u0003\u0004'), trust, NOW)).toEqual({ ok: false, code: 'file.not-a-pdf' });
  });

  describe('are invalid', () => {
    const cases: Record<
      string,
      [reason: string, file: () => Buffer | Promise<Buffer>, changes?: () => Partial<Trust> | Promise<Partial<Trust>>]
    > = {
      'where something was added after': ['signature.changed-after', () => Buffer.concat([good, Buffer.from('5 0 obj\n<< >>\nendobj\n')])],
      'where a letter of the page is another': [
        'signature.changed-after',
        () => Buffer.from(good.toString('latin1').replace('Quyet', 'Quyex'), 'latin1'),
      ],
      'where the end is cut off': ['signature.changed-after', () => good.subarray(0, good.length - 3)],
      'where nobody trusted stands behind them': ['signature.untrusted', () => good, () => ({ anchors: [] })],
      'where another root has the same name': [
        'signature.untrusted',
        () => good,
        async () => ({ anchors: [(await SpecAuthority.root()).der] }),
      ],
      'where the authority between is missing': ['signature.untrusted', () => signPdf(plainPdf(), signer, { signedAt: SIGNED })],
      'where the certificate had run out': ['signature.certificate-expired', () => signedBy({ notAfter: hours(-1) })],
      'where the certificate was not in force yet': ['signature.certificate-expired', () => signedBy({ notBefore: hours(1) })],
      'where the certificate is for something else': ['signature.certificate-usage', () => signedBy({ usage: 0x20 })],
      'where SHA-1 was used': ['signature.weak-algorithm', () => signedBy({}, { hash: 'SHA-1' })],
      'where the certificate rests on SHA-1': ['signature.weak-algorithm', () => signedBy({ hash: 'SHA-1' })],
      'where the key is short': ['signature.weak-algorithm', () => signedBy({ kind: 'short-rsa' })],
      'where the time lies ahead': ['signature.time-in-future', () => signedBy({}, { signedAt: new Date(NOW.getTime() + 3_600_000) })],
      'where the kind is an old one': ['signature.unsupported', () => signedBy({}, { subFilter: 'adbe.x509.rsa_sha1' })],
      'where PAdES does not name the certificate': ['signature.malformed', () => signedBy({}, { names: false })],
      'where the value is no CMS': [
        'signature.malformed',
        () => signedBy({}, { value: () => Promise.resolve(Buffer.from('not a signature')) }),
      ],
      'where the range is no range': [
        'signature.malformed',
        () => Buffer.from(good.toString('latin1').replace('/ByteRange [0', '/ByteRange [X'), 'latin1'),
      ],
      'where the range leaves more out than the value': [
        'signature.wrapped',
        () =>
          Buffer.from(
            good
              .toString('latin1')
              .replace(/\/ByteRange \[0 (\d{10})/, (_, n: string) => `/ByteRange [0 ${String(Number(n) - 9).padStart(10, '0')}`),
            'latin1',
          ),
      ],
      'where an authority stands lower than it may': [
        'signature.untrusted',
        async () => {
          const short = await root.issue('Short', { isAuthority: true, pathLength: 0 });
          const below = await short.issue('Below', { isAuthority: true });
          return signPdf(plainPdf(), await below.issue('Signer'), { signedAt: SIGNED, others: [short, below] });
        },
      ],
      'where a signer plays the authority': [
        'signature.untrusted',
        async () => signPdf(plainPdf(), await signer.issue('Pupil'), { signedAt: SIGNED, others: [signer, authority] }),
      ],
    };
    it.each(Object.entries(cases))('%s', async (_, [reason, file, changes]) => {
      expect(await look(await file(), await changes?.())).toMatchObject({ verdict: 'invalid', reason });
    });

    it('with SHA-1 only as long as it is not tolerated', async () => {
      const file = await signedBy({}, { hash: 'SHA-1' });
      expect(await look(file, { toleratesSha1: true })).toMatchObject({ verdict: 'valid' });
    });
  });

  describe('are held against revocation lists', () => {
    const lists = async (at: Date | undefined, next = hours(48)): Promise<Partial<Trust>> => ({
      lists: [await authority.list(at ? [{ of: signer, at }] : [], SIGNED, next)],
    });

    it('good where a list in force does not name the certificate', async () => {
      expect(await look(good, await lists(undefined))).toMatchObject({ verdict: 'valid', revocation: 'good' });
    });
    it('unknown where the list is old, or of another authority of that name', async () => {
      expect(await look(good, await lists(undefined, hours(1)))).toMatchObject({ verdict: 'valid', revocation: 'unknown' });
      const forged = await (await root.issue('Spec CA', { isAuthority: true })).list([{ of: signer, at: SIGNED }], SIGNED, hours(48));
      expect(await look(good, { lists: [forged] })).toMatchObject({ verdict: 'valid', revocation: 'unknown' });
    });
    it('revoked, also where the list came with the signature, and whenever it was, since the time is only what the signer says', async () => {
      const revoked = { verdict: 'invalid', reason: 'signature.revoked', revocation: 'revoked' };
      expect(await look(good, await lists(hours(-1)))).toMatchObject(revoked);
      expect(await look(good, await lists(hours(5)))).toMatchObject(revoked);
      const [list] = (await lists(hours(-1))).lists!;
      expect(await look(await signPdf(plainPdf(), signer, { signedAt: SIGNED, others: [authority], list: list! }))).toMatchObject(revoked);
    });
    it('revoked where the authority between is', async () => {
      expect(await look(good, { lists: [await root.list([{ of: authority, at: hours(-1) }], SIGNED, hours(48))] })).toMatchObject({
        verdict: 'invalid',
        revocation: 'revoked',
      });
    });
    it('good where a time stamp proves that it was signed before, and a stamp of anybody proves nothing', async () => {
      const stamper = await root.issue('Time', { forTimeStamping: true });
      const stamped = (by: SpecAuthority): Promise<Buffer> =>
        signPdf(plainPdf(), signer, { signedAt: SIGNED, others: [authority], stampedBy: { authority: by, at: hours(1) } });
      expect(await look(await stamped(stamper), await lists(hours(5)))).toMatchObject({
        verdict: 'valid',
        signedAt: hours(1).toISOString(),
        revocation: 'good',
        signatures: [{ timeProven: true }],
      });
      expect(await look(await stamped(stamper), await lists(hours(1)))).toMatchObject({ reason: 'signature.revoked' });
      expect(await look(await stamped(signer), await lists(hours(5)))).toMatchObject({ reason: 'signature.revoked' });
    });
    it('good where a time stamp of the whole document proves it, which is no signature of its own', async () => {
      const stamper = await root.issue('Time', { forTimeStamping: true });
      const value = (bytes: Buffer): Promise<Uint8Array> => stamper.stamp(bytes, hours(1));
      const reading = await look(await signPdf(good, stamper, { subFilter: 'ETSI.RFC3161', value }), await lists(hours(5)));
      expect(reading).toMatchObject({
        verdict: 'valid',
        revocation: 'good',
        signatures: [{ certificate: signer.serial, timeProven: true }],
      });
      const alone = await look(await signPdf(plainPdf(), stamper, { subFilter: 'ETSI.RFC3161', value }));
      expect(alone).toMatchObject({ verdict: 'unsigned' });
      const broken = await signPdf(good, stamper, {
        subFilter: 'ETSI.RFC3161',
        value: () => stamper.stamp(Buffer.from('other'), hours(1)),
      });
      expect(await look(broken)).toMatchObject({ verdict: 'invalid' });
    });
    it('valid after its certificate ran out, as long as it was signed before', async () => {
      const later = new Date(NOT_AFTER.getTime() + 1);
      expect(await look(good, {}, later)).toMatchObject({ verdict: 'valid' });
    });
  });

  it('never come out valid of a file with a changed byte outside the room of the value, and never throw', async () => {
    const start = good.indexOf('/Contents <3') + '/Contents '.length;
    expect(start).toBeGreaterThan(10);
    const end = good.indexOf('>', start);
    const length = 2 * (4 + parseInt(good.toString('latin1', start + 5, start + 9), 16));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 4 }),
        async (changes) => {
          const mutated = Buffer.from(good);
          for (const [at, by] of changes) mutated[at] = mutated[at]! ^ by;
          const looked = await verifyPdf(mutated, trust, NOW);
          const isSignedByte = (at: number): boolean => (at < start || at > end) && mutated[at] !== good[at];
          const isValid = looked.ok && looked.reading.verdict === 'valid';
          expect(isValid && changes.some(([at]) => isSignedByte(at))).toBe(false);
          // In the value itself only what no signature speaks of may differ: letter case, the certificates beside it.
          if (isValid) expect(changes.every(([at]) => mutated[at] === good[at] || (at > start && at < end))).toBe(true);
        },
      ),
      { numRuns: 1_400 },
    );
    // Changes in the value only: whatever comes of them, it is a verdict.
    await fc.assert(
      fc.asyncProperty(fc.nat(length), fc.constantFrom(...'0123456789abcdef>/ ('), async (offset, character) => {
        const mutated = Buffer.from(good);
        mutated.write(character, start + offset, 'latin1');
        const looked = await verifyPdf(mutated, trust, NOW);
        expect(looked.ok).toBe(true);
      }),
      { numRuns: 600 },
    );
  });

  it('are looked for in a bounded time, whatever the file holds', async () => {
    const hostile = [
      Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(20_000_000, '/ByteRange')]),
      Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(20_000_000, '1 0 obj <</ByteRange(')]),
      Buffer.concat([Buffer.from('%PDF-1.7\n1 0 obj'), Buffer.alloc(20_000_000, '['), Buffer.from('/ByteRange')]),
    ];
    for (const file of hostile) {
      const began = performance.now();
      expect(await look(file)).not.toMatchObject({ verdict: 'valid' });
      expect(performance.now() - began).toBeLessThan(10_000);
    }
  });
});
