import { createHash } from 'node:crypto';
import { type Readable } from 'node:stream';
import { Problem } from '@par/service-kit';

/** 50 MB, the largest file that the local rules of the field allow (domain 6.2) and that events speak of. */
export const MOST_BYTES = 52_428_800;

export interface UploadedFile {
  bytes: Buffer;
  /** Lower-case hex. */
  sha256: string;
}

/**
 * Takes a file in as it comes, hashed on the way, never more than is allowed and not for longer than it may take.
 * @param declared its length as the sender says
 */
export async function takeFile(stream: Readable, declared: number | undefined, withinMs: number): Promise<UploadedFile> {
  if (declared !== undefined && declared > MOST_BYTES) throw tooLarge();
  const hash = createHash('sha256');
  // With the length known, the pieces go straight to their place, and the file is not held twice.
  const whole = declared === undefined ? undefined : Buffer.allocUnsafe(declared);
  const pieces: Buffer[] = [];
  let length = 0;
  const slow = setTimeout(() => stream.destroy(new Error('too slow')), withinMs);
  try {
    // The stream stays open where it is given up, so that the answer still reaches its sender.
    for await (const piece of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      if (length + piece.length > (whole?.length ?? MOST_BYTES)) throw tooLarge();
      hash.update(piece);
      if (whole) piece.copy(whole, length);
      else pieces.push(piece);
      length += piece.length;
    }
  } catch (error) {
    throw error instanceof Problem ? error : cutOff();
  } finally {
    clearTimeout(slow);
  }
  if (length === 0)
    throw new Problem({ status: 400, code: 'file.empty', title: { en: 'There is no file in the request', vi: 'Yêu cầu không có tệp' } });
  return { bytes: whole?.subarray(0, length) ?? Buffer.concat(pieces), sha256: hash.digest('hex') };
}

/** Its sender went away, or took too long; where the connection still stands, this is the answer. */
function cutOff(): Problem {
  return new Problem({
    status: 408,
    code: 'file.cut-off',
    title: { en: 'The file did not come in whole; send it again', vi: 'Tệp chưa được gửi trọn vẹn; xin gửi lại' },
  });
}

function tooLarge(): Problem {
  return new Problem({
    status: 413,
    code: 'file.too-large',
    title: { en: 'A file has at most 50 MB', vi: 'Tệp có dung lượng tối đa 50 MB' },
  });
}
