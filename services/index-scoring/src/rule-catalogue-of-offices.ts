import { type RuleText } from './rule-text.ts';

const PROCEDURES: Record<string, RuleText> = {
  'term-cut-in-year': {
    version: 1,
    text: {
      en: 'procedures with a cut of the term standing since the start of the local year ÷ procedures in force',
      vi: 'thủ tục có quyết định cắt giảm thời hạn từ đầu năm ÷ thủ tục còn hiệu lực',
    },
    source: 'ours (goal 1)',
    since: '2026-11-22',
  },
  'in-force': {
    version: 1,
    text: {
      en: 'procedures at level 3 or 4 (scheme 2022: một phần, toàn trình) ÷ procedures in force',
      vi: 'thủ tục ở mức độ 3, 4 (theo phân loại 2022: một phần, toàn trình) ÷ thủ tục còn hiệu lực',
    },
    source: 'QĐ 9535/QĐ-UBND goal 4; NĐ 43/2011/NĐ-CP art. 3.4; NĐ 42/2022/NĐ-CP art. 11',
    since: '2020-12-25',
  },
  'of-all': {
    version: 1,
    text: { en: 'procedures at level 4 (toàn trình) ÷ procedures in force', vi: 'thủ tục ở mức độ 4 (toàn trình) ÷ thủ tục còn hiệu lực' },
    source: 'QĐ 9535/QĐ-UBND goal 4, read as the provincial portal does (736 of 2,643)',
    since: '2020-12-25',
  },
  'of-level-3-4': {
    version: 1,
    text: { en: 'procedures at level 4 ÷ procedures at level 3 or 4', vi: 'thủ tục ở mức độ 4 ÷ thủ tục ở mức độ 3, 4' },
    source: 'QĐ 9535/QĐ-UBND goal 4, the other reading of "trong đó"',
    since: '2020-12-25',
  },
  'in-force-with-iso': {
    version: 1,
    text: {
      en: 'procedures with an ISO process in force ÷ procedures in force',
      vi: 'thủ tục có quy trình ISO còn hiệu lực ÷ thủ tục còn hiệu lực',
    },
    source: 'ours (goal 8); TCVN ISO 9001:2015',
    since: '2026-11-22',
  },
  'online-service': {
    version: 1,
    text: {
      en: 'procedures at level 3 or 4 (scheme 2022: một phần, toàn trình) ÷ procedures in force',
      vi: 'thủ tục ở mức độ 3, 4 (theo phân loại 2022: một phần, toàn trình) ÷ thủ tục còn hiệu lực',
    },
    source: 'QĐ 766/QĐ-TTg 3.1',
    since: '2022-06-23',
  },
  'services-with-dossiers': {
    version: 1,
    text: {
      en: 'online services with a dossier received in the period ÷ online services in force',
      vi: 'dịch vụ công trực tuyến có hồ sơ tiếp nhận trong kỳ ÷ dịch vụ công trực tuyến còn hiệu lực',
    },
    source: 'QĐ 766/QĐ-TTg 3.2',
    since: '2022-06-23',
  },
};

const WORK_AND_NETWORK: Record<string, RuleText> = {
  'every-step-on-network': {
    version: 2,
    text: {
      en: 'closed with at least one step, none on paper where that is not allowed, and a valid digital signature where one is due or was told ÷ closed work dossiers, and those declared from paper, in the month of closing',
      vi: 'kết thúc, có ít nhất một bước, không bước nào trên giấy khi không được phép, chữ ký số hợp lệ ở bước phải ký hoặc đã ký ÷ hồ sơ công việc kết thúc, cộng hồ sơ giấy kê khai, theo tháng kết thúc',
    },
    source: 'ours (goals 6a, 6b: no official formula was found); version 1, until 2026-11-23, asked for no signature',
    since: '2026-11-23',
  },
  'every-step-as-process': {
    version: 1,
    text: {
      en: 'closed with every step as its process says: none skipped, out of order, repeated, unknown, by another role or over its time ÷ closed work dossiers with a process, in the month of closing',
      vi: 'kết thúc, mọi bước đúng quy trình: không bỏ qua, sai thứ tự, lặp lại, ngoài quy trình, sai vai trò hay quá thời gian ÷ hồ sơ công việc kết thúc có quy trình, theo tháng kết thúc',
    },
    source: 'ours (goal 8)',
    since: '2026-11-23',
  },
  'every-step-in-order': {
    version: 1,
    text: {
      en: 'the same without asking how long the steps took',
      vi: 'như trên, không xét thời gian thực hiện từng bước',
    },
    source: 'ours (goal 8)',
    since: '2026-11-23',
  },
  'accepted-connection': {
    version: 1,
    text: {
      en: 'agencies with an accepted connection ÷ state agencies in force',
      vi: 'cơ quan có kết nối đã nghiệm thu ÷ cơ quan nhà nước đang hoạt động',
    },
    source: 'TT 23/2018/TT-BTTTT art. 8 is the nearest official model',
    since: '2018',
  },
  'heard-within-hours': {
    version: 2,
    text: {
      en: 'agencies heard from over the dedicated network within the last working hours ÷ state agencies in force; known for now only',
      vi: 'cơ quan có tín hiệu qua Mạng TSLCD trong số giờ làm việc gần nhất ÷ cơ quan nhà nước đang hoạt động; chỉ biết cho hiện tại',
    },
    source: 'ours',
    since: '2026-11-22',
  },
  'every-message-on-tslcd': {
    version: 1,
    text: {
      en: 'results whose every message, steps of work included, came over the dedicated network ÷ results, in the month of the result',
      vi: 'hồ sơ có kết quả mà mọi thông điệp, kể cả bước xử lý, qua Mạng TSLCD ÷ hồ sơ có kết quả, theo tháng có kết quả',
    },
    source: 'ours',
    since: '2026-11-22',
  },
  'heard-on-both': {
    version: 1,
    text: {
      en: 'units with both a dossier event and one of a work dossier or e-document in the period ÷ departments, wards and communes in force',
      vi: 'đơn vị có cả sự kiện hồ sơ thủ tục và sự kiện hồ sơ công việc hoặc văn bản điện tử trong kỳ ÷ phòng, UBND phường, xã đang hoạt động',
    },
    source: 'ours (goal 3)',
    since: '2026-11-22',
  },
};

