/** A step that people take, and what the process asks of it. */
export interface ProcessStep {
  /** Of its element in the file. */
  id: string;
  /** As it is reported: the label of `work-dossier.step-taken`. */
  name: string;
  /** Name of its lane: who takes it. */
  role?: string;
  /** Allowed working time in hours, from when it could begin. */
  workingHours?: number;
  /** A valid digital signature is due with it. */
  signature: boolean;
  /** It may be done on paper without the work dossier losing "processed online". */
  paper: boolean;
}

/** A node of the flow; `incoming` and `outgoing` are ids of sequence flows. */
export interface ProcessNode {
  id: string;
  kind: 'start' | 'end' | 'step' | 'exclusive' | 'parallel' | 'timer';
  incoming: string[];
  outgoing: string[];
  /** Of a timer at the edge of a step: that step, which it may end in place of those who take it. */
  edgeOf?: string;
}

/** A process as it is in a BPMN 2.0 file, cut down to what it says of the order of steps. */
export interface ProcessDefinition {
  id: string;
  name: string;
  steps: ReadonlyMap<string, ProcessStep>;
  nodes: ReadonlyMap<string, ProcessNode>;
}

/** Why a file is no process that can run. */
export interface ProcessMistake {
  /** Stable code: `process.unknown-element` … */
  code: string;
  /** Id of the element in the file; '' where the file as a whole is meant. */
  element: string;
  vi: string;
  en: string;
}

export type ProcessReading = { ok: true; process: ProcessDefinition } | { ok: false; mistakes: ProcessMistake[] };
