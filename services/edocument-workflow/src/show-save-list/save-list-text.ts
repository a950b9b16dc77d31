import { type Bilingual } from '@par/service-kit';
import { type Judged, type SaveList } from '../save-list.ts';
import { LEAST_SAMPLES, NO_STEP } from '../settling-times.ts';
import { type FoundSaveList } from './show-save-list.query.ts';

const HOUR_MS = 3_600_000;
const NUMBERS = {
  vi: new Intl.NumberFormat('vi-VN', { maximumFractionDigits: 1 }),
  en: new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 }),
};

/** Why a dossier is named, with the numbers behind it. */
export function dossierText({ state, leftMs, usualMs, longer, samples, of }: Judged): Bilingual {
  const from = stateText(state);
  const whose = of === 'unit' ? { vi: 'của đơn vị', en: 'of the unit' } : { vi: 'của mọi đơn vị', en: 'of all units' };
  return {
    vi:
      `Còn ${hours(leftMs, 'vi')} giờ làm việc; ${from.vi} thường cần ít nhất ${hours(usualMs, 'vi')} giờ. ` +
      `${longer} trên ${samples} lần trước đây ${whose.vi} lâu hơn thời gian còn lại.`,
    en:
      `${hours(leftMs, 'en')} working hours are left; ${from.en} it usually takes ${hours(usualMs, 'en')} or more. ` +
      `${longer} of ${samples} times in the history ${whose.en} took longer than what is left.`,
  };
}

/** Why there is no verdict. */
export function unknownText({ state, why, samples }: SaveList['unknown'][number]): Bilingual {
  if (why === 'no-calendar') return { vi: 'Lịch làm việc chưa có dữ liệu năm này.', en: 'The working calendar has no data for its years.' };
  const from = stateText(state);
  return {
    vi: `Chưa đủ dữ liệu: ${from.vi} mới có ${samples} lần trước đây, cần ${LEAST_SAMPLES}.`,
    en: `Not enough data: ${from.en} there are only ${samples} times in the history, ${LEAST_SAMPLES} are needed.`,
  };
}

/** What the list says as a whole. */
export function listText({ listed, inTime, unknown, overdue, undated, history }: FoundSaveList): Bilingual {
  return {
    vi:
      `${listed.length} hồ sơ sẽ trễ hạn nếu hôm nay không được xử lý tiếp; ${inTime} hồ sơ có khả năng đúng hạn; ${unknown.length} hồ sơ chưa đủ dữ liệu; ` +
      `${overdue} hồ sơ đã quá hạn; ${undated} hồ sơ không có hạn. Căn cứ: ${history.ofUnit} hồ sơ đã kết thúc của đơn vị và ${history.ofOthers} của đơn vị khác.`,
    en:
      `${listed.length} will miss their due date unless they move today; ${inTime} are likely to be in time; of ${unknown.length} too little is known; ` +
      `${overdue} are overdue; ${undated} have no due date. Learnt from ${history.ofUnit} closed work dossiers of the unit and ${history.ofOthers} of others.`,
  };
}

function stateText(state: string): Bilingual {
  return state === NO_STEP
    ? { vi: 'từ lúc mở hồ sơ', en: 'from its opening' }
    : { vi: `từ bước “${state}”`, en: `from the step “${state}”` };
}

function hours(ms: number, language: 'vi' | 'en'): string {
  return NUMBERS[language].format(ms / HOUR_MS);
}
