import { EDXML_LIMITS, type EdxmlMessage } from '@par/edxml';
import { type EventResult, type Summary, summaryOf } from '@par/ingress';
import { Problem } from '@par/service-kit';

export interface EdxmlAnswer {
  kind: 'document' | 'status';
  /** The document that the message brings or is about, as its issuer names it. */
  documentId: string;
  /** Per event that the message gave, in order. */
  results: EventResult[];
  summary: Summary;
}

/** The answer to a message. @throws Problem 409 `event.conflict`, or 422 with the first refusal, where nothing of it was taken */
export function answerOf(message: EdxmlMessage, results: EventResult[]): EdxmlAnswer {
  const documentId = message.kind === 'document' ? message.documentId : message.of.documentId;
  const answer: EdxmlAnswer = { kind: message.kind, documentId, results, summary: summaryOf(results) };
  if (answer.summary.accepted + answer.summary.duplicate > 0) return answer;
  const [first] = results;
  const { code = 'event.refused', field } = first ?? {};
  throw new Problem({
    status: first?.result === 'conflict' ? 409 : 422,
    code,
    ...(field === undefined ? {} : { field }),
    title: first?.message ?? NOT_TAKEN,
    extra: { ...answer },
  });
}

export function tooLarge(): Problem {
  const megabytes = Math.floor(EDXML_LIMITS.bytes / 1_000_000);
  return new Problem({
    status: 413,
    code: 'edxml.too-large',
    title: { en: `The message is larger than ${megabytes} MB`, vi: `Gói tin lớn hơn ${megabytes} MB` },
  });
}

const NOT_TAKEN = { en: 'The message was not taken; nothing of it was kept', vi: 'Gói tin không được nhận; hệ thống không giữ lại gì' };
