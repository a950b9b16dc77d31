import { type Medium } from '@par/contracts';
import { type Chance } from './chance.ts';
import { type Offices } from './demo-offices.ts';
import { type DossierStory } from './dossier-story.ts';
import { afterOfficeTime, HOUR, MINUTE, officeInstant } from './office-time.ts';
import { type Draft, type Outgoing, send } from './sending.ts';

const STEPS = ['Kiểm tra hồ sơ', 'Phân công thụ lý', 'Thẩm định', 'Trình ký', 'Ký duyệt'];
/** The land registry's own steps are in the province's system; only some come over. */
const SHARE_OF_LAND = 0.1;

/** Tells the work dossier that belongs to an application: its steps, and its completion where the office came to an end. */
export function tellWork(story: DossierStory, from: number, to: number | undefined): void {
  const { chance, office, term } = story.arrival;
  if (office.unit.kind === 'provincial-body' && !chance.happens(SHARE_OF_LAND)) return;
  if (chance.happens(0.004)) {
    // Nobody wrote down a step, and silence is no proof.
    if (to !== undefined) story.tell('workflow', 'vn.par.work-dossier.completed.v1', to - MINUTE, {}, 'work/completed');
    return;
  }
  const isShort = term?.unit === 'working-hour';
  const labels = isShort ? [STEPS[0]!, STEPS[4]!] : STEPS.slice(0, chance.whole(2, 4));
  const isOnPaper = chance.happens(office.paper);
  const end = to ?? from + 3 * HOUR;
  const count = to === undefined ? chance.whole(0, 2) : labels.length;
  for (const [n, step] of labels.slice(0, count).entries()) {
    const at = Math.min(end, officeInstant(from + Math.floor(((end - from) * (n + 1)) / (labels.length + 2) / MINUTE) * MINUTE));
    const medium: Medium = isOnPaper && n === labels.length - 1 ? 'paper' : 'network';
    story.tell(
      'workflow',
      'vn.par.work-dossier.step-taken.v1',
      at,
      { step, medium, actor: `cb-${chance.whole(1, 9)}` },
      `work/step-${n + 1}`,
    );
  }
  if (to === undefined) return;
  const completedAt = to - Math.min(chance.whole(2, 20) * MINUTE, Math.floor((to - from) / 10));
  story.tell('workflow', 'vn.par.work-dossier.completed.v1', completedAt, {}, 'work/completed');
  if (chance.happens(0.004))
    story.tell(
      'workflow',
      'vn.par.work-dossier.step-taken.v1',
      to + HOUR,
      { step: 'Lưu hồ sơ (bản giấy)', medium: 'paper' },
      'work/late-step',
    );
  if (chance.happens(0.004)) {
    const step = 'Trình ký (bản giấy)';
    const told = story.tell(
      'workflow',
      'vn.par.work-dossier.step-taken.v1',
      completedAt - MINUTE,
      { step, medium: 'paper' },
      'work/wrong-step',
    );
    const corrected = 'vn.par.work-dossier.corrected.v1';
    story.tell('workflow', corrected, to + 2 * HOUR, { ...told, reason: 'wrong-content' }, 'work/wrong-step/corrected');
  }
}

/** A matter of the office's own, which no citizen applied for. */
export function tellOwnWork(index: number, midnight: number, chance: Chance, offices: Offices, outgoing: Outgoing): void {
  const office = chance.pick(offices.inForce(midnight, 'department', 'ward', 'commune', 'public-service-unit'));
  const opened = afterOfficeTime(midnight, chance.whole(0, 420) * MINUTE);
  const subject = `HSCV-${office.unit.id}-${String(index).padStart(6, '0')}`;
  const isOnPaper = chance.happens(office.paper);
  const steps = chance.whole(2, 4);
  let at = opened;
  const tell = (type: Draft['type'], name: string, data: Draft['data']): void => {
    const unit = offices.successorAt(office.unit.id, at, index);
    const source = `urn:par:demo:workflow:${unit}`;
    outgoing.add(send({ type, source, id: `${subject}/${name}`, subject, unit, at, data }, { kind: 'plain' }, offices, chance));
  };
  for (let n = 0; n < steps; n++) {
    const medium: Medium = isOnPaper && n === 1 ? 'paper' : 'network';
    tell('vn.par.work-dossier.step-taken.v1', `step-${n + 1}`, { step: STEPS[n]!, medium });
    at = afterOfficeTime(at, chance.whole(60, 1_500) * MINUTE);
  }
  if (!chance.happens(0.06)) tell('vn.par.work-dossier.completed.v1', 'completed', {});
}
