import { NOT_ONLINE_REASONS, type NotOnlineReason, type TraceConformance, type WorkDossierClosedV1 } from '@par/contracts';
import { type Conformance, type Deviation } from './conformance.ts';
import { type ProcessVersion } from './process-version.ts';
import { type StepTaken } from './work-dossier-event.ts';
import { type WorkDossier } from './work-dossier.ts';

/** What was published last, or would be: the judgement without its revision, and the unit it is counted under. */
export interface Judgement extends Omit<WorkDossierClosedV1, 'revision'> {
  unit: string;
}

/** The process that a work dossier follows, and how its steps went beside it. */
export interface Followed {
  process: ProcessVersion;
  conformance: Conformance;
}

/**
 * Whether a closed work dossier was processed online.
 *
 * No official formula for "processed in the network environment" was found. Ours: at least one step is recorded, every recorded step, in whatever order it
 * came and also after the closing, was taken on the network or on paper where the process allows that, nobody declares that it was handled on paper, and what was signed
 * has a digital signature that we saw and found valid. Silence is not proof: a work dossier without any step has reason `no-step-recorded`.
 *
 * A signature is asked for only where the process says that one is due or a step says that something was signed: software that tells nothing of signatures keeps its figures.
 */
export function judgementOf(dossier: WorkDossier, followed?: Followed): Judgement {
  const { steps, completion, countedUnder: unit } = dossier;
  const counts = { steps: steps.length, paperSteps: steps.filter(({ medium }) => medium === 'paper').length, unit };
  if (!completion) return { state: 'open', processedOnline: false, reasons: [], ...counts };
  const found = reasonsOf(dossier, followed?.process);
  return {
    state: 'closed',
    completedAt: completion.time,
    processedOnline: found.size === 0,
    reasons: NOT_ONLINE_REASONS.filter((reason) => found.has(reason)),
    ...counts,
    ...(followed && { conformance: traceConformanceOf(followed) }),
  };
}

function reasonsOf({ steps, isDeclaredPaper, verdicts }: WorkDossier, process: ProcessVersion | undefined): Set<NotOnlineReason> {
  const found = new Set<NotOnlineReason>();
  if (steps.length === 0) found.add('no-step-recorded');
  if (isDeclaredPaper) found.add('declared-paper');
  if (steps.some((step) => step.medium === 'paper' && !process?.net.stepNamed(step.step)?.paper)) found.add('paper-step');
  if (steps.some(isWet)) found.add('wet-signature');
  if (process?.isSignatureDue && !steps.some((step) => isSigned(step) && process.net.stepNamed(step.step)?.signature))
    found.add('signature-missing');
  for (const { file } of lastSigned(steps, process)) {
    const verdict = file === undefined ? undefined : verdicts.get(file);
    if (file === undefined) found.add('no-electronic-file');
    else if (verdict === undefined) found.add('signature-unverified');
    else if (verdict !== 'valid') found.add('signature-invalid');
  }
  return found;
}

/** Signed by hand: it says so, or signing was done on paper. */
function isWet({ act, medium, signature }: StepTaken): boolean {
  return signature === 'wet' || (act === 'signed' && medium === 'paper' && signature === undefined);
}

function isSigned({ act, signature }: StepTaken): boolean {
  return signature !== undefined || act === 'signed';
}

/** The digital signings that hold: a step that is taken again after rework signs anew, so of each step the last. */
function lastSigned(steps: readonly StepTaken[], process: ProcessVersion | undefined): StepTaken[] {
  const last = new Map<string, StepTaken>();
  for (const step of steps) if (isSigned(step) && !isWet(step)) last.set(process?.net.stepNamed(step.step)?.id ?? step.step, step);
  return [...last.values()];
}

function traceConformanceOf({ process, conformance: { deviations, conforming } }: Followed): TraceConformance {
  const count = (kind: Deviation['kind']): number => deviations.filter((deviation) => deviation.kind === kind).length;
  return {
    process: process.id,
    processVersion: process.version,
    conforming,
    skipped: count('skipped'),
    outOfOrder: count('out-of-order'),
    repeated: count('repeated'),
    unknown: count('unknown'),
    wrongRole: count('wrong-role'),
    overTime: count('over-time'),
  };
}

/**
 * Whether a judgement has to be told. A work dossier that never closed has none; after the first, every change of content
 * is told: a late step, a late verdict on a signature, a correction, a reopening.
 */
export function mustPublish(published: Judgement | undefined, now: Judgement): boolean {
  if (!published) return now.state === 'closed';
  return (
    published.state !== now.state ||
    published.completedAt !== now.completedAt ||
    published.processedOnline !== now.processedOnline ||
    published.steps !== now.steps ||
    published.paperSteps !== now.paperSteps ||
    published.unit !== now.unit ||
    published.reasons.join() !== now.reasons.join() ||
    isOtherConformance(published.conformance, now.conformance)
  );
}

/** Key by key: what comes back from the database has them in another order. */
function isOtherConformance(published: TraceConformance | undefined, now: TraceConformance | undefined): boolean {
  if (!published || !now) return published !== now;
  return (Object.keys(now) as (keyof TraceConformance)[]).some((key) => published[key] !== now[key]);
}
