/** Why a signature does not count, by stable code, in words for people. */
export const SIGNATURE_REASONS = {
  'signature.malformed': { en: 'The signature cannot be read.', vi: 'Không đọc được chữ ký số.' },
  'signature.unsupported': {
    en: 'The signature is of a kind, or uses a transform or an algorithm, that is not taken.',
    vi: 'Chữ ký số dùng định dạng, phép biến đổi hoặc thuật toán không được chấp nhận.',
  },
  'signature.changed-after': { en: 'The file was changed after it was signed.', vi: 'Tệp đã bị thay đổi sau khi ký số.' },
  'signature.not-authentic': {
    en: 'The signature was not made with the key of the certificate in it.',
    vi: 'Chữ ký số không khớp với khóa của chứng thư số kèm theo.',
  },
  'signature.wrapped': {
    en: 'The signature does not cover the whole document, or it is not clear which part it covers.',
    vi: 'Chữ ký số không bao trùm toàn bộ văn bản, hoặc không xác định được phần được ký.',
  },
  'signature.external-reference': { en: 'The signature refers to something outside the file.', vi: 'Chữ ký số tham chiếu ra ngoài tệp.' },
  'signature.weak-algorithm': {
    en: 'The signature rests on SHA-1 or a key that is too short, which prove nothing today.',
    vi: 'Chữ ký số dùng SHA-1 hoặc khóa quá ngắn, không còn bảo đảm an toàn.',
  },
  'signature.untrusted': {
    en: "The signer's certificate leads to no authority of the trust list.",
    vi: 'Chứng thư số của người ký không thuộc danh sách tổ chức chứng thực tin cậy.',
  },
  'signature.certificate-expired': {
    en: "The signer's certificate was not in force when the file was signed.",
    vi: 'Chứng thư số không có hiệu lực tại thời điểm ký.',
  },
  'signature.certificate-usage': { en: "The signer's certificate is not made for signing.", vi: 'Chứng thư số không được cấp để ký số.' },
  'signature.revoked': { en: "The signer's certificate was revoked.", vi: 'Chứng thư số của người ký đã bị thu hồi.' },
  'signature.time-in-future': { en: 'The time of signing lies in the future.', vi: 'Thời điểm ký nằm trong tương lai.' },
} as const satisfies Record<`signature.${string}`, { en: string; vi: string }>;

export type SignatureReason = keyof typeof SIGNATURE_REASONS;