const DECLARED: Record<string, RuleText> = {
  'latest-declared': {
    version: 1,
    text: {
      en: 'staff meeting the standard ÷ staff, by the latest declaration of the unit',
      vi: 'người đạt chuẩn ÷ tổng số, theo kê khai mới nhất của đơn vị',
    },
    source: 'ours (goal 2)',
    since: '2026-11-22',
  },
  'of-planned': {
    version: 1,
    text: {
      en: 'planned reviews that are completed ÷ planned reviews, in the month of the plan',
      vi: 'cuộc rà soát hoàn thành ÷ cuộc rà soát theo kế hoạch, theo tháng lên kế hoạch',
    },
    source: 'ours (goal 5)',
    since: '2026-11-22',
  },
  'of-units': {
    version: 1,
    text: {
      en: 'units inspected since the start of the local year ÷ departments, wards and communes in force',
      vi: 'đơn vị được kiểm tra từ đầu năm ÷ phòng, UBND phường, xã đang hoạt động',
    },
    source: 'QĐ 9535/QĐ-UBND goal 7',
    since: '2020-12-25',
  },
  'with-predecessors': {
    version: 1,
    text: {
      en: 'the same; the inspection of a unit that became part of another counts for that one too',
      vi: 'như trên; đơn vị kế thừa được tính cả cuộc kiểm tra tại đơn vị trước sáp nhập, chia tách',
    },
    source: 'ours, for the change of wards on 01/07/2021 (NQ 1264/NQ-UBTVQH14)',
    since: '2026-11-22',
  },
  'departments-only': {
    version: 1,
    text: { en: 'of-units for departments alone', vi: 'như of-units, chỉ các phòng chuyên môn' },
    source: 'QĐ 9535/QĐ-UBND goal 7, read for each group apart',
    since: '2020-12-25',
  },
  'wards-only': {
    version: 1,
    text: { en: 'of-units for wards and communes alone', vi: 'như of-units, chỉ UBND phường, xã' },
    source: 'QĐ 9535/QĐ-UBND goal 7, read for each group apart',
    since: '2020-12-25',
  },
  'distinct-units': {
    version: 1,
    text: {
      en: 'public service units and schools inspected since the start of the local year, each once',
      vi: 'đơn vị sự nghiệp, trường học được kiểm tra từ đầu năm, mỗi đơn vị một lần',
    },
    source: 'QĐ 9535/QĐ-UBND goal 7',
    since: '2020-12-25',
  },
  'published-for-year': {
    version: 1,
    text: {
      en: "units with a score published for the cut-off's local year, whenever it came out ÷ departments, wards and communes in force",
      vi: 'đơn vị có điểm công bố cho năm của thời điểm chốt, bất kể ngày công bố ÷ phòng, UBND phường, xã đang hoạt động',
    },
    source: 'ours (goal 9)',
    since: '2026-11-22',
  },
  'published-score': {
    version: 1,
    text: {
      en: "the city's score in the published ranking of the year, else awarded ÷ applicable points of its assessment",
      vi: 'điểm của thành phố trong bảng xếp hạng đã công bố của năm, nếu không có thì điểm đạt ÷ điểm áp dụng',
    },
    source: 'QĐ 9535/QĐ-UBND goal 10; for 2021 QĐ 24/QĐ-UBND (05/01/2022) of the province',
    since: '2020-12-25',
  },
  'competition-rank': {
    version: 1,
    text: {
      en: 'one more than the peers with a greater unrounded score, where all scores are known; else the published rank',
      vi: 'một cộng số đơn vị có điểm chưa làm tròn cao hơn khi biết đủ điểm; nếu không thì thứ hạng đã công bố',
    },
    source: 'QĐ 9535/QĐ-UBND goal 10; competition ranking (1, 2, 2, 4)',
    since: '2020-12-25',
  },
};

/** Rules about what the administration itself has and does: procedures, work dossiers, network, staff, inspections, scores. */
export const OFFICE_RULE_TEXTS: Record<string, RuleText> = { ...PROCEDURES, ...WORK_AND_NETWORK, ...DECLARED };
