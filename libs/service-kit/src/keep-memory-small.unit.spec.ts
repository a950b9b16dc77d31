import { describe, expect, it } from '@jest/globals';
import { type Look, RestWatch } from './keep-memory-small.ts';

const MB = 1 << 20;
const busy: Look = { cpuMs: 1_900, youngBytes: 34 * MB };
const quiet: Look = { cpuMs: 20, youngBytes: MB };
const large: Look = { cpuMs: 20, youngBytes: 34 * MB };

/** At which looks, from 1, it is collected. */
function collections(looks: readonly Look[]): number[] {
  const watch = new RestWatch();
  return looks.flatMap((look, index) => (watch.look(look) ? [index + 1] : []));
}

describe('a process is collected', () => {
  it.each<[string, Look[], number[]]>([
    ['once it has come to rest after work', [busy, busy, ...Array<Look>(9).fill(quiet)], [5]],
    ['after each wave of work', [busy, quiet, quiet, quiet, busy, quiet, quiet, quiet, quiet], [4, 8]],
    ['never while it works', Array<Look>(20).fill(busy), []],
    ['never where it did nothing', Array<Look>(20).fill(quiet), []],
    ['not between two waves close together', [busy, quiet, quiet, busy, quiet, quiet, busy], []],
    ['again while V8 keeps the room for young objects, and then no more', [busy, ...Array<Look>(40).fill(large)], [4, 7, 10, 13, 16]],
    ['again until V8 gives the room back', [busy, ...Array<Look>(6).fill(large), ...Array<Look>(20).fill(quiet)], [4, 7]],
    ['for small work that adds up', Array.from({ length: 8 }, (): Look => ({ cpuMs: 70, youngBytes: MB })), [4, 8]],
  ])('%s', (_name, looks, expected) => {
    expect(collections(looks)).toEqual(expected);
  });
});
