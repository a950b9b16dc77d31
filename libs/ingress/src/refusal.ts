import { type Bilingual } from '@par/service-kit';

/** Why an event was not taken, by stable code. `schema.*` codes come from the contracts and bring their own text. */
export const REFUSALS = {
  'producer.unknown-key': { en: 'The producer key is missing or not known.', vi: 'Thiếu khóa hoặc khóa của bên gửi không đúng.' },
  'producer.not-for-source': { en: 'This key may not speak for this source.', vi: 'Khóa này không được gửi thay nguồn này.' },
  'producer.not-for-unit': { en: 'This key may not speak for this unit.', vi: 'Khóa này không được gửi thay đơn vị này.' },
  'producer.may-not-declare': {
    en: 'This key may not declare. Events of this type need the key of somebody who is authorised to.',
    vi: 'Khóa này không được gửi số liệu khai báo. Loại sự kiện này cần khóa của người được giao quyền.',
  },
  'secrecy.marked': {
    en: 'The message carries a mark of state secrecy. Nothing of it was kept; handle it on paper.',
    vi: 'Thông điệp mang dấu hiệu bí mật nhà nước. Hệ thống không giữ lại gì; xử lý trên giấy theo quy định.',
  },
  'request.not-json': { en: 'The message is not JSON.', vi: 'Thông điệp không phải JSON.' },
  'request.too-large': { en: 'The message is too large.', vi: 'Thông điệp quá lớn.' },
  'request.too-many-events': { en: 'There are too many events in one message.', vi: 'Quá nhiều sự kiện trong một thông điệp.' },
  'request.media-type': { en: 'This content type is not taken.', vi: 'Không nhận kiểu nội dung này.' },
  'request.no-event-mode': {
    en: 'Plain JSON without ce- headers is no event. Send application/cloudevents+json, or the attributes in ce- headers.',
    vi: 'JSON không có tiêu đề ce- thì không phải sự kiện. Gửi application/cloudevents+json hoặc đặt thuộc tính trong tiêu đề ce-.',
  },
  'request.content-encoding': { en: 'Compressed messages are not taken.', vi: 'Không nhận thông điệp nén.' },
  'request.not-a-batch': { en: 'A batch is a JSON array of events.', vi: 'Một lô là mảng JSON gồm các sự kiện.' },
  'request.empty-batch': { en: 'The batch has no event in it.', vi: 'Lô không có sự kiện nào.' },
  'event.not-an-object': { en: 'An event is a JSON object.', vi: 'Sự kiện phải là đối tượng JSON.' },
  'event.missing-attribute': { en: 'This attribute is required.', vi: 'Thiếu thuộc tính bắt buộc này.' },
  'event.bad-attribute': {
    en: 'This attribute must be text of 1 to 200 characters.',
    vi: 'Thuộc tính này phải là chuỗi từ 1 đến 200 ký tự.',
  },
  'event.bad-characters': {
    en: 'This attribute has control or invisible characters in it, or blanks at its ends.',
    vi: 'Thuộc tính này chứa ký tự điều khiển, ký tự ẩn hoặc dấu cách ở hai đầu.',
  },
  'event.unknown-attribute': { en: 'This attribute is not part of an event.', vi: 'Thuộc tính này không có trong sự kiện.' },
  'event.bad-specversion': { en: 'The version of CloudEvents must be 1.0.', vi: 'Phiên bản CloudEvents phải là 1.0.' },
  'event.bad-datacontenttype': { en: 'The data must be application/json.', vi: 'Dữ liệu phải là application/json.' },
  'event.bad-traceparent': { en: 'This is no W3C trace context.', vi: 'Đây không phải ngữ cảnh vết theo W3C.' },
  'event.unknown-type': { en: 'This event type is not known.', vi: 'Không có loại sự kiện này.' },
  'event.not-taken': {
    en: 'Events of this type are made here and not taken from outside.',
    vi: 'Loại sự kiện này do hệ thống tạo, không nhận từ bên ngoài.',
  },
  'event.wrong-door': { en: 'This event type is taken by another service.', vi: 'Loại sự kiện này gửi tới dịch vụ khác.' },
  'event.conflict': {
    en: 'An event of this source and id was taken before with other content. Send a correction, or use a new id.',
    vi: 'Đã nhận một sự kiện cùng nguồn và mã nhưng nội dung khác. Gửi sự kiện đính chính hoặc dùng mã mới.',
  },
  'time.malformed': { en: 'A time is written like 2021-07-01T08:00:00+07:00.', vi: 'Thời điểm viết theo dạng 2021-07-01T08:00:00+07:00.' },
  'time.no-offset': { en: 'A time needs its offset, such as +07:00 or Z.', vi: 'Thời điểm phải kèm múi giờ, ví dụ +07:00 hoặc Z.' },
  'time.impossible': { en: 'This day or hour does not exist.', vi: 'Ngày hoặc giờ này không có thật.' },
  'time.in-the-future': { en: 'This time lies in the future.', vi: 'Thời điểm này nằm trong tương lai.' },
  'unit.unknown': { en: 'This unit is not known.', vi: 'Không có đơn vị này.' },
  'unit.not-in-force': {
    en: 'This unit was not in force at the time of the event.',
    vi: 'Đơn vị này không còn hoặc chưa có hiệu lực tại thời điểm của sự kiện.',
  },
  'unit.already-open': { en: 'A unit of this id was opened with other data.', vi: 'Đơn vị mang mã này đã được lập với nội dung khác.' },
  'unit.root-is-no-city': {
    en: 'A unit without a unit above it must be a city.',
    vi: 'Đơn vị không có đơn vị cấp trên thì phải là thành phố.',
  },
  'unit.time-zone-unknown': {
    en: 'A city needs the name of its time zone, such as Asia/Ho_Chi_Minh.',
    vi: 'Thành phố phải có tên múi giờ, ví dụ Asia/Ho_Chi_Minh.',
  },
  'unit.not-its-subject': {
    en: 'The unit of this event must be its subject.',
    vi: 'Đơn vị của sự kiện này phải trùng với chủ thể (subject).',
  },
  'dossier.bad-code': { en: 'This is no dossier code.', vi: 'Mã hồ sơ không đúng quy định.' },
  'dossier.impossible-date-in-code': {
    en: 'The date inside the dossier code does not exist.',
    vi: 'Ngày tiếp nhận trong mã hồ sơ không có thật.',
  },
  'procedure.bad-code': {
    en: 'The subject of this event must be the code of a procedure, such as 1.005129.',
    vi: 'Chủ thể (subject) của sự kiện này phải là mã thủ tục hành chính, ví dụ 1.005129.',
  },
  'document.bad-id': {
    en: "The subject of this event must be the document's identity: 1 to 120 letters, digits, blanks and .,:;/()_-.",
    vi: 'Chủ thể (subject) của sự kiện này phải là mã định danh văn bản: 1 đến 120 chữ, số, khoảng trắng và .,:;/()_-.',
  },
  'declaration.bad-subject': {
    en: 'The subject of this event must be the id of the record: 1 to 80 small letters, digits, ".", "/" or "-".',
    vi: 'Chủ thể (subject) của sự kiện này phải là mã bản ghi: 1 đến 80 chữ thường không dấu, chữ số, ".", "/" hoặc "-".',
  },
  'declaration.impossible-count': {
    en: 'This count is not possible beside the others of the same declaration.',
    vi: 'Số này mâu thuẫn với các số khác trong cùng bản khai báo.',
  },
} as const satisfies Record<string, Bilingual>;

export type RefusalCode = keyof typeof REFUSALS | 'schema.unknown-field' | 'schema.missing-field' | 'schema.bad-value';

export interface Refusal {
  code: RefusalCode;
  /** Attribute of the envelope, or path in `data` such as `data.channel`. */
  field?: string;
  /** More than the code's own text says. Never repeats a value of the event. */
  text?: Bilingual;
}

export function refusalText({ code, text }: Refusal): Bilingual {
  if (text) return text;
  return code in REFUSALS ? REFUSALS[code as keyof typeof REFUSALS] : { en: 'This value is not taken.', vi: 'Giá trị này không hợp lệ.' };
}
