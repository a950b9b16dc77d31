import { type Channel } from '@par/contracts';

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

const NATIONAL_CHANNELS: Readonly<Record<Channel, '1' | '2' | '3'>> = { counter: '1', online: '2', post: '3' };

/** Code of a channel in the national portal's list `KenhThucHien`. */
export function nationalCodeOf(channel: Channel): '1' | '2' | '3' {
  return NATIONAL_CHANNELS[channel];
}
