import { type EventData, type EventType } from '@par/contracts';
import { type Draft } from './sending.ts';

/** Codes of the national list `TrangThaiHoSo` (domain 2.5) that stand for what happened; what is not here has no state of its own there. */
const CODES: Partial<Record<EventType, string>> = {
  'vn.par.dossier.registered.v1': '1',
  'vn.par.dossier.received.v1': '2',
  'vn.par.dossier.intake-refused.v1': '3',
  'vn.par.dossier.supplemented.v1': '4',
  'vn.par.dossier.transferred.v1': '4',
  'vn.par.dossier.fee-paid.v1': '4',
  'vn.par.dossier.resumed.v1': '4',
  'vn.par.dossier.supplement-requested.v1': '5',
  'vn.par.dossier.fee-requested.v1': '6',
  'vn.par.dossier.withdrawn.v1': '7',
  'vn.par.dossier.paused.v1': '8',
  'vn.par.dossier.refused.v1': '8',
  'vn.par.dossier.result-ready.v1': '9',
  'vn.par.dossier.returned.v1': '10',
};

/** The same event from a source that knows state codes only: it tells the receipt's appointment, and of the rest the code. Undefined for what it cannot tell. */
export function inNationalCodes(draft: Draft): Draft | undefined {
  if (draft.type === 'vn.par.dossier.state-reported.v1' || !draft.type.startsWith('vn.par.dossier.')) return draft;
  const code = CODES[draft.type];
  if (code === undefined) return undefined;
  const { due } = draft.type === 'vn.par.dossier.received.v1' ? (draft.data as EventData['vn.par.dossier.received.v1']) : {};
  return { ...draft, type: 'vn.par.dossier.state-reported.v1', data: { code, ...(due === undefined ? {} : { due }) } };
}
