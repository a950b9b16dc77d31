import { type ProcessDefinition, type ProcessMistake } from './process-definition.ts';
import { type Marking, ProcessNet, TwoTokens } from './process-net.ts';

const MOST_MARKINGS = 20_000;

/**
 * Why a process cannot run to its end: two tokens on one flow, a place where it hangs, a step that nobody ever comes to. Every marking that can be reached is looked at.
 */
export function unsoundness(process: ProcessDefinition): ProcessMistake[] {
  const net = new ProcessNet(process);
  const reached = new Set<Marking>([net.start]);
  const before = new Map<Marking, Marking[]>();
  const taken = new Set<string>();
  try {
    for (const marking of reached) {
      if (reached.size > MOST_MARKINGS)
        return [
          mistake(
            'process.too-many-ways',
            process.id,
            'Quy trình có quá nhiều nhánh song song',
            'The process has too many ways through it',
          ),
        ];
      for (const { step, to } of net.moves(marking)) {
        if (step !== undefined) taken.add(step);
        reached.add(to);
        const earlier = before.get(to);
        if (earlier) earlier.push(marking);
        else before.set(to, [marking]);
      }
    }
  } catch (error) {
    if (!(error instanceof TwoTokens)) throw error;
    return [
      mistake(
        'process.two-tokens',
        error.flow,
        'Luồng này có thể bị đi vào hai lần cùng lúc: nhánh song song được nhập lại bằng cổng loại trừ',
        'This flow can be entered twice at once: parallel ways are joined by an exclusive gateway',
      ),
    ];
  }
  const ends = new Set<Marking>(['']);
  for (const marking of ends) for (const earlier of before.get(marking) ?? []) ends.add(earlier);
  const hangs = [...reached].filter((marking) => !ends.has(marking));
  const waiting = new Set(hangs.filter((marking) => net.moves(marking).length === 0).flatMap((marking) => waitingIn(process, marking)));
  return [
    ...[...waiting].map((id) =>
      mistake(
        'process.hangs',
        id,
        'Quy trình dừng lại ở đây: cổng song song chờ một nhánh không bao giờ tới',
        'The process hangs here: a parallel gateway waits for a way that nobody comes by',
      ),
    ),
    // A circle without a way out hangs nowhere and never ends.
    ...(hangs.length > 0 && waiting.size === 0
      ? [mistake('process.never-ends', process.id, 'Có vòng lặp không có lối ra', 'There is a circle without a way out')]
      : []),
    ...[...process.steps.keys()]
      .filter((id) => !taken.has(id))
      .map((id) => mistake('process.never-reached', id, 'Không có đường nào tới bước này', 'No way leads to this step')),
  ];
}

/** The nodes that the tokens of a marking stand before. */
function waitingIn(process: ProcessDefinition, marking: Marking): string[] {
  const tokens = marking.split(' ');
  return [...process.nodes.values()].filter(({ incoming }) => incoming.some((flow) => tokens.includes(flow))).map(({ id }) => id);
}

function mistake(code: string, element: string, vi: string, en: string): ProcessMistake {
  return { code, element, vi, en };
}
