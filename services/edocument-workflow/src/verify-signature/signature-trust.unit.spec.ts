import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Environment } from '@par/service-kit';
import { SpecAuthority } from '@par/signatures/spec-signing';
import { SignatureTrust } from './signature-trust.ts';

describe('the trust that signatures are held against', () => {
  let folder: string;
  let authority: SpecAuthority;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'par-trust-'));
    authority = await SpecAuthority.root();
  });
  afterAll(() => rm(folder, { recursive: true }));

  const file = async (name: string, content: string | Uint8Array): Promise<string> => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  const open = async (settings: Record<string, string>): Promise<SignatureTrust> => {
    const trust = new SignatureTrust(new Environment(settings));
    await trust.onModuleInit();
    return trust;
  };
  const list = (revoked: SpecAuthority[]): Promise<Uint8Array> =>
    authority.list(
      revoked.map((of) => ({ of, at: new Date('2025-01-01T00:00:00Z') })),
      new Date('2025-01-01T00:00:00Z'),
      new Date('2045-01-01T00:00:00Z'),
    );

  it('takes bundles and single files, of text and of bytes', async () => {
    const other = await SpecAuthority.root('Other');
    const bundle = await file('bundle.pem', `comment\n${authority.pem}\n${other.pem}`);
    const single = await file('single.der', other.der);
    const trust = await (await open({ SIGNATURE_TRUST_LIST: `${bundle}, ${single}` })).current();
    expect(trust).toMatchObject({ lists: [], toleratesSha1: false });
    expect(trust.anchors.map((der) => Buffer.from(der))).toEqual([authority, other, other].map(({ der }) => Buffer.from(der)));
  });

  it('trusts nobody where nothing is set', async () => {
    expect(await (await open({})).current()).toEqual({ anchors: [], lists: [], toleratesSha1: false });
  });

  it('does not start with what cannot be read, and says which file', async () => {
    const broken = await file('broken.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    const empty = await file('empty.pem', '-----BEGIN OTHER-----\nAAAA\n-----END OTHER-----\n');
    await expect(open({ SIGNATURE_TRUST_LIST: broken })).rejects.toThrow(
      /SIGNATURE_TRUST_LIST: certificate 1 of .*broken\.pem cannot be read/,
    );
    await expect(open({ SIGNATURE_TRUST_LIST: empty })).rejects.toThrow(/empty\.pem has no certificate in it/);
    await expect(open({ SIGNATURE_TRUST_LIST: join(folder, 'none.pem') })).rejects.toThrow(
      /SIGNATURE_TRUST_LIST: .*none\.pem cannot be read/,
    );
    await expect(open({ SIGNATURE_CRLS: await file('text.crl', 'hello') })).rejects.toThrow(
      /SIGNATURE_CRLS: revocation list 1 of .*text\.crl/,
    );
    await expect(open({ SIGNATURE_TOLERATE_SHA1: 'perhaps' })).rejects.toThrow(/SIGNATURE_TOLERATE_SHA1 must be true or false/);
  });

  it('reads revocation lists again when they change, and keeps the ones in use where the new cannot be read', async () => {
    const lists = await file('lists.crl', await list([]));
    const trust = await open({ SIGNATURE_CRLS: lists });
    const first = await trust.current();
    expect(await trust.current()).toBe(first);
    const renewed = await list([authority]);
    await writeFile(lists, renewed);
    expect((await trust.current()).lists.map((der) => Buffer.from(der))).toEqual([Buffer.from(renewed)]);
    const before = await trust.current();
    await writeFile(lists, 'half a li');
    expect(await trust.current()).toBe(before);
  });
});
