import { type ProducerEvent } from '@par/administration';

const UNITS = ['hue-phong-noi-vu', 'hue-phong-tu-phap', 'hue-19756-gia-hoi', 'hue-19750-tay-loc'];
const SOURCE = 'urn:spec:one-stop';

/** The events of one made-up dossier: what goes to intake, and what goes to the workflow. */
export interface MadeCase {
  code: string;
  unit: string;
  dossier: ProducerEvent[];
  work: ProducerEvent[];
  isOnTime: boolean;
  isOnline: boolean;
}

let serial = 0;

/** A finished dossier of July 2021 with national-form code; every third is late, every fourth has a paper step. Never the same twice. */
export function makeCase(): MadeCase {
  serial += 1;
  const n = serial;
  const code = `H57.132-210705-${String(n).padStart(4, '0')}`;
  const unit = UNITS[n % UNITS.length]!;
  const isOnTime = n % 3 !== 0;
  const isOnline = n % 4 !== 0;
  const at = (day: number, hour: number): string => `2021-07-${String(day).padStart(2, '0')}T${String(hour).padStart(2, '0')}:00:00+07:00`;
  const event = <T extends ProducerEvent['type']>(type: T, name: string, time: string, data: ProducerEvent<T>['data']): ProducerEvent => ({
    specversion: '1.0',
    id: `${code}/${name}`,
    source: SOURCE,
    type,
    subject: code,
    time,
    unit,
    datacontenttype: 'application/json',
    data,
  });
  return {
    code,
    unit,
    isOnTime,
    isOnline,
    dossier: [
      event('vn.par.dossier.received.v1', 'received', at(5, 8), { channel: n % 2 === 0 ? 'online' : 'counter', due: at(9, 17) }),
      event('vn.par.dossier.result-ready.v1', 'result-ready', isOnTime ? at(8, 10) : at(12, 10), {}),
      event('vn.par.dossier.returned.v1', 'returned', isOnTime ? at(8, 11) : at(12, 11), { channel: 'online' }),
    ],
    work: [
      event('vn.par.work-dossier.step-taken.v1', 'step-1', at(5, 9), { step: 'Thẩm định', medium: 'network' }),
      event('vn.par.work-dossier.step-taken.v1', 'step-2', at(6, 9), { step: 'Trình ký', medium: isOnline ? 'network' : 'paper' }),
      event('vn.par.work-dossier.completed.v1', 'completed', at(8, 10), {}),
    ],
  };
}

export function makeCases(count: number): MadeCase[] {
  return Array.from({ length: count }, makeCase);
}
