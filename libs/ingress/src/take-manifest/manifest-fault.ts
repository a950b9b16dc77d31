import { MANIFEST_LIMITS } from '@par/contracts';
import { type Bilingual, Problem } from '@par/service-kit';
import { REFUSALS } from '../refusal.ts';

/** Why a manifest was not compared, by stable code, beside the codes of the front door. */
const FAULTS = {
  'schema.unknown-field': { en: 'This field is not part of a manifest.', vi: 'Trường này không có trong bản kê.' },
  'schema.missing-field': { en: 'This field is required.', vi: 'Thiếu trường bắt buộc này.' },
  'schema.bad-value': { en: 'This value is not of the right form.', vi: 'Giá trị này không đúng dạng.' },
  'manifest.bad-state': {
    en: 'The state must be a code of the national list TrangThaiHoSo as text, "1" to "10".',
    vi: 'Trạng thái phải là mã trong danh mục TrangThaiHoSo, viết dạng chuỗi từ "1" đến "10".',
  },
  'manifest.no-lines': { en: 'The manifest has no line in it.', vi: 'Bản kê không có dòng nào.' },
  'manifest.line-twice': { en: 'This line stands in the manifest twice.', vi: 'Dòng này có hai lần trong bản kê.' },
  'manifest.unit-twice': {
    en: 'Two lines name the same unit, once by id and once by code. Use one of them.',
    vi: 'Hai dòng chỉ cùng một đơn vị, một bằng mã nội bộ, một bằng mã chính thức. Chỉ dùng một cách viết.',
  },
  'manifest.name-twice': { en: 'This code or id stands in the manifest twice.', vi: 'Mã này có hai lần trong bản kê.' },
  'manifest.names-disagree': {
    en: 'The codes or ids do not add up to the count and hash beside them. See the worked example in docs/manifests.md.',
    vi: 'Danh sách mã không khớp với số lượng và giá trị băm ghi cùng dòng. Xem ví dụ trong docs/manifests.md.',
  },
  'manifest.not-in-part': {
    en: 'The hash of this code or id does not begin with the prefix of its part.',
    vi: 'Giá trị băm của mã này không bắt đầu bằng tiền tố của phần.',
  },
  'manifest.bad-parts': {
    en: 'The prefixes of the parts of a line differ from each other and have one length.',
    vi: 'Tiền tố của các phần trong một dòng phải khác nhau và cùng độ dài.',
  },
  'manifest.names-and-parts': { en: 'A line has names or parts, not both.', vi: 'Một dòng chỉ có danh sách mã hoặc các phần.' },
  'manifest.too-many': {
    en: `A manifest has at most ${MANIFEST_LIMITS.lines} lines, ${MANIFEST_LIMITS.names} codes and ids, ${MANIFEST_LIMITS.parts} parts and ${MANIFEST_LIMITS.days} days.`,
    vi: `Bản kê có tối đa ${MANIFEST_LIMITS.lines} dòng, ${MANIFEST_LIMITS.names} mã, ${MANIFEST_LIMITS.parts} phần và ${MANIFEST_LIMITS.days} ngày.`,
  },
} as const satisfies Record<string, Bilingual>;

export type ManifestFaultCode = keyof typeof FAULTS | keyof typeof REFUSALS;

/** A fault of a manifest as a whole: nothing of it is compared or kept. */
export class ManifestFault extends Problem {
  constructor(code: ManifestFaultCode, field?: string, status = 422) {
    const title: Bilingual = code in FAULTS ? FAULTS[code as keyof typeof FAULTS] : REFUSALS[code as keyof typeof REFUSALS];
    super({ status, code, title, ...(field === undefined ? {} : { field }) });
  }
}
