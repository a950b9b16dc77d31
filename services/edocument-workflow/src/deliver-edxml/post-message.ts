import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Destination } from '../edxml-destinations.ts';

/**
 * Posts a message piece by piece, with its length told ahead. Resolves to the status of the answer, whose body is not looked at.
 * @param timeoutMs for the whole of it
 */
export async function postMessage(
  { url, token }: Destination,
  bytes: number,
  pieces: AsyncIterable<Uint8Array>,
  timeoutMs: number,
): Promise<number> {
  const signal = AbortSignal.timeout(timeoutMs);
  const headers = {
    'content-type': 'application/xml; charset=utf-8',
    'content-length': bytes,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const call = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, { method: 'POST', headers, signal });
  const answered = new Promise<number>((resolve, reject) => {
    call.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    call.on('error', reject);
  });
  // Who refuses may answer before all has come and hang up; then the answer counts and not the broken upload.
  const sent = pipeline(Readable.from(pieces, { objectMode: false }), call);
  try {
    return await Promise.race([answered, sent.then(() => answered)]);
  } finally {
    if (!call.writableFinished) call.destroy();
  }
}

/** A stable code for what kept a message from being delivered: `network.ECONNREFUSED`, `network.timeout`. */
export function failureCode(error: unknown): string {
  if (!(error instanceof Error)) return 'network.unknown';
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'network.timeout';
  return 'code' in error && typeof error.code === 'string' && /^[A-Z0-9_]{1,40}$/.test(error.code)
    ? `network.${error.code}`
    : 'network.unknown';
}
