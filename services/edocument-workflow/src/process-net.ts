import { type ProcessDefinition, type ProcessNode, type ProcessStep } from './process-definition.ts';

/** Where a running process stands: the sequence flows that carry a token, sorted, joined by blanks. '' where it has ended. */
export type Marking = string;

/** A move of the process: a step that somebody takes, or what comes by itself (`step` undefined): gateways, timers, ends. */
export interface Move {
  step?: string;
  to: Marking;
}

/** Raised where a flow would carry two tokens at once: the process has no bound. */
export class TwoTokens extends Error {
  constructor(readonly flow: string) {
    super(`the flow ${flow} carries two tokens`);
  }
}

/**
 * A process as a net of tokens on its sequence flows (BPMN 2.0.2, 13): a step takes one token from any of its flows in and puts one on each of its flows out; an
 * exclusive gateway one from any and one on one; a parallel gateway one from each and one on each. A timer at the edge of a step may take the step's token itself.
 */
export class ProcessNet {
  readonly #nodes: readonly ProcessNode[];
  readonly #moves = new Map<Marking, Move[]>();
  readonly #named: ReadonlyMap<string, ProcessStep>;
  readonly start: Marking;

  constructor(readonly process: ProcessDefinition) {
    this.#nodes = [...process.nodes.values()];
    const steps = [...process.steps.values()];
    // An id goes before another step's name.
    this.#named = new Map([...steps.map((step) => [step.name, step] as const), ...steps.map((step) => [step.id, step] as const)]);
    this.start = markingOf(this.#nodes.find(({ kind }) => kind === 'start')!.outgoing);
  }

  /** The step that a label means: the id of its element, or its name. */
  stepNamed(said: string): ProcessStep | undefined {
    return this.#named.get(said);
  }

  /** Everything that can happen next. @throws TwoTokens where the process has no bound */
  moves(marking: Marking): readonly Move[] {
    let moves = this.#moves.get(marking);
    if (!moves) this.#moves.set(marking, (moves = this.#find(marking)));
    return moves;
  }

  /** All that a marking can become by itself, without a step, itself included. */
  silently(from: Iterable<Marking>): Set<Marking> {
    const reached = new Set(from);
    for (const marking of reached) for (const { step, to } of this.moves(marking)) if (step === undefined) reached.add(to);
    return reached;
  }

  #find(marking: Marking): Move[] {
    const tokens = marking === '' ? [] : marking.split(' ');
    const has = new Set(tokens);
    const moves: Move[] = [];
    for (const node of this.#nodes) {
      if (node.kind === 'start') continue;
      if (node.kind === 'parallel') {
        if (node.incoming.every((flow) => has.has(flow))) moves.push({ to: moved(tokens, node.incoming, node.outgoing) });
        continue;
      }
      const ways = node.edgeOf === undefined ? node.incoming : this.process.nodes.get(node.edgeOf)!.incoming;
      for (const flow of ways) {
        if (!has.has(flow)) continue;
        if (node.kind === 'exclusive') for (const out of node.outgoing) moves.push({ to: moved(tokens, [flow], [out]) });
        else moves.push({ ...(node.kind === 'step' ? { step: node.id } : {}), to: moved(tokens, [flow], node.outgoing) });
      }
    }
    return moves;
  }
}

function markingOf(tokens: readonly string[]): Marking {
  return tokens.toSorted().join(' ');
}

function moved(tokens: readonly string[], gone: readonly string[], come: readonly string[]): Marking {
  const left = tokens.filter((token) => !gone.includes(token));
  const twice = come.find((flow, index) => left.includes(flow) || come.indexOf(flow) !== index);
  if (twice !== undefined) throw new TwoTokens(twice);
  return markingOf([...left, ...come]);
}
