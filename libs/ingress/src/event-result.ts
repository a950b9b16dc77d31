import { type Bilingual } from '@par/service-kit';
import { type Judgement } from './judgement.ts';
import { REFUSALS, refusalText } from './refusal.ts';

/** What became of an event. */
export type Outcome = 'accepted' | 'duplicate' | 'conflict' | 'refused';

/** The answer to one event. `index` is its place in the call. */
export interface EventResult {
  index: number;
  source?: string;
  id?: string;
  result: Outcome;
  /** Stable code of a conflict or refusal. */
  code?: string;
  /** What was wrong: an attribute, or a path in the data such as `data.channel`. */
  field?: string;
  message?: Bilingual;
}

export interface Summary {
  posted: number;
  accepted: number;
  duplicate: number;
  conflict: number;
  refused: number;
}

export function resultOf(index: number, judgement: Judgement, outcome: Outcome): EventResult {
  const identity = judgement.kind === 'taken' ? judgement.event : judgement;
  const known = {
    index,
    ...(identity.source === undefined ? {} : { source: identity.source }),
    ...(identity.id === undefined ? {} : { id: identity.id }),
    result: outcome,
  };
  if (outcome === 'conflict') return { ...known, code: 'event.conflict', field: 'id', message: REFUSALS['event.conflict'] };
  if (outcome !== 'refused' || judgement.kind === 'taken') return known;
  const { refusal } = judgement;
  return { ...known, code: refusal.code, ...(refusal.field === undefined ? {} : { field: refusal.field }), message: refusalText(refusal) };
}

export function summaryOf(results: readonly EventResult[]): Summary {
  const summary: Summary = { posted: results.length, accepted: 0, duplicate: 0, conflict: 0, refused: 0 };
  for (const { result } of results) summary[result] += 1;
  return summary;
}
