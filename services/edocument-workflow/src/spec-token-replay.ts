/**
 * A replay of tokens for specs, that shares nothing with the code it checks: it reads the file by plain patterns, keeps tokens as counts before nodes, and tries every way.
 */
export interface Replay {
  /** Fewest steps that have to be put in or left out so that the trace is a run: 0 exactly where it conforms. */
  cost: number;
  /** Every way of as few: which steps the process asks for and the trace lacks, and which the trace has too many. */
  ways: ReadonlySet<string>;
}

interface Net {
  kinds: ReadonlyMap<string, string>;
  names: ReadonlyMap<string, string>;
  flows: readonly (readonly [from: string, to: string])[];
}

export function netOf(xml: string): Net {
  const kinds = new Map<string, string>();
  const names = new Map<string, string>();
  const flows: [string, string][] = [];
  for (const [, kind, attributes] of xml.matchAll(
    /<bpmn:(startEvent|endEvent|userTask|exclusiveGateway|parallelGateway|sequenceFlow) ([^>]*)>/g,
  )) {
    const value = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(attributes!)?.[1] ?? '';
    if (kind === 'sequenceFlow') flows.push([value('sourceRef'), value('targetRef')]);
    else kinds.set(value(' ?id'), kind!);
    if (kind === 'userTask') names.set(value(' ?id'), value('name'));
  }
  return { kinds, names, flows };
}

/** A way as one word, from the names of steps that lack and of steps too many, in any order. */
export function wayOf(lacking: readonly string[], tooMany: readonly string[]): string {
  return `lacking: ${lacking.toSorted().join(', ')}; too many: ${tooMany.toSorted().join(', ')}`;
}

interface Place {
  /** Numbers of the flows that carry a token. */
  tokens: readonly number[];
  /** Steps of the trace that are behind. */
  done: number;
}

interface Reached extends Place {
  ways: Map<string, { lacking: string[]; tooMany: string[] }>;
}

const MOST_COST = 40;

/** @param mustEnd whether the process has to have come to its end */
export function replay(net: Net, steps: readonly string[], mustEnd: boolean): Replay {
  const start = net.flows.flatMap(([from], n) => (net.kinds.get(from) === 'startEvent' ? [n] : []));
  const key = ({ tokens, done }: Place): string => `${tokens.join(' ')}|${done}`;
  const settled = new Set<string>();
  let front = new Map<string, Reached>();
  const nothing = { lacking: [], tooMany: [] };
  front.set(`${start.join(' ')}|0`, { tokens: start, done: 0, ways: new Map([[wayOf([], []), nothing]]) });
  for (let cost = 0; cost <= MOST_COST; cost += 1) {
    freely(net, steps, front, settled, key);
    const ends = [...front.values()].filter(({ tokens, done }) => done === steps.length && (!mustEnd || tokens.length === 0));
    if (ends.length > 0) return { cost, ways: new Set(ends.flatMap(({ ways }) => [...ways.keys()])) };
    for (const each of front.keys()) settled.add(each);
    const next = new Map<string, Reached>();
    for (const each of front.values()) {
      for (const { tokens, step } of firings(net, each.tokens))
        if (step !== undefined)
          join(next, settled, key, { tokens, done: each.done }, each, { lacking: [net.names.get(step)!], tooMany: [] });
      const said = steps[each.done];
      if (said !== undefined)
        join(next, settled, key, { tokens: each.tokens, done: each.done + 1 }, each, { lacking: [], tooMany: [said] });
    }
    front = next;
  }
  throw new Error('the trace is too far from the process');
}

/** Everything that comes of itself or as the trace says, at no cost; goes on until nothing new is found. */
function freely(
  net: Net,
  steps: readonly string[],
  front: Map<string, Reached>,
  settled: ReadonlySet<string>,
  key: (place: Place) => string,
): void {
  const todo = [...front.values()];
  for (const each of todo) {
    for (const { tokens, step } of firings(net, each.tokens)) {
      if (step !== undefined && net.names.get(step) !== steps[each.done]) continue;
      const place = { tokens, done: each.done + (step === undefined ? 0 : 1) };
      if (join(front, settled, key, place, each, { lacking: [], tooMany: [] })) todo.push(front.get(key(place))!);
    }
  }
}

/** Notes a place with the ways that lead to it; answers whether any of them is new. */
function join(
  front: Map<string, Reached>,
  settled: ReadonlySet<string>,
  key: (place: Place) => string,
  place: Place,
  from: Reached,
  more: { lacking: string[]; tooMany: string[] },
): boolean {
  const name = key(place);
  if (settled.has(name)) return false;
  const reached = front.get(name) ?? { ...place, ways: new Map() };
  front.set(name, reached);
  const before = reached.ways.size;
  for (const way of [...from.ways.values()]) {
    const lacking = [...way.lacking, ...more.lacking];
    const tooMany = [...way.tooMany, ...more.tooMany];
    reached.ways.set(wayOf(lacking, tooMany), { lacking, tooMany });
  }
  return reached.ways.size > before;
}

function firings(net: Net, tokens: readonly number[]): { tokens: number[]; step?: string }[] {
  const found: { tokens: number[]; step?: string }[] = [];
  for (const token of tokens) {
    const node = net.flows[token]![1];
    const out = net.flows.flatMap(([from], n) => (from === node ? [n] : []));
    const rest = tokens.filter((other) => other !== token);
    const put = (added: readonly number[], kept = rest): number[] => [...kept, ...added].sort((a, b) => a - b);
    const kind = net.kinds.get(node);
    if (kind === 'endEvent') found.push({ tokens: rest });
    else if (kind === 'exclusiveGateway') for (const way of out) found.push({ tokens: put([way]) });
    else if (kind === 'userTask') found.push({ tokens: put(out), step: node });
    else {
      const into = net.flows.flatMap(([, to], n) => (to === node ? [n] : []));
      if (into.every((way) => tokens.includes(way)))
        found.push({
          tokens: put(
            out,
            tokens.filter((other) => !into.includes(other)),
          ),
        });
    }
  }
  return found;
}
