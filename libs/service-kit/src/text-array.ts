/** PostgreSQL's number of the type `text`. */
const TEXT_OID = 25;
const HEADER_BYTES = 20;

/**
 * A `text[]` parameter in PostgreSQL's binary format: for long texts such as JSON, whose every quotation mark an array literal would have to escape and the
 * server to unescape. The statement must cast the parameter to `text[]`.
 */
export function textArray(values: readonly string[]): Buffer {
  let size = HEADER_BYTES;
  const sizes = new Uint32Array(values.length);
  values.forEach((value, index) => {
    const bytes = Buffer.byteLength(value);
    sizes[index] = bytes;
    size += 4 + bytes;
  });
  const buffer = Buffer.allocUnsafe(size);
  // Dimensions, no NULLs, type of the elements; then length and lower bound of the one dimension.
  buffer.writeInt32BE(values.length === 0 ? 0 : 1, 0);
  buffer.writeInt32BE(0, 4);
  buffer.writeInt32BE(TEXT_OID, 8);
  if (values.length === 0) return buffer.subarray(0, 12);
  buffer.writeInt32BE(values.length, 12);
  buffer.writeInt32BE(1, 16);
  let at = HEADER_BYTES;
  values.forEach((value, index) => {
    at = buffer.writeInt32BE(sizes[index]!, at);
    at += buffer.write(value, at, 'utf8');
  });
  return buffer;
}
