import { describe, expect, it } from '@jest/globals';
import { CHANNELS, UNIT_KINDS } from '@par/contracts';
import { CHANNEL_LABELS, channelOfNationalCode, nationalCodeOf, UNIT_KIND_LABELS } from './labels.ts';

describe('channels', () => {
  it('have the codes of the national list', () => {
    expect(CHANNELS.map((channel) => [channel, nationalCodeOf(channel)])).toEqual([
      ['counter', '1'],
      ['online', '2'],
      ['post', '3'],
    ]);
    for (const channel of CHANNELS) expect(channelOfNationalCode(nationalCodeOf(channel))).toBe(channel);
  });

  it.each([
    [2, 'online'],
    ['2', 'online'],
    [' 3 ', 'post'],
    [null, 'counter'],
    ['', 'counter'],
    ['4', undefined],
    ['toString', undefined],
  ])('code %j is %s', (code, channel) => expect(channelOfNationalCode(code)).toBe(channel));
});

describe('labels', () => {
  it('exist in both languages for every channel and kind, each once', () => {
    const labels = [...CHANNELS.map((channel) => CHANNEL_LABELS[channel]), ...UNIT_KINDS.map((kind) => UNIT_KIND_LABELS[kind])];
    expect(new Set(labels.map((label) => label.vi)).size).toBe(labels.length);
    expect(new Set(labels.map((label) => label.en)).size).toBe(labels.length);
  });
});
