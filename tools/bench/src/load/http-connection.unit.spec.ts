import { describe, expect, it } from '@jest/globals';
import { readAnswer } from './http-connection.ts';

const text = 'HTTP/1.1 202 Accepted\r\nContent-Length: 4\r\nretry-after: 3\r\n\r\n"đ"HTTP/1.1 ';

describe('reading an answer', () => {
  it('takes as many bytes as it says, and leaves the next one', () => {
    expect(readAnswer(Buffer.from(text))).toEqual({ status: 202, body: '"đ"', retryAfterSeconds: 3, length: 64 });
  });

  it('waits for the rest of head and body', () => {
    const whole = Buffer.from(text);
    for (let length = 0; length < 64; length++) expect(readAnswer(whole.subarray(0, length))).toBeUndefined();
  });

  it('does not guess where an answer ends', () => {
    expect(() => readAnswer(Buffer.from('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhello'))).toThrow('without content-length');
  });
});
