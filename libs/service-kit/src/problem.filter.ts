import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { isDatabaseAway, Problem } from './errors.ts';
import { type ServiceMetrics } from './metrics.ts';

const STATUS_TITLES: Record<number, { code: string; title: { en: string; vi: string } }> = {
  400: { code: 'request.bad', title: { en: 'The request cannot be read', vi: 'Không đọc được yêu cầu' } },
  404: { code: 'request.no-such-path', title: { en: 'There is nothing at this address', vi: 'Địa chỉ này không có gì' } },
  413: { code: 'request.too-large', title: { en: 'The request is too large', vi: 'Yêu cầu quá lớn' } },
  415: { code: 'request.media-type', title: { en: 'This content type is not taken', vi: 'Không nhận kiểu nội dung này' } },
};

/** Turns whatever a controller or Fastify throws into problem+json. A bug says nothing of its inside to the caller. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isDatabaseAway(error)) {
    return new Problem({
      status: 503,
      code: 'database.away',
      title: {
        en: 'The database cannot be reached; send the same again, that is safe',
        vi: 'Chưa kết nối được cơ sở dữ liệu; xin gửi lại đúng như cũ, gửi lại không gây trùng',
      },
      retryAfterSeconds: 2,
    });
  }
  const status = statusOf(error);
  const known = STATUS_TITLES[status];
  if (known) return new Problem({ status, ...known });
  if (status < 500) return new Problem({ status, code: 'request.bad', title: STATUS_TITLES[400]!.title });
  return new Problem({
    status: 500,
    code: 'service.bug',
    title: { en: 'The service made a mistake; it has been recorded', vi: 'Dịch vụ gặp lỗi; lỗi đã được ghi lại' },
  });
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') return error.statusCode;
  return 500;
}

/** Sends a problem on a raw Fastify reply. */
export function sendProblem(reply: FastifyReply, problem: Problem): void {
  const { status, retryAfterSeconds } = problem.description;
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', String(retryAfterSeconds));
  void reply.code(status).header('content-type', 'application/problem+json; charset=utf-8').send(JSON.stringify(problem.toDocument()));
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #logger = new Logger('http');

  constructor(private readonly metrics?: ServiceMetrics) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const problem = toProblem(error);
    this.metrics?.problem(problem.description.code);
    // The error itself and not its text: the log's writer knows what of it may be told.
    if (problem.description.status >= 500 && !isDatabaseAway(error)) this.#logger.error(error instanceof Error ? error : 'unknown error');
    sendProblem(host.switchToHttp().getResponse<FastifyReply>(), problem);
  }
}
