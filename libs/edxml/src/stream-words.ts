/** What is said of a mistake, in both languages. */
export interface Words {
  vi: string;
  en: string;
}

export const NOT_WELL_FORMED = (reason: string): Words => ({
  vi: `Gói tin không phải XML đúng cú pháp (${reason})`,
  en: `The message is not well-formed XML (${reason})`,
});
export const DOCTYPE = { vi: 'Gói tin không được có DTD hoặc thực thể', en: 'A message may not have a DTD or entities' };
export const ENCODING = { vi: 'Gói tin phải dùng bảng mã UTF-8', en: 'A message has to be in UTF-8' };
export const EMPTY = { vi: 'Gói tin rỗng', en: 'The message is empty' };
export const NOT_EDXML = {
  vi: 'Đây không phải gói tin edXML theo QCVN 102:2016 hoặc http://www.go.vn/eDoc',
  en: 'This is no edXML message of QCVN 102:2016 or http://www.go.vn/eDoc',
};
export const MARKED = {
  vi: 'Gói tin có dấu độ mật; văn bản mật không được gửi qua mạng này',
  en: 'The message bears a secrecy mark; secret documents have no place on this network',
};
export const BAD_BASE64 = { vi: 'Tệp đính kèm không phải base64', en: 'The attachment is not base64' };

export function tooLarge(bytes: number): Words {
  const megabytes = Math.floor(bytes / 1_000_000);
  return { vi: `Gói tin lớn hơn ${megabytes} MB`, en: `The message is larger than ${megabytes} MB` };
}

export function tooMany(elements: number): Words {
  return { vi: `Gói tin có hơn ${elements} phần tử`, en: `The message has more than ${elements} elements` };
}

export function tooDeep(depth: number): Words {
  return { vi: `Gói tin lồng nhau quá ${depth} cấp`, en: `The message is nested more than ${depth} levels deep` };
}

export function tooLong(characters: number): Words {
  return { vi: `Nội dung phần tử dài quá ${characters} ký tự`, en: `The element holds more than ${characters} characters` };
}
