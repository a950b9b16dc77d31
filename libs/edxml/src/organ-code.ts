/** An organisation's identifier (mã định danh) as messages give it, and how it is told from others. */
export interface OrganCode {
  /** As it was written. */
  text: string;
  /**
   * The same identifier for every way of writing it: highest level first, groups of zeros below the last real one left out, as in `H57.21` for
   * `000.00.21.H57`.
   */
  canonical: string;
}

const GROUP = /^[A-Z0-9]{1,6}$/;
const TOP = /^[A-Y]\d{2}$/;
const ZEROS = /^0+$/;
/** Decision 20/2020/QĐ-TTg, art. 4. */
const LONGEST = 35;

/**
 * Reads an identifier in either order: the old one ends with the highest level (`000.00.21.H57`, TT 10/2016 and QCVN 102:2016), the new one begins with it (`H57.21`,
 * Decision 20/2020/QĐ-TTg art. 4). The highest level is a letter from A to Y and two digits. Undefined where a text is neither, or could be both.
 */
export function parseOrganCode(text: string): OrganCode | undefined {
  const groups = text.trim().split('.');
  if (text.trim().length > LONGEST || groups.length > 5 || !groups.every((group) => GROUP.test(group))) return undefined;
  const first = TOP.test(groups[0]!);
  const last = TOP.test(groups.at(-1)!);
  if (!first && !last) return undefined;
  // A code of one group reads the same both ways; of several, only one end may be a highest level.
  if (first && last && groups.length > 1) return undefined;
  const highestFirst = first ? groups : groups.toReversed();
  const used = highestFirst.findLastIndex((group) => !ZEROS.test(group));
  return { text: text.trim(), canonical: highestFirst.slice(0, used + 1).join('.') };
}

/** The old order with four groups, as QCVN 102:2016 and most software in use write it. @throws where the code has more than four levels */
export function oldFormOf({ canonical }: Pick<OrganCode, 'canonical'>): string {
  const groups = canonical.split('.');
  if (groups.length > 4) throw new Error(`${canonical} has more levels than the old form can tell`);
  const zeros = ['', '00', '00', '000'];
  return zeros
    .map((none, level) => groups[level] ?? none)
    .toReversed()
    .join('.');
}
