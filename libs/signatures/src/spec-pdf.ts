import { type CmsOptions, type SpecAuthority } from './spec-authority.ts';

/** Room for the value in hex; what it does not fill is zeros, as signing software leaves it. */
const ROOM = 12_000;
const RANGE = '[0 0000000000 0000000000 0000000000]';

/** For specs only: a PDF file of one page, unsigned. */
export function plainPdf(text = 'Quyet dinh'): Buffer {
  const stream = `BT /F1 12 Tf 72 720 Td (${text}) Tj ET`;
  return Buffer.from(
    `%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n` +
      `3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>\nendobj\n` +
      `4 0 obj\n<< /Length ${stream.length} >>\nstream\n${stream}\nendstream\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n`,
    'latin1',
  );
}

export interface PdfSigning extends CmsOptions {
  subFilter?: string;
  /** `M` of the dictionary. */
  statedAt?: Date;
  /** Instead of a signature of the holder: what makes the value of the bytes. */
  value?: (signed: Buffer) => Promise<Uint8Array>;
}

/** For specs only: signs a file as software does, by an update at its end. */
export async function signPdf(file: Buffer, by: SpecAuthority, options: PdfSigning = {}): Promise<Buffer> {
  const { subFilter = 'ETSI.CAdES.detached', statedAt } = options;
  const stated = statedAt ? ` /M (D:${statedAt.toISOString().replace(/[-:T]/g, '').slice(0, 14)}+00'00')` : '';
  const number = 10 + file.toString('latin1').split('/ByteRange').length;
  const before = `${number} 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /${subFilter}${stated} /Reason (Ky \\(so\\)) /ByteRange ${RANGE} /Contents `;
  const after = ` >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n`;
  const start = file.length + before.length;
  const end = start + ROOM + 2;
  const range = `[0 ${[start, end, after.length].map((part) => String(part).padStart(10, '0')).join(' ')}]`;
  const head = Buffer.concat([file, Buffer.from(before.replace(RANGE, range), 'latin1')]);
  const tail = Buffer.from(after, 'latin1');
  const signed = Buffer.concat([head, tail]);
  const value = await (options.value ?? ((bytes): Promise<Uint8Array> => by.sign(bytes, options)))(signed);
  return Buffer.concat([head, Buffer.from(`<${Buffer.from(value).toString('hex').padEnd(ROOM, '0')}>`), tail]);
}
