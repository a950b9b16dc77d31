import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ProcessNet } from './process-net.ts';
import { readProcess } from './read-process.ts';
import { bpmn, processOf } from './spec-process.ts';

const mistakesOf = async (xml: string): Promise<string[]> => {
  const reading = await readProcess(xml);
  return reading.ok ? [] : reading.mistakes.map(({ code, element }) => `${code} ${element}`);
};

describe('a process definition', () => {
  it('is read from a BPMN file: steps with their rules, roles, and the flow', async () => {
    const process = await processOf('s>A A>x1 x1>B x1>C B>x2 C>x2 x2>e', {
      tasks: { A: 'par:workingHours="4"', B: 'par:signature="required" par:paper="allowed"' },
      lanes: { 'Bộ phận Một cửa': ['A'], 'Lãnh đạo': ['B', 'C'] },
    });
    expect(process).toMatchObject({ id: 'spec', name: 'Quy trình mẫu' });
    expect([...process.steps.values()]).toEqual([
      { id: 'A', name: 'A', role: 'Bộ phận Một cửa', workingHours: 4, signature: false, paper: false },
      { id: 'B', name: 'B', role: 'Lãnh đạo', signature: true, paper: true },
      { id: 'C', name: 'C', role: 'Lãnh đạo', signature: false, paper: false },
    ]);
    const net = new ProcessNet(process);
    const steps = (markings: Iterable<string>): string[] =>
      [...net.silently(markings)].flatMap((marking) => net.moves(marking).flatMap(({ step }) => step ?? [])).sort();
    expect(steps([net.start])).toEqual(['A']);
    const afterA = net.moves(net.start).map(({ to }) => to);
    expect(steps(afterA)).toEqual(['B', 'C']);
  });

  it.each([
    ['one step', 's>A A>e'],
    ['parallel ways', 's>p1 p1>A p1>B A>p2 B>p2 p2>e'],
    ['rework', 's>A A>B B>x x>A x>e'],
    ['a choice within a parallel way', 's>p1 p1>A p1>x1 x1>B x1>C B>x2 C>x2 x2>p2 A>p2 p2>e'],
    ['two ends', 's>x x>A x>B A>e1 B>e2'],
    ['ways out of a step that run side by side', 's>A A>B A>C B>p C>p p>D D>e'],
    ['a timer', 's>A A>t t>B B>e'],
  ])('with %s can run', async (_name, flows) => expect(await mistakesOf(bpmn(flows))).toEqual([]));

  it('may end a step by a timer at its edge', async () => {
    const timer = '<bpmn:boundaryEvent id="T" attachedToRef="A"><bpmn:timerEventDefinition id="Td"/></bpmn:boundaryEvent>';
    const flow = '<bpmn:sequenceFlow id="ft" sourceRef="T" targetRef="B"/>';
    const process = await processOf('s>A A>e1 B>e2', { extra: timer + flow });
    const net = new ProcessNet(process);
    expect([...net.silently([net.start])].flatMap((marking) => net.moves(marking).flatMap(({ step }) => step ?? [])).sort()).toEqual([
      'A',
      'B',
    ]);
    const beside = timer.replace('attachedToRef', 'cancelActivity="false" attachedToRef');
    expect(await mistakesOf(bpmn('s>A A>e1 B>e2', { extra: beside + flow }))).toEqual(['process.timer-beside T']);
  });

  it.each([
    ['parallel ways that an exclusive gateway joins', 's>p p>A p>B A>x B>x x>C C>e', ['process.two-tokens f5']],
    ['a choice that a parallel gateway joins', 's>x x>A x>B A>p B>p p>e', ['process.hangs p']],
    ['a circle without a way out', 's>x1 x1>A A>e x1>x2 x2>B B>x2', ['process.never-ends spec']],
    ['a step that nobody comes to', 's>A A>e B>x x>B x>C C>e2', ['process.never-reached B', 'process.never-reached C']],
    ['a loose end', 's>A A>e B>e', ['process.no-way-in B']],
    ['no way on', 's>x x>A x>B A>e', ['process.no-way-out B']],
    ['two starts', 's1>A s2>A A>e', ['process.not-one-start spec']],
    ['a flow out of its end', 's>A A>e e>B B>e2', ['process.flow-through-end e']],
  ])('with %s is refused', async (_name, flows, mistakes) => expect(await mistakesOf(bpmn(flows))).toEqual(mistakes));

  it.each([
    ['text that is no XML', 'abc', ['process.not-bpmn ']],
    ['another vocabulary', '<a/>', ['process.not-bpmn ']],
    ['no process', bpmn('s>A A>e').replace(/<bpmn:process[\s\S]*<\/bpmn:process>/, ''), ['process.not-one ']],
    ['a kind of element that is not supported', bpmn('s>A A>e', { extra: '<bpmn:subProcess id="sub"/>' }), ['process.unknown-element sub']],
    [
      'a message event',
      bpmn('s>A A>e').replace(
        '<bpmn:startEvent id="s"/>',
        '<bpmn:startEvent id="s"><bpmn:messageEventDefinition id="m"/></bpmn:startEvent>',
      ),
      ['process.unknown-event s'],
    ],
    ['a step without a name', bpmn('s>A A>e').replace('name="A"', ''), ['process.bad-step-name A']],
    ['two steps of one name', bpmn('s>A A>B B>e').replace('name="B"', 'name="A"'), ['process.same-name B']],
    ['no hours', bpmn('s>A A>e', { tasks: { A: 'par:workingHours="0"' } }), ['process.bad-hours A']],
    ['an attribute with another value', bpmn('s>A A>e', { tasks: { A: 'par:paper="yes"' } }), ['process.bad-attribute A']],
    ['a flow to nowhere', bpmn('s>A A>e').replace('targetRef="e"', 'targetRef="zz"'), ['process.not-bpmn ']],
  ])('with %s is refused', async (_name, xml, mistakes) => expect(await mistakesOf(xml)).toEqual(mistakes));

  /** Processes made of blocks run by construction: a step, a sequence, a choice, ways side by side, a circle. */
  const block = fc.letrec<{ block: string[] }>((tie) => ({
    block: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constant<string[]>(['step']),
      fc.tuple(fc.constantFrom('then', 'or', 'and', 'again'), tie('block'), tie('block')).map(([kind, a, b]) => [kind, ...a, ...b]),
    ),
  })).block;

  it('made of blocks always runs, and comes to its end from wherever it stands', async () => {
    await fc.assert(
      fc.asyncProperty(block, async (told) => {
        const flows: string[] = [];
        let made = 0;
        const lay = (from: string): string => {
          const kind = told[made];
          made += 1;
          const n = made;
          if (kind === 'step' || kind === undefined) {
            flows.push(`${from}>N${n}`);
            return `N${n}`;
          }
          if (kind === 'then') return lay(lay(from));
          const [split, join] = kind === 'and' ? [`p${n}a`, `p${n}b`] : [`x${n}a`, `x${n}b`];
          flows.push(`${from}>${split}`);
          if (kind === 'again') {
            flows.push(`${lay(split)}>${join}`, `${lay(join)}>${split}`);
            return join;
          }
          flows.push(`${lay(split)}>${join}`, `${lay(split)}>${join}`);
          return join;
        };
        const last = lay('s');
        flows.push(`${last}>e`);
        const process = await processOf(flows.join(' '));
        const net = new ProcessNet(process);
        let marking = net.start;
        for (let move = 0; marking !== '' && move < 10_000; move += 1) {
          const moves = net.moves(marking);
          marking = moves[(move * 7) % moves.length]!.to;
        }
        expect(process.steps.size).toBe(flows.filter((flow) => />N/.test(flow)).length);
      }),
      { numRuns: 60 },
    );
  });
});
