import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { takeStreams } from '@par/ingress';
import { Problem } from '@par/service-kit';
import type { FastifyInstance } from 'fastify';
import type { Readable } from 'node:stream';

const XML_TYPES = ['application/xml', 'text/xml'];

/** Hands XML on as it comes in, unread: each address has its own limit and reads it in its own way. Set while the module is made, before Fastify has any route. */
@Injectable()
export class XmlBodies {
  constructor(host: HttpAdapterHost) {
    takeStreams(host.httpAdapter.getInstance<FastifyInstance>(), XML_TYPES);
  }
}

/**
 * The text of a body that was handed on unread.
 * @throws Problem 415 where there is none, 413 where it is longer than `maxBytes`, 400 where it is not UTF-8
 */
export async function readText(body: Readable | undefined, maxBytes: number): Promise<string> {
  if (body === undefined || typeof body[Symbol.asyncIterator] !== 'function') throw noXml();
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > maxBytes) throw tooLarge();
    parts.push(part);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
  } catch (error) {
    if (error instanceof TypeError) throw notUtf8();
    throw error;
  }
}

function noXml(): Problem {
  return new Problem({
    status: 415,
    code: 'request.media-type',
    field: 'content-type',
    title: { en: 'Send the file as application/xml', vi: 'Hãy gửi tệp với kiểu nội dung application/xml' },
  });
}

function tooLarge(): Problem {
  return new Problem({ status: 413, code: 'request.too-large', title: { en: 'The request is too large', vi: 'Yêu cầu quá lớn' } });
}

function notUtf8(): Problem {
  return new Problem({
    status: 400,
    code: 'request.not-utf-8',
    title: { en: 'The file is not UTF-8', vi: 'Tệp không ở bảng mã UTF-8' },
  });
}
