import { type Channel, type UnitKind } from '@par/contracts';

/** A word that people read, in both languages. */
export interface Label {
  vi: string;
  en: string;
}

export const CHANNEL_LABELS: Readonly<Record<Channel, Label>> = {
  counter: { vi: 'Trực tiếp', en: 'At the counter' },
  online: { vi: 'Trực tuyến', en: 'Online' },
  post: { vi: 'Bưu chính công ích', en: 'By public post' },
};

export const UNIT_KIND_LABELS: Readonly<Record<UnitKind, Label>> = {
  city: { vi: 'Thành phố', en: 'City' },
  department: { vi: 'Phòng chuyên môn', en: 'Department' },
  ward: { vi: 'Phường', en: 'Ward' },
  commune: { vi: 'Xã', en: 'Commune' },
  'public-service-unit': { vi: 'Đơn vị sự nghiệp', en: 'Public service unit' },
  school: { vi: 'Trường học', en: 'School' },
  'provincial-body': { vi: 'Cơ quan thuộc tỉnh', en: 'Provincial body' },
};

const NATIONAL_CHANNELS: Readonly<Record<Channel, '1' | '2' | '3'>> = { counter: '1', online: '2', post: '3' };

/** Code of a channel in the national portal's list `KenhThucHien`. */
export function nationalCodeOf(channel: Channel): '1' | '2' | '3' {
  return NATIONAL_CHANNELS[channel];
}

/**
 * Channel of a `KenhThucHien` code, as text or number. The portal treats a missing code as direct (Decision 766 formulas), so
 * `null` and the empty text are the counter; `undefined` comes back for a code that the list does not have.
 */
export function channelOfNationalCode(code: string | number | null): Channel | undefined {
  const text = String(code ?? '').trim();
  if (text === '') return 'counter';
  return (Object.keys(NATIONAL_CHANNELS) as Channel[]).find((channel) => NATIONAL_CHANNELS[channel] === text);
}
