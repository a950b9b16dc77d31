import { Problem } from '@par/service-kit';

/** Where a page ended. The list is ordered by `moveBy`, then `id`. */
export interface Cursor {
  /** The moment from which the first page was counted. */
  asOf: string;
  moveBy: string;
  id: string;
}

export function cursorOf({ asOf, moveBy, id }: Cursor): string {
  return Buffer.from(JSON.stringify([asOf, moveBy, id])).toString('base64url');
}

/** @throws Problem where it is not what `cursorOf` made */
export function readCursor(given: unknown): Cursor {
  try {
    const read: unknown = JSON.parse(Buffer.from(String(given), 'base64url').toString('utf8'));
    if (Array.isArray(read) && read.length === 3 && read.every((part) => typeof part === 'string')) {
      const [asOf, moveBy, id] = read as [string, string, string];
      return { asOf, moveBy, id };
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Problem({
    status: 400,
    code: 'request.bad-cursor',
    field: 'after',
    title: { en: 'Give `next` of the page before, as it is', vi: 'Hãy ghi nguyên giá trị `next` của trang trước' },
  });
}
