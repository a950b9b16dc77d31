import { isLocalDate, PROCEDURE_CODE, WORK_DOSSIER_KINDS, type WorkDossierKind } from '@par/contracts';
import { type Bilingual, Problem } from '@par/service-kit';
import { type Assignment } from '../process-version.ts';

const PARAMETERS = ['valid-from', 'procedures', 'units', 'kinds'];
const MOST_IN_LIST = 1_000;

/**
 * What a version is for, as `POST /v1/processes` asks it: `?valid-from=2021-07-01&procedures=1.001&units=hue-a,hue-b&kinds=procedure`.
 * @param today local date that stands where no `valid-from` is given
 * @param isUnit whether a unit is known
 * @throws Problem 422 that names the parameter
 */
export function askedAssignment(query: Readonly<Record<string, unknown>>, today: string, isUnit: (unit: string) => boolean): Assignment {
  const unknown = Object.keys(query).find((name) => !PARAMETERS.includes(name));
  if (unknown !== undefined) throw bad(unknown, { en: 'is not known here', vi: 'không có ở đây' });
  const validFrom = query['valid-from'] ?? today;
  if (typeof validFrom !== 'string' || !isLocalDate(validFrom))
    throw bad('valid-from', { en: 'must be a date, as 2021-07-01', vi: 'phải là ngày, như 2021-07-01' });
  const procedures = listOf(query, 'procedures');
  if (!procedures.every((procedure) => PROCEDURE_CODE.test(procedure)))
    throw bad('procedures', { en: 'must be codes of procedures, as 1.005129', vi: 'phải là mã thủ tục, như 1.005129' });
  const units = listOf(query, 'units');
  const stranger = units.find((unit) => !isUnit(unit));
  if (stranger !== undefined) throw bad('units', { en: 'must be ids of known units', vi: 'phải là mã của đơn vị đã khai báo' });
  const kinds = listOf(query, 'kinds');
  if (!kinds.every(isKind)) {
    const list = WORK_DOSSIER_KINDS.join(', ');
    throw bad('kinds', { en: `must be among ${list}`, vi: `phải thuộc: ${list}` });
  }
  return { validFrom, procedures, units, kinds };
}

function isKind(text: string): text is WorkDossierKind {
  return (WORK_DOSSIER_KINDS as readonly string[]).includes(text);
}

function listOf(query: Readonly<Record<string, unknown>>, name: string): string[] {
  const text = query[name] ?? '';
  if (typeof text !== 'string')
    throw bad(name, { en: 'is given once, with commas between', vi: 'chỉ ghi một lần, cách nhau bằng dấu phẩy' });
  const parts = [...new Set(text.split(',').filter((part) => part !== ''))].sort();
  if (parts.length > MOST_IN_LIST) throw bad(name, { en: `has at most ${MOST_IN_LIST} entries`, vi: `có tối đa ${MOST_IN_LIST} mục` });
  return parts;
}

function bad(field: string, reason: Bilingual): Problem {
  return new Problem({
    status: 422,
    code: 'process.bad-assignment',
    field: field.slice(0, 64),
    title: { en: `This parameter ${reason.en}`, vi: `Tham số này ${reason.vi}` },
  });
}
