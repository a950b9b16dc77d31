import { describe, expect, it } from '@jest/globals';
import { type ProducerEvent } from '@par/contracts';
import { at, event, figure, figuresOf } from './independent-case.ts';

const STEPS = {
  receive: ['Tiếp nhận văn bản đến', 'Văn thư'],
  refuse: ['Từ chối tiếp nhận và báo nơi gửi', 'Văn thư'],
  register: ['Đăng ký số đến', 'Văn thư'],
  submit: ['Trình người có thẩm quyền', 'Văn thư'],
  direct: ['Cho ý kiến chỉ đạo và phân công', 'Lãnh đạo'],
  opinion: ['Cho ý kiến phối hợp', 'Đơn vị phối hợp'],
  settle: ['Giải quyết văn bản', 'Đơn vị chủ trì'],
  report: ['Báo cáo kết quả giải quyết', 'Đơn vị chủ trì'],
  file: ['Lập hồ sơ và lưu', 'Đơn vị chủ trì'],
  strange: ['Bước lạ', 'Văn thư'],
} as const;
type Name = keyof typeof STEPS;

const d1 = { unit: 'd1' };
const opened = (process?: string): ProducerEvent =>
  event('vn.par.work-dossier.opened.v1', 'x', at('03-01', '07:30'), { kind: 'incoming-document', ...(process && { process }) }, d1);
const completed = (): ProducerEvent => event('vn.par.work-dossier.completed.v1', 'x', at('03-30'), {}, d1);
/** A step at a time of its own; with `more` other data than usual. */
const step = (name: Name, time: string, more: object = {}): ProducerEvent => {
  const [label, role] = STEPS[name];
  return event('vn.par.work-dossier.step-taken.v1', 'x', time, { step: label, role, medium: 'network', ...more }, d1);
};
/** Steps one after the other, from 08:00 on, ten minutes each. */
const steps = (...names: Name[]): ProducerEvent[] =>
  names.map((name, n) => step(name, at('03-01', `${8 + Math.floor(n / 6)}:${n % 6}0`.padStart(5, '0'))));
const WHOLE = ['receive', 'register', 'submit', 'direct', 'opinion', 'settle', 'report', 'file'] as const;

describe('G8-CONFORM by the independent calculation', () => {
  const byBoth = (...events: ProducerEvent[]): string => {
    const figures = figuresOf(...events);
    return ['every-step-in-order', 'every-step-as-process'].map((rule) => figure(figures, 'G8-CONFORM', rule, 'd1')).join(' ');
  };

  it.each<[string, ProducerEvent[], string]>([
    ['every step', steps(...WHOLE), '1/1 1/1'],
    ['the opinion after the settling', steps('receive', 'register', 'submit', 'direct', 'settle', 'opinion', 'report', 'file'), '1/1 1/1'],
    ['a refusal', steps('receive', 'refuse'), '1/1 1/1'],
    ['no opinion', steps('receive', 'register', 'submit', 'direct', 'settle', 'report', 'file'), '0/1 0/1'],
    ['no file', steps('receive', 'register', 'submit', 'direct', 'opinion', 'settle', 'report'), '0/1 0/1'],
    ['registered late', steps('receive', 'submit', 'register', 'direct', 'opinion', 'settle', 'report', 'file'), '0/1 0/1'],
    ['a step twice', steps(...WHOLE, 'file'), '0/1 0/1'],
    ['a step that is not of the process', steps(...WHOLE, 'strange'), '0/1 0/1'],
    ['another role', [step('receive', at('03-01', '08:00'), { role: 'Lãnh đạo' }), step('refuse', at('03-01', '09:00'))], '0/1 0/1'],
    ['four hours to the minute', [step('receive', at('03-01', '13:30')), step('refuse', at('03-02', '07:30'))], '1/1 1/1'],
    ['a minute more than four hours', [step('receive', at('03-01', '13:31')), step('refuse', at('03-01', '14:00'))], '1/1 0/1'],
  ])('%s', (_, taken, expected) => {
    expect(byBoth(opened('incoming-document'), ...taken, completed())).toBe(expected);
  });

  it('asks neither what is open nor what names no process', () => {
    expect(byBoth(opened('incoming-document'), ...steps(...WHOLE))).toBe('none none');
    expect(byBoth(opened(), ...steps(...WHOLE), completed())).toBe('none none');
  });
});

describe('G6-WORK of matters by the independent calculation', () => {
  const online = (...events: ProducerEvent[]): string => figure(figuresOf(...events, completed()), 'G6-WORK-CITY', '*');
  const declared = event('vn.par.work-dossier.paper-declared.v1', 'x', at('03-02'), {}, d1);

  it('allows paper where the process does', () => {
    const received = step('receive', at('03-01', '08:00'), { medium: 'paper' });
    const refused = step('refuse', at('03-01', '09:00'), { medium: 'paper' });
    expect(online(opened('incoming-document'), received)).toBe('1/1');
    expect(online(opened(), received)).toBe('0/1');
    expect(online(opened('incoming-document'), received, refused)).toBe('0/1');
  });

  it('believes whoever declares that it was on paper, until that is taken back', () => {
    const { source, id } = declared;
    const takenBack = event('vn.par.work-dossier.corrected.v1', 'x', at('03-03'), { source, id, reason: 'entered-by-mistake' }, d1);
    expect(online(opened(), ...steps('receive'), declared)).toBe('0/1');
    expect(online(opened(), ...steps('receive'), declared, takenBack)).toBe('1/1');
  });
});
