import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { conformanceOf, type RecordedStep } from './conformance.ts';
import { ProcessNet } from './process-net.ts';
import { type ProcessDefinition } from './process-definition.ts';
import { processOf } from './spec-process.ts';

const HOUR = 3_600_000;
const at = (hour: number): string => new Date(Date.UTC(2021, 6, 5, hour)).toISOString();
/** Steps, an hour apart. */
const trace = (names: string): RecordedStep[] =>
  names
    .split(' ')
    .filter((name) => name !== '')
    .map((step, n) => ({ step, at: at(n + 1) }));
const deviationsOf = (process: ProcessDefinition, names: string, isClosed = true): string[] =>
  conformanceOf(new ProcessNet(process), trace(names), {
    openedAt: at(0),
    isClosed,
    workingTime: (from, to) => Date.parse(to) - Date.parse(from),
  }).deviations.map(({ kind, step }) => `${kind} ${step}`);

const nextOf = (process: ProcessDefinition, names: string): [string, string][] =>
  conformanceOf(new ProcessNet(process), trace(names), { openedAt: at(0), isClosed: false, workingTime: () => 0 }).next.map(
    ({ step, since }) => [step.name, since],
  );

describe('a trace held against its process', () => {
  it.each([
    ['as it says', 'A B C D', []],
    ['its other way', 'A C B D', []],
    ['one step left out', 'A B D', ['skipped C']],
    ['the first left out', 'B C D', ['skipped A']],
    ['the last left out', 'A B C', ['skipped D']],
    ['nothing done', '', ['skipped A', 'skipped B', 'skipped C', 'skipped D']],
    ['a step too late', 'A B D C', ['out-of-order C']],
    ['a step twice', 'A A B C D', ['repeated A']],
    ['a step after the end', 'A B C D A', ['repeated A']],
    ['a step that it does not know', 'A B X C D', ['unknown X']],
    ['all the other way round', 'D C B A', ['out-of-order C', 'out-of-order B', 'out-of-order A']],
  ])('%s', async (_name, names, deviations) => {
    const process = await processOf('s>A A>p1 p1>B p1>C B>p2 C>p2 p2>D D>e');
    expect(deviationsOf(process, names)).toEqual(deviations);
  });

  it('may go back where the process has a way back, and only there', async () => {
    const process = await processOf('s>A A>B B>x x>A x>C C>e');
    expect(deviationsOf(process, 'A B A B C')).toEqual([]);
    expect(deviationsOf(process, 'A A B C')).toEqual(['repeated A']);
    expect(deviationsOf(process, 'A B A C')).toEqual(['skipped B']);
  });

  it('that goes on is not told what it has not come to', async () => {
    const process = await processOf('s>A A>B B>e');
    expect(deviationsOf(process, 'A', false)).toEqual([]);
    expect(deviationsOf(process, 'A', true)).toEqual(['skipped B']);
    expect(nextOf(process, 'A')).toEqual([['B', at(1)]]);
    expect(nextOf(process, 'A B')).toEqual([]);
  });

  it('says since when each step can be taken', async () => {
    const parallel = await processOf('s>A A>p1 p1>B p1>C B>p2 C>p2 p2>D D>e');
    expect(nextOf(parallel, '')).toEqual([['A', at(0)]]);
    expect(nextOf(parallel, 'A')).toEqual([
      ['B', at(1)],
      ['C', at(1)],
    ]);
    expect(nextOf(parallel, 'A B')).toEqual([['C', at(1)]]);
    expect(nextOf(parallel, 'A B X')).toEqual([['C', at(1)]]);
    expect(nextOf(parallel, 'A B A')).toEqual([['C', at(1)]]);
    expect(nextOf(parallel, 'A B C')).toEqual([['D', at(3)]]);
    const loop = await processOf('s>A A>B B>x x>A x>B x>C C>e');
    expect(nextOf(loop, 'A B')).toEqual([
      ['A', at(2)],
      ['B', at(2)],
      ['C', at(2)],
    ]);
  });

  it('counts the time of a step side by side with others from when it could be taken', async () => {
    const process = await processOf('s>p1 p1>A p1>B A>p2 B>p2 p2>e', { tasks: { B: 'par:workingHours="1.5"' } });
    expect(deviationsOf(process, 'A B')).toEqual(['over-time B']);
    expect(deviationsOf(process, 'B A')).toEqual([]);
  });

  it('has roles and times', async () => {
    const process = await processOf('s>A A>B B>e', {
      tasks: { A: 'par:workingHours="2"', B: 'par:workingHours="0.5"' },
      lanes: { clerk: ['A'], head: ['B'] },
    });
    const steps = [
      { step: 'A', at: at(1), role: 'head' },
      { step: 'B', at: at(2) },
    ];
    const found = conformanceOf(new ProcessNet(process), steps, {
      openedAt: at(0),
      isClosed: true,
      workingTime: (from, to) => Date.parse(to) - Date.parse(from),
    });
    expect(found).toEqual({
      deviations: [
        { kind: 'wrong-role', step: 'A', at: at(1), role: 'head' },
        { kind: 'over-time', step: 'B', at: at(2), workingMs: HOUR },
      ],
      conforming: 0,
      recorded: 2,
      next: [],
    });
  });

  const PROCESSES = [
    's>A A>B B>C C>e',
    's>A A>p1 p1>B p1>C B>p2 C>p2 p2>D D>e',
    's>A A>x1 x1>B x1>C B>x2 C>x2 x2>D D>e',
    's>A A>B B>x x>A x>C C>e',
    's>x1 x1>A x1>B A>x2 B>x2 x2>C C>e',
  ];

  /** Any run of a process, told by random choices. */
  const runOf = (process: ProcessDefinition, choices: readonly number[]): string[] => {
    const net = new ProcessNet(process);
    const steps: string[] = [];
    let marking = net.start;
    for (let n = 0; marking !== ''; n += 1) {
      const moves = net.moves(marking);
      const move = moves[(choices[n] ?? n) % moves.length]!;
      if (move.step !== undefined) steps.push(move.step);
      marking = move.to;
    }
    return steps;
  };

  it.each(PROCESSES)('of a run of %s deviates nowhere', async (told) => {
    const process = await processOf(told);
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 20 }), (choices) => {
        expect(deviationsOf(process, runOf(process, choices).join(' '))).toEqual([]);
      }),
    );
  });

  it.each(PROCESSES)('of any steps in %s conforms exactly where a plain search through all runs finds it', async (told) => {
    const process = await processOf(told);
    const steps = [...process.steps.keys()];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...steps), { maxLength: 6 }), (names) => {
        expect(deviationsOf(process, names.join(' ')).length === 0).toBe(isARun(told, names));
      }),
    );
  });
});

