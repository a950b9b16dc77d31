import { type RuleText } from './rule-text.ts';

/** Each way to hold an end against a due date; a dossier without the due date that the rule asks for is in no class and not in its denominator. */
const ON_TIME: Record<string, RuleText> = {
  'ii-06a': {
    version: 1,
    text: {
      en: 'results not after the due instant in force, and every dossier refused, withdrawn or waiting for a supplement, ÷ all of these and the results with a due date',
      vi: 'kết quả không muộn hơn hạn trả hiện hành, cùng mọi hồ sơ trả lại, xin rút hoặc chờ bổ sung ÷ số hồ sơ đó và mọi kết quả có hạn trả',
    },
    source: 'Biểu II.06a/VPCP/KSTT columns 7–10 ("bao gồm cả hồ sơ chờ bổ sung và trả lại/xin rút"), TT 01/2020/TT-VPCP',
    since: '2020-10-21',
  },
  'due-date': {
    version: 1,
    text: {
      en: 'results and refusals not after the due instant in force ÷ results and refusals',
      vi: 'kết quả và văn bản từ chối không muộn hơn hạn trả hiện hành ÷ kết quả và văn bản từ chối',
    },
    source: 'NĐ 61/2018/NĐ-CP art. 19 (a refusal too is due within the term: 19.8)',
    since: '2018-06-21',
  },
  'by-date': {
    version: 1,
    text: { en: 'as due-date, comparing local dates instead of instants', vi: 'như due-date, so theo ngày thay vì theo giờ' },
    source: 'practice of public one-stop software, which compares dates only',
    since: '2026-11-22',
  },
  'first-appointment': {
    version: 1,
    text: {
      en: 'as due-date, against the due date given at receipt: extensions and new appointments do not help',
      vi: 'như due-date, so với hạn trả ghi khi tiếp nhận: gia hạn và hẹn lại không được tính',
    },
    source: 'NĐ 61/2018/NĐ-CP art. 17 (slip of receipt and appointment), 19.9 (one new appointment)',
    since: '2018-06-21',
  },
  opencps: {
    version: 1,
    text: {
      en: 'results not after the due instant in force ÷ results; refused, withdrawn and waiting dossiers are classes of their own',
      vi: 'kết quả không muộn hơn hạn trả hiện hành ÷ kết quả; hồ sơ từ chối, xin rút, chờ bổ sung thuộc nhóm riêng',
    },
    source: 'statistics of OpenCPS v2',
    since: '2026-11-22',
  },
  'qd-766': {
    version: 1,
    text: {
      en: 'end less time waited not after the first due date and at most one request for a supplement ÷ dossiers with an end; the preferred end is the result',
      vi: 'thời điểm kết thúc trừ thời gian chờ không muộn hơn hạn trả đầu tiên và yêu cầu bổ sung không quá một lần ÷ hồ sơ đã kết thúc; ưu tiên mốc có kết quả',
    },
    source: 'QĐ 766/QĐ-TTg 2.1',
    since: '2022-06-23',
  },
  'as-sent': {
    version: 1,
    text: {
      en: 'as due-date, by when the message was sent instead of when it happened: faults of synchronisation included',
      vi: 'như due-date, theo thời điểm gửi thay vì thời điểm xảy ra: bao gồm cả lỗi đồng bộ',
    },
    source: 'ours, to tell late messages from late work',
    since: '2026-11-22',
  },
  'without-sync-faults': {
    version: 1,
    text: {
      en: "as due-date, but lateness that is the message's or the source clock's counts as on time",
      vi: 'như due-date, nhưng trễ do đồng bộ hoặc do đồng hồ của nguồn được tính là đúng hạn',
    },
    source: 'ours, after the finding in Gia Lai (09/2025) that 61% of "overdue" was synchronisation',
    since: '2026-11-22',
  },
};

/** Each late dossier is in exactly one class; the tests are made in the order of the appendix of docs/figures.md. */
const LATENESS: Record<string, RuleText> = {
  office: {
    version: 1,
    text: {
      en: 'late in the office: no other class explains it ÷ late dossiers',
      vi: 'trễ tại cơ quan: không nguyên nhân nào khác ÷ hồ sơ trễ',
    },
    source: 'ours',
    since: '2026-11-22',
  },
  waiting: {
    version: 1,
    text: {
      en: 'late only because the clock stood still for the applicant, the tax office or another body ÷ late dossiers',
      vi: 'trễ chỉ do chờ người nộp, cơ quan thuế hoặc cơ quan khác ÷ hồ sơ trễ',
    },
    source: 'ours; stops by NĐ 61/2018/NĐ-CP art. 19 and the national state codes 5, 6, 8',
    since: '2026-11-22',
  },
  'message-late': {
    version: 1,
    text: { en: 'done in time, told late ÷ late dossiers', vi: 'giải quyết đúng hạn nhưng đồng bộ trễ ÷ hồ sơ trễ' },
    source: 'ours',
    since: '2026-11-22',
  },
  'source-clock': {
    version: 1,
    text: {
      en: 'sent before the due date by a source whose clock is ahead ÷ late dossiers',
      vi: 'đã gửi trước hạn bởi nguồn có đồng hồ chạy nhanh ÷ hồ sơ trễ',
    },
    source: 'ours',
    since: '2026-11-22',
  },
};

