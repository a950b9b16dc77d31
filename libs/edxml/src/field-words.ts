import { STATUS_CODES } from './edxml-message.ts';
import { type Words } from './stream-words.ts';

/** More of them is no message of an office. */
export const MOST_RECEIVERS = 500;
export const MOST_FILES = 50;

/** A mistake of a field, with its stable code. */
export interface FieldWords extends Words {
  code: string;
}

export const MISSING: FieldWords = { code: 'edxml.missing-field', vi: 'Thiếu trường này', en: 'This field is missing' };
export const BAD_ORGAN: FieldWords = {
  code: 'edxml.bad-organ-code',
  vi: 'Mã định danh không đúng dạng 000.00.00.H57 hoặc H57.00',
  en: 'The identifier has neither the form 000.00.00.H57 nor H57.00',
};
export const IMPOSSIBLE_DATE: FieldWords = {
  code: 'edxml.impossible-date',
  vi: 'Ngày không có trong lịch hoặc không viết theo dạng yyyy/MM/dd',
  en: 'The date is in no calendar, or is not written as yyyy/MM/dd',
};
export const BAD_TIME: FieldWords = {
  code: 'edxml.impossible-time',
  vi: 'Thời điểm không có thật hoặc không viết theo dạng yyyy/MM/dd HH:mm:ss',
  en: 'There is no such time, or it is not written as yyyy/MM/dd HH:mm:ss',
};
export const BAD_STATUS: FieldWords = {
  code: 'edxml.unknown-status',
  vi: `Mã trạng thái phải là một trong ${STATUS_CODES.join(', ')}`,
  en: `The status code is one of ${STATUS_CODES.join(', ')}`,
};
export const BAD_CHOICE: FieldWords = {
  code: 'edxml.unknown-choice',
  vi: 'Giá trị không có trong danh mục',
  en: 'The value is in no list',
};
export const BAD_NUMBER: FieldWords = { code: 'edxml.bad-number', vi: 'Phải là số nguyên không âm', en: 'It has to be a whole number' };
export const BAD_DOCUMENT_ID: FieldWords = {
  code: 'edxml.bad-document-id',
  vi: 'Mã định danh văn bản có từ 1 đến 120 chữ, số, khoảng trắng và .,:;/()_-',
  en: 'The identity of a document has 1 to 120 letters, digits, blanks and .,:;/()_-',
};
export const REPLACES_ITSELF: FieldWords = {
  code: 'edxml.replaces-itself',
  vi: 'Văn bản không thể thay thế chính nó',
  en: 'A document cannot take the place of itself',
};
export const TOO_MANY: FieldWords = {
  code: 'edxml.too-many-elements',
  vi: `Tối đa ${MOST_RECEIVERS} nơi nhận và ${MOST_FILES} tệp đính kèm`,
  en: `At most ${MOST_RECEIVERS} receivers and ${MOST_FILES} files`,
};
export const BAD_TEXT: FieldWords = { code: 'edxml.text-too-long', vi: 'Nội dung quá dài', en: 'The text is too long' };
