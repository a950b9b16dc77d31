import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { foldLifeCycle, type DossierEvent } from '@par/administration';
import { type Manifest, type ManifestSum } from '@par/contracts';
import { hashToHex, identityHash } from '@par/messaging';
import fc from 'fast-check';
import { dossierHash, eventHash, hashText, type ManifestEvent, placeOf, TYPES_WITH_DATA } from './manifest-items.ts';
import { readManifest } from './read-manifest.ts';

const PAGE = readFileSync(new URL('../../../../docs/manifests.md', import.meta.url), 'utf8');

/** What docs/manifests.md tells vendors to check their own code against is read from there. */
describe('the recipe of a manifest', () => {
  const vectors = [...PAGE.matchAll(/^\| `([^`]+)` \| `([^`]+)` \| `([0-9a-f]{16})` \|$/gm)].map(
    ([, first, second, hex]) => [first!, second!, hex!] as const,
  );

  it('hashes as the table of the page says, by our code and step by step', () => {
    expect(vectors).toHaveLength(6);
    for (const [first, second, expected] of vectors) {
      expect(hashText(dossierHash(first, second))).toBe(expected);
      const bytes = Buffer.concat([Buffer.from(first, 'utf8'), Buffer.from([0]), Buffer.from(second, 'utf8')]);
      expect(createHash('sha256').update(bytes).digest('hex').slice(0, 16)).toBe(expected);
    }
  });

  it('sums by XOR to the manifest of the page, which is a good one', () => {
    const manifest = JSON.parse(/```json\n([^]*?)```/.exec(PAGE)![1]!) as Manifest;
    const read = readManifest(manifest, 'dossier-intake', new Date('2021-07-06T00:00:00Z'));
    const sumOf = (own: (typeof vectors)[number][]): ManifestSum => ({
      count: own.length,
      hash: hashText(own.reduce((sum, [, , hex]) => sum ^ BigInt(`0x${hex}`), 0n)),
    });
    expect(read.lines.map(({ count, hash }) => ({ count, hash }))).toEqual([
      sumOf(vectors.filter(([, state]) => state === '10')),
      sumOf(vectors.filter(([, state]) => state === '2')),
      sumOf(vectors.filter(([source]) => source === manifest.source)),
    ]);
  });

  it('hashes an event as the balance sheet does', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        (source, id) => hashText(eventHash({ source, id })) === hashToHex(identityHash({ source, id })),
      ),
    );
  });
});

const time = fc.integer({ min: 1, max: 9 }).map((day) => `2021-07-0${day}T01:00:00.000Z`);
const id = fc.integer({ min: 0, max: 14 }).map((n) => `e${n}`);
const told: fc.Arbitrary<{ type: string; data: object }> = fc.oneof(
  fc
    .constantFrom(
      ...[
        'registered',
        'intake-refused',
        'supplement-requested',
        'supplemented',
        'transferred',
        'fee-requested',
        'result-ready',
        'withdrawn',
      ],
    )
    .map((name) => ({ type: `vn.par.dossier.${name}.v1`, data: {} })),
  fc.constant({ type: 'vn.par.dossier.received.v1', data: { channel: 'online', due: '2021-07-09T17:00:00+07:00', onlineLevel: 4 } }),
  fc.constant({ type: 'vn.par.dossier.returned.v1', data: { channel: 'post', electronic: true } }),
  fc.constant({ type: 'vn.par.dossier.refused.v1', data: { reason: 'not-eligible' } }),
  fc.constant({ type: 'vn.par.dossier.paused.v1', data: { reason: 'tax' } }),
  fc.constant({ type: 'vn.par.dossier.resumed.v1', data: { due: '2021-07-20T17:00:00+07:00' } }),
  fc.constant({ type: 'vn.par.dossier.fee-paid.v1', data: { channel: 'online' } }),
  fc.constant({ type: 'vn.par.dossier.rated.v1', data: { questionSet: 'q', answers: [] } }),
  fc.constant({ type: 'vn.par.dossier.linked.v1', data: { to: 'x', relation: 'sub-dossier' } }),
  fc.constant({ type: 'vn.par.dossier.extended.v1', data: { due: '2021-07-20T17:00:00+07:00', reason: 'other' } }),
  fc.constantFrom('1', '4', '5', '6', '8', '10', '11').map((code) => ({ type: 'vn.par.dossier.state-reported.v1', data: { code } })),
  id.map((target) => ({ type: 'vn.par.dossier.corrected.v1', data: { source: 'urn:a', id: target, reason: 'typing-error' } })),
);
const life = fc.uniqueArray(
  fc
    .record({ id, time, told, unit: fc.constantFrom('u', 'v') })
    .map(
      (drawn): ManifestEvent =>
        ({ ...drawn.told, id: drawn.id, time: drawn.time, unit: drawn.unit, source: 'urn:a', received: '' }) as ManifestEvent,
    ),
  { selector: (event) => event.id, maxLength: 12 },
);

describe('where a dossier stands', () => {
  it('is the state of the life cycle, and the data of most types does not matter', () => {
    fc.assert(
      fc.property(life, (events) => {
        const light = events.map((event) => (TYPES_WITH_DATA.includes(event.type) ? event : { ...event, data: {} }));
        const full = foldLifeCycle(events as DossierEvent[]).state;
        expect(placeOf(light)?.state).toBe(full === undefined ? undefined : String(full));
        expect(placeOf(light)).toEqual(placeOf(events));
      }),
      { numRuns: 2_000 },
    );
  });

  it('does not depend on the order of events', () => {
    fc.assert(fc.property(life, (events) => expect(placeOf([...events].reverse())).toEqual(placeOf(events))));
  });

  it('is at the unit of the receipt, wherever the result was given', () => {
    const at = (name: string, unit: string, day: number): ManifestEvent =>
      ({
        source: 's',
        id: name,
        type: `vn.par.dossier.${name}.v1`,
        unit,
        time: `2021-07-0${day}T01:00:00.000Z`,
        data: {},
      }) as ManifestEvent;
    expect(placeOf([at('result-ready', 'v', 1), at('received', 'u', 2)])).toEqual({ unit: 'u', state: '9' });
    expect(placeOf([at('result-ready', 'v', 1)])).toEqual({ unit: 'v', state: '9' });
    expect(placeOf([at('rated', 'v', 1)])).toBeUndefined();
  });
});