/**
 * Whether steps are a run of a process, by a search that shares nothing with the code: tokens stand before nodes, every choice is tried in turn.
 */
function isARun(told: string, steps: readonly string[]): boolean {
  const flows = told.split(' ').map((flow) => flow.split('>') as [string, string]);
  const out = (node: string): number[] => flows.flatMap(([from], index) => (from === node ? [index] : []));
  const into = (node: string): number[] => flows.flatMap(([, to], index) => (to === node ? [index] : []));
  const tried = new Set<string>();
  const search = (tokens: number[], done: number): boolean => {
    const key = `${tokens.toSorted((a, b) => a - b).join()}|${done}`;
    if (tried.has(key)) return false;
    tried.add(key);
    if (tokens.length === 0) return done === steps.length;
    return tokens.some((token) => {
      const node = flows[token]![1];
      const rest = tokens.filter((other) => other !== token);
      if (node.startsWith('e')) return search(rest, done);
      if (node.startsWith('x')) return out(node).some((way) => search([...rest, way], done));
      if (node.startsWith('p')) {
        const joined = into(node);
        return (
          joined.every((way) => tokens.includes(way)) && search([...tokens.filter((other) => !joined.includes(other)), ...out(node)], done)
        );
      }
      return steps[done] === node && search([...rest, ...out(node)], done + 1);
    });
  };
  return search(out('s'), 0);
}
