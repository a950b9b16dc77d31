import type { ShownUnit } from './unit-directory.ts';

const ward = (id: string, name: string, change: Partial<ShownUnit> = {}): ShownUnit => ({
  id,
  code: null,
  name,
  nameEn: `Ward ${id}`,
  kind: 'ward',
  parent: 'hue',
  city: 'hue',
  agency: true,
  validFrom: '2021-01-01',
  validTo: null,
  timeZone: 'Asia/Ho_Chi_Minh',
  ...change,
});

/** A small Huế: a ward that ended, its code with the ward that came after it, and two of one name. */
export const UNITS: ShownUnit[] = [
  ward('hue', 'Thành phố Huế', { kind: 'city', parent: null, agency: false, code: '474', nameEn: 'Hue City' }),
  ward('hue-noi-vu', 'Phòng Nội vụ', { kind: 'department' }),
  ward('hue-tu-phap', 'Phòng Tư pháp', { kind: 'department' }),
  ward('hue-phu-hiep', 'Phường Phú Hiệp', { code: '19756', validTo: '2021-07-01' }),
  ward('hue-gia-hoi', 'Phường Gia Hội', { code: '19756', validFrom: '2021-07-01' }),
  ward('hue-thuy-xuan', 'Phường Thủy Xuân', { code: '19813' }),
  ward('hue-twin-1', 'Phường Trùng Tên'),
  ward('hue-twin-2', 'Phường Trùng Tên'),
];
