import { isLocalDate, type DossierCodeScheme } from '@par/contracts';

/** A dossier code that was read, or why it was not. */
export type DossierCode =
  | {
      ok: true;
      /** Date of receipt inside a national code, `YYYY-MM-DD`: a cross-check, not a source. Absent in the local scheme. */
      receivedOn?: string;
    }
  | { ok: false; code: 'dossier.bad-code' | 'dossier.impossible-date-in-code'; message: { en: string; vi: string } };

const NATIONAL = /^(?:[0-9A-Z]{1,32}\.){0,4}[0-9A-Z]{1,32}-(\d{2})(\d{2})(\d{2})-\d{4,6}$/;
const LOCAL = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/**
 * Reads a dossier code (mã số hồ sơ). `national`: agency identifier of one to five groups, date of receipt `YYMMDD`, number in the
 * day of four digits or more (Decree 61/2018 art. 26, Circular 01/2018 art. 19; the newer `H57.132-YYMMDD-NNNN` too). `local`: the code of
 * a system outside the national scheme, letters, digits and `._-`.
 */
export function parseDossierCode(text: string, scheme: DossierCodeScheme): DossierCode {
  if (scheme === 'local') {
    if (LOCAL.test(text)) return { ok: true };
    return bad('A dossier code has 1 to 64 letters, digits, ".", "_" or "-".', 'Mã hồ sơ gồm 1 đến 64 chữ cái, chữ số, ".", "_" hoặc "-".');
  }
  const [, year, month, day] = NATIONAL.exec(text) ?? [];
  if (year === undefined) {
    return bad(
      'A dossier code has the form <agency identifier>-YYMMDD-NNNN, such as 000.00.21.H57-210705-0012.',
      'Mã hồ sơ có dạng <mã định danh>-YYMMDD-XXXX theo Thông tư 01/2018/TT-VPCP điều 19, ví dụ 000.00.21.H57-210705-0012.',
    );
  }
  // The codes exist since 2018, so two digits of a year are always of this century.
  const receivedOn = `20${year}-${month}-${day}`;
  if (isLocalDate(receivedOn)) return { ok: true, receivedOn };
  return {
    ok: false,
    code: 'dossier.impossible-date-in-code',
    message: { en: 'The date inside the dossier code does not exist.', vi: 'Ngày tiếp nhận trong mã hồ sơ không có thật.' },
  };
}

function bad(en: string, vi: string): DossierCode {
  return { ok: false, code: 'dossier.bad-code', message: { en, vi } };
}