const DOSSIERS: Record<string, RuleText> = {
  'open-past-due': {
    version: 1,
    text: {
      en: 'dossiers in process past their due date ÷ dossiers in process whose clock runs; those without a due date stay in the denominator',
      vi: 'hồ sơ đang xử lý đã quá hạn ÷ hồ sơ đang xử lý mà thời hạn đang tính; hồ sơ không có hạn trả vẫn ở mẫu số',
    },
    source: 'Biểu II.06a/VPCP/KSTT columns 11–13',
    since: '2020-10-21',
  },
  'of-finished': {
    version: 1,
    text: {
      en: 'received online, returned online and not known to be below level 3 ÷ results, in the month of the result',
      vi: 'tiếp nhận và giao trả trực tuyến, không dưới mức độ 3 ÷ hồ sơ có kết quả, theo tháng có kết quả',
    },
    source: 'QĐ 9535/QĐ-UBND goal 4 ("tiếp nhận, giao trả trực tuyến")',
    since: '2020-12-25',
  },
  'of-online-procedures': {
    version: 1,
    text: {
      en: 'the same ÷ results of procedures known to be at level 3 or 4 at receipt',
      vi: 'như trên ÷ hồ sơ có kết quả của thủ tục mức độ 3, 4 khi tiếp nhận',
    },
    source: 'TT 23/2018/TT-BTTTT art. 8.3b',
    since: '2018',
  },
  'received-online': {
    version: 1,
    text: { en: 'received online ÷ received, in the month of receipt', vi: 'tiếp nhận trực tuyến ÷ hồ sơ tiếp nhận, theo tháng tiếp nhận' },
    source: "the city one-stop's report of 2020 (3,764 of 33,450)",
    since: '2020-11-24',
  },
  'of-received': {
    version: 1,
    text: {
      en: 'received online, returned online and not known to be below level 3 ÷ received, in the month of receipt',
      vi: 'tiếp nhận và giao trả trực tuyến, không dưới mức độ 3 ÷ hồ sơ tiếp nhận, theo tháng tiếp nhận',
    },
    source: 'QĐ 9535/QĐ-UBND goal 4, the widest denominator',
    since: '2020-12-25',
  },
  'received-online-electronic': {
    version: 1,
    text: {
      en: 'received online with an electronic result ÷ received, in the month of receipt; the sync rate of the formula is not known and left out',
      vi: 'tiếp nhận trực tuyến và có kết quả điện tử ÷ hồ sơ tiếp nhận, theo tháng tiếp nhận; chưa nhân tỷ lệ đồng bộ vì chưa biết',
    },
    source: 'QĐ 766/QĐ-TTg 3.3',
    since: '2022-06-23',
  },
  'electronic-result': {
    version: 1,
    text: { en: 'electronic results ÷ results returned, in the month of return', vi: 'kết quả điện tử ÷ kết quả đã trả, theo tháng trả' },
    source: 'QĐ 766/QĐ-TTg 4.1',
    since: '2022-06-23',
  },
  'fee-paid-online': {
    version: 1,
    text: {
      en: 'fee paid online ÷ dossiers with a fee paid, in the month of payment',
      vi: 'nộp phí trực tuyến ÷ hồ sơ đã nộp phí, theo tháng nộp',
    },
    source: 'QĐ 766/QĐ-TTg 3.6',
    since: '2022-06-23',
  },
  'qd-766-in-time': {
    version: 1,
    text: {
      en: 'in time less time waited, ended or still in process, with at most one request for a supplement ÷ received in the period with a first due date',
      vi: 'đúng hạn sau khi trừ thời gian chờ, đã kết thúc hoặc đang xử lý, yêu cầu bổ sung không quá một lần ÷ hồ sơ tiếp nhận trong kỳ có hạn trả đầu tiên',
    },
    source: 'QĐ 766/QĐ-TTg 2.1',
    since: '2022-06-23',
  },
};

const SATISFACTION: Record<string, RuleText> = {
  'upper-two-grades': {
    version: 1,
    text: {
      en: 'answers "very satisfied" and "satisfied" ÷ answers; of a survey the best and middle answers of every question',
      vi: 'câu trả lời Rất hài lòng, Hài lòng ÷ câu trả lời; với khảo sát là hai mức trên của mọi câu hỏi',
    },
    source: 'TT 32/2017/TT-BTTTT art. 12; the survey of Q1/2019 at the city one-stop counted so',
    since: '2017',
  },
  'satisfaction-scale-only': {
    version: 1,
    text: {
      en: 'the same without survey questions whose scale is not one of satisfaction',
      vi: 'như trên, bỏ câu hỏi khảo sát không dùng thang đo hài lòng',
    },
    source: 'ours: in 2019 "chậm hẹn nhưng chấp nhận được" counted as satisfied',
    since: '2026-11-22',
  },
  'best-only': {
    version: 1,
    text: { en: 'answers of the best grade ÷ answers', vi: 'câu trả lời mức cao nhất ÷ câu trả lời' },
    source: 'ours, the strictest reading',
    since: '2026-11-22',
  },
};

/** Rules about applications: on time, lateness, online, satisfaction. */
export const DOSSIER_RULE_TEXTS: Record<string, RuleText> = { ...ON_TIME, ...LATENESS, ...DOSSIERS, ...SATISFACTION };
