import { describe, expect, it } from '@jest/globals';
import type { NotOnlineReason } from '@par/contracts';
import { conformanceOf } from './conformance.ts';
import { judgementOf, mustPublish } from './judgement.ts';
import { type ProcessVersion, processVersion } from './process-version.ts';
import { processOf } from './spec-process.ts';
import { type DossierEvent } from './work-dossier-event.ts';
import { foldWorkDossier } from './work-dossier.ts';

const at = (minute: number): string => new Date(Date.UTC(2021, 2, 1, 2, minute)).toISOString();
const told = (type: string, minute: number, more: object = {}): DossierEvent =>
  ({
    source: 'urn:spec',
    id: `${type}-${minute}`,
    time: at(minute),
    unit: 'hue-a',
    day: '2021-03-01',
    type: `vn.par.${type}.v1`,
    ...more,
  }) as DossierEvent;
const step = (minute: number, name: string, more: object = {}): DossierEvent =>
  told('work-dossier.step-taken', minute, { step: name, medium: 'network', ...more });
const verdict = (minute: number, file: string, found: string): DossierEvent =>
  told('work-dossier.signature-verified', minute, { file, verdict: found });
const completed = told('work-dossier.completed', 59);
const signed = { signature: 'digital', file: 'f1' };

/** A clerk checks, on paper if need be, a head signs. */
async function process(): Promise<ProcessVersion> {
  const definition = await processOf('s>Check Check>Sign Sign>e', {
    tasks: { Check: 'par:paper="allowed"', Sign: 'par:signature="required"' },
  });
  return processVersion(
    { version: 3, validFrom: '2021-01-01', procedures: [], units: [], kinds: [], isShipped: false, contentHash: '' },
    definition,
  );
}

const followedBy = (version: ProcessVersion, events: DossierEvent[]) => ({
  process: version,
  conformance: conformanceOf(
    version.net,
    foldWorkDossier(events).steps.map((each) => ({ step: each.step, at: each.time })),
    { openedAt: at(0), isClosed: true, workingTime: () => 0 },
  ),
});

describe('processed online or not, and why', () => {
  it.each<[string, DossierEvent[], NotOnlineReason[]]>([
    ['steps on the network, nothing said of signatures', [step(1, 'A')], []],
    ['declared to be paper', [step(1, 'A'), told('work-dossier.paper-declared', 2)], ['declared-paper']],
    ['signed by hand', [step(1, 'A', { signature: 'wet' })], ['wet-signature']],
    ['signed on paper', [step(1, 'A', { act: 'signed', medium: 'paper' })], ['paper-step', 'wet-signature']],
    ['signed without a file', [step(1, 'A', { act: 'signed' })], ['no-electronic-file']],
    ['signed, the file never shown', [step(1, 'A', signed)], ['signature-unverified']],
    ['signed, the file shown', [step(1, 'A', signed), verdict(2, 'f1', 'valid')], []],
    ['signed, shown before it was told', [verdict(0, 'f1', 'valid'), step(1, 'A', signed)], []],
    ['another file was shown', [step(1, 'A', signed), verdict(2, 'f2', 'valid')], ['signature-unverified']],
    ['the file bears none', [step(1, 'A', signed), verdict(2, 'f1', 'unsigned')], ['signature-invalid']],
    ['found invalid later', [step(1, 'A', signed), verdict(2, 'f1', 'valid'), verdict(3, 'f1', 'invalid')], ['signature-invalid']],
    ['signed anew after rework', [step(1, 'A', signed), step(5, 'A', { signature: 'digital', file: 'f2' }), verdict(6, 'f2', 'valid')], []],
    [
      'two steps are signed, one of them well',
      [step(1, 'A', signed), step(5, 'B', { signature: 'digital', file: 'f2' }), verdict(6, 'f2', 'valid')],
      ['signature-unverified'],
    ],
  ])('%s', (_name, events, reasons) => {
    const found = judgementOf(foldWorkDossier([...events, completed]));
    expect(found.reasons).toEqual(reasons);
    expect(found.processedOnline).toBe(reasons.length === 0);
    expect(found).not.toHaveProperty('conformance');
  });

  it.each<[string, DossierEvent[], NotOnlineReason[]]>([
    ['as the process says', [step(1, 'Check'), step(2, 'Sign', signed), verdict(3, 'f1', 'valid')], []],
    ['on paper where that is allowed', [step(1, 'Check', { medium: 'paper' }), step(2, 'Sign', signed), verdict(3, 'f1', 'valid')], []],
    [
      'on paper in a step that it does not know',
      [step(1, 'X', { medium: 'paper' }), step(2, 'Sign', signed), verdict(3, 'f1', 'valid')],
      ['paper-step'],
    ],
    ['nothing signed', [step(1, 'Check'), step(2, 'Sign')], ['signature-missing']],
    ['signed in another step', [step(1, 'Check', signed), step(2, 'Sign'), verdict(3, 'f1', 'valid')], ['signature-missing']],
    ['signed by hand', [step(1, 'Check'), step(2, 'Sign', { signature: 'wet' })], ['wet-signature']],
    ['no step at all', [], ['no-step-recorded', 'signature-missing']],
  ])('with a process: %s', async (_name, events, reasons) => {
    const all = [...events, completed];
    expect(judgementOf(foldWorkDossier(all), followedBy(await process(), all)).reasons).toEqual(reasons);
  });

  it('counts what parts from the process, and tells it where it changes', async () => {
    const version = await process();
    const judged = (events: DossierEvent[]) => judgementOf(foldWorkDossier(events), followedBy(version, events));
    const skipped = judged([step(2, 'Sign', signed), step(3, 'Talk'), verdict(3, 'f1', 'valid'), completed]);
    expect(skipped.conformance).toEqual({
      process: 'spec',
      processVersion: 3,
      conforming: 1,
      skipped: 1,
      outOfOrder: 0,
      repeated: 0,
      unknown: 1,
      wrongRole: 0,
      overTime: 0,
    });
    const late = judged([step(2, 'Sign', signed), step(3, 'Check'), verdict(3, 'f1', 'valid'), completed]);
    expect(late.conformance).toMatchObject({ skipped: 0, outOfOrder: 1, unknown: 0 });
    expect(mustPublish(skipped, late)).toBe(true);
    expect(mustPublish(JSON.parse(JSON.stringify(late)) as typeof late, late)).toBe(false);
    expect(mustPublish({ ...late, conformance: undefined }, late)).toBe(true);
    expect(judged([step(2, 'Sign', signed)])).toMatchObject({ state: 'open', reasons: [] });
  });
});
