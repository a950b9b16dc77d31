import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type DossierEvent, foldDossier, nationalStateOf } from './dossier.ts';

type Short = 'received' | 'result-ready' | 'returned' | 'corrected';

function event(type: Short, id: string, time: string, data: object = {}): DossierEvent {
  return {
    specversion: '1.0',
    source: 'urn:one-stop',
    id,
    type: `vn.par.dossier.${type}.v1`,
    subject: 'H57.132-210701-0001',
    unit: 'hue-19756-gia-hoi',
    time: `2021-07-${time}:00:00.000Z`,
    datacontenttype: 'application/json',
    received: '2021-07-09T00:00:00.000Z',
    network: 'tslcd',
    data: type === 'received' ? { channel: 'online', ...data } : data,
  } as DossierEvent;
}

const received = event('received', 'r', '01T01', { due: '2021-07-05T10:00:00+07:00' });
const ready = event('result-ready', 'y', '03T01');
const returned = event('returned', 't', '04T01', { channel: 'online' });
const takeBack = (id: string, of: string, time = '05T01'): DossierEvent =>
  event('corrected', id, time, { source: 'urn:one-stop', id: of, reason: 'entered-by-mistake' });

describe('a dossier', () => {
  it('is received, with the appointment of its slip', () => {
    const { state } = foldDossier([received]);
    expect(state).toEqual({
      name: 'received',
      receipt: { known: true, at: '2021-07-01T01:00:00.000Z', channel: 'online', due: { given: true, at: '2021-07-05T03:00:00.000Z' } },
    });
    expect(nationalStateOf(state)).toBe(2);
  });

  it('may have its due date left open', () => {
    expect(foldDossier([event('received', 'r', '01T01')]).state).toMatchObject({ receipt: { due: { given: false } } });
  });

  it('is ready, then returned', () => {
    expect(nationalStateOf(foldDossier([received, ready]).state)).toBe(9);
    expect(foldDossier([received, ready, returned]).state).toMatchObject({
      name: 'returned',
      readyAt: ready.time,
      returnedAt: returned.time,
      channel: 'online',
    });
    expect(nationalStateOf(foldDossier([received, ready, returned]).state)).toBe(10);
  });

  it('makes sense of a return that comes before its receipt', () => {
    expect(foldDossier([returned]).state).toEqual({
      name: 'returned',
      receipt: { known: false },
      returnedAt: returned.time,
      channel: 'online',
    });
  });

  it('falls back when an event is taken back, whose entry says by what', () => {
    const dossier = foldDossier([received, ready, takeBack('c', 'y')]);
    expect(dossier.state.name).toBe('received');
    expect(dossier.timeline.find((entry) => entry.id === 'y')?.takenBack).toEqual({
      source: 'urn:one-stop',
      id: 'c',
      reason: 'entered-by-mistake',
      at: '2021-07-05T01:00:00.000Z',
    });
    expect(dossier.timeline.map((entry) => entry.takenBack === null)).toEqual([true, false, true]);
  });

  it('stands again when the correction is taken back', () => {
    expect(foldDossier([received, ready, takeBack('c', 'y'), takeBack('d', 'c', '06T01')]).state.name).toBe('result-ready');
  });

  it('is taken back when all of its events are', () => {
    const { state } = foldDossier([received, takeBack('c', 'r')]);
    expect(state).toEqual({ name: 'taken-back' });
    expect(nationalStateOf(state)).toBeUndefined();
  });

  it('cannot have a correction take back itself', () => {
    expect(foldDossier([received, takeBack('c', 'c')]).timeline.every((entry) => entry.takenBack === null)).toBe(true);
  });

  it('is the same for every order and any duplicates of its events', () => {
    const all = [
      received,
      event('received', 'r2', '01T01', { channel: 'post' }),
      ready,
      event('result-ready', 'y2', '03T01'),
      returned,
      takeBack('c1', 'y'),
      takeBack('c2', 'c1', '05T01'),
      takeBack('c3', 'c2', '04T02'),
      takeBack('c4', 'c3', '01T00'),
      takeBack('c5', 'r', '02T00'),
      takeBack('ring1', 'ring2', '06T00'),
      takeBack('ring2', 'ring1', '06T01'),
    ];
    const subset = fc.subarray(all, { minLength: 1 });
    fc.assert(
      fc.property(
        subset.chain((some) => fc.tuple(fc.constant(some), fc.shuffledSubarray([...some, ...some], { minLength: some.length }))),
        ([some, mixed]) => {
          const known = new Set(mixed.map((each) => each.id));
          expect(foldDossier(mixed)).toEqual(foldDossier(some.filter((each) => known.has(each.id))));
        },
      ),
    );
  });
});
