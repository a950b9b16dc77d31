import { describe, expect, it } from '@jest/globals';
import { CHANNELS } from '@par/contracts';
import { CHANNEL_LABELS, nationalCodeOf } from './labels.ts';

describe('channels', () => {
  it('have the codes of the national list', () => {
    expect(CHANNELS.map((channel) => [channel, nationalCodeOf(channel)])).toEqual([
      ['counter', '1'],
      ['online', '2'],
      ['post', '3'],
    ]);
  });
});

describe('labels', () => {
  it('exist in both languages for every channel, each once', () => {
    const labels = CHANNELS.map((channel) => CHANNEL_LABELS[channel]);
    expect(new Set(labels.map((label) => label.vi)).size).toBe(labels.length);
    expect(new Set(labels.map((label) => label.en)).size).toBe(labels.length);
  });
});
