import { createHash, timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Environment } from './environment.ts';
import { Problem } from './errors.ts';

/**
 * Lets operators in and nobody else: with `OPERATOR_KEY` set, who shows it (`authorization: Bearer <key>`); without it, callers on this machine
 * that come neither through a proxy nor from a page in a browser.
 * @throws Problem 401 `operator.no-key` or `operator.wrong-key`, 403 `operator.not-local`
 */
@Injectable()
export class OperatorGuard implements CanActivate {
  readonly #key: Buffer | undefined;

  constructor(environment: Environment) {
    const key = environment.text('OPERATOR_KEY', '');
    this.#key = key === '' ? undefined : digest(key);
  }

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (!this.#key) {
      if (isLocal(request)) return true;
      throw notLocal();
    }
    const shown = shownKey(request.headers.authorization);
    if (shown === undefined) throw noKey();
    if (!timingSafeEqual(digest(shown), this.#key)) throw wrongKey();
    return true;
  }

  /**
   * Whether an operator calls, for what others may call too. Without `OPERATOR_KEY` somebody who shows a key of any kind is none: a key that is wrong or
   * revoked must not see more than one that holds.
   */
  isOperator(request: FastifyRequest): boolean {
    const { authorization } = request.headers;
    if (!this.#key) return authorization === undefined && isLocal(request);
    const shown = shownKey(authorization);
    return shown !== undefined && timingSafeEqual(digest(shown), this.#key);
  }
}

function shownKey(authorization: string | undefined): string | undefined {
  return /^Bearer\s+(\S+)\s*$/i.exec(authorization ?? '')?.[1];
}

/** Digests have one length, so comparing them tells nothing of the key's. */
function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;

function isLocal({ socket, headers }: FastifyRequest): boolean {
  const wasPassedOn = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined || headers.via !== undefined;
  // A page of anybody's may make a browser on this machine call; browsers say where a call of this kind comes from.
  const isFromPage = headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;
  return LOOPBACK.test(socket.remoteAddress ?? '') && !wasPassedOn && !isFromPage;
}

function noKey(): Problem {
  return new Problem({
    status: 401,
    code: 'operator.no-key',
    title: { en: 'This needs the operator key', vi: 'Thao tác này cần khóa vận hành' },
    detail: { en: 'Send it as authorization: Bearer <key>.', vi: 'Gửi khóa trong tiêu đề authorization: Bearer <khóa>.' },
  });
}

function wrongKey(): Problem {
  return new Problem({
    status: 401,
    code: 'operator.wrong-key',
    title: { en: 'This is not the operator key', vi: 'Khóa vận hành không đúng' },
  });
}

function notLocal(): Problem {
  return new Problem({
    status: 403,
    code: 'operator.not-local',
    title: {
      en: 'Without an operator key only callers on this machine are let in',
      vi: 'Khi chưa đặt khóa vận hành, chỉ nhận lệnh từ chính máy này',
    },
    detail: { en: 'Set OPERATOR_KEY for the service and send it.', vi: 'Đặt OPERATOR_KEY cho dịch vụ rồi gửi khóa đó.' },
  });
}
