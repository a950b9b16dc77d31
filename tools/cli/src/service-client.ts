import type { ServiceName } from '@par/contracts';
import { Mistake } from './mistake.ts';

/** The members of a problem document (RFC 9457) that people are told. */
interface ProblemDocument {
  title?: string;
  titleVi?: string;
  detail?: string;
  detailVi?: string;
  code?: string;
}

const USUAL_PATIENCE_MS = 30_000;

/** Reads JSON from a service; what goes wrong is a `Mistake` that names the service and says what it said. */
export async function getJson<T>(service: ServiceName, base: string, path: string, patienceMs = USUAL_PATIENCE_MS): Promise<T> {
  return requestJson(service, base, path, 'GET', patienceMs);
}

/** Asks a service to do something; its answer and its refusals are told as by `getJson`. `key`: the operator's, where the service wants one. */
export async function postJson<T>(service: ServiceName, base: string, path: string, key?: string): Promise<T> {
  return requestJson(service, base, path, 'POST', USUAL_PATIENCE_MS, key);
}

async function requestJson<T>(
  service: ServiceName,
  base: string,
  path: string,
  method: 'GET' | 'POST',
  patienceMs: number,
  key?: string,
): Promise<T> {
  let response: Response;
  let text: string;
  try {
    const headers = { accept: 'application/json', ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) };
    response = await fetch(base + path, { method, headers, signal: AbortSignal.timeout(patienceMs) });
    text = await response.text();
  } catch (error) {
    throw noAnswer(service, base, error);
  }
  if (response.ok) {
    const body = parsed(text);
    if (body !== undefined) return body as T;
    throw new Mistake('service.not-ours', {
      en: `what answers at ${base} is not ${service}: it sent no JSON`,
      vi: `địa chỉ ${base} không phải ${service}: phản hồi không phải JSON`,
    });
  }
  throw new Mistake('service.refused', told(service, response.status, text));
}

export function noAnswer(service: ServiceName, base: string, error: unknown): Mistake {
  const cause = reasonOf(error);
  return new Mistake('service.no-answer', {
    en: `${service} does not answer at ${base} (${cause}). Is the city running? npm start`,
    vi: `${service} không phản hồi tại ${base} (${cause}). Hệ thống đã chạy chưa? npm start`,
  });
}

/** What a service said with a status of refusal, in both languages. */
export function told(service: ServiceName, status: number, body: string): { en: string; vi: string } {
  const problem = (parsed(body) ?? {}) as ProblemDocument;
  const code = problem.code === undefined ? '' : `, ${problem.code}`;
  const en = [problem.title, problem.detail].filter(Boolean).join('. ');
  const vi = [problem.titleVi, problem.detailVi].filter(Boolean).join('. ');
  return {
    en: `${service} answered ${status}${code}: ${en || 'no reason given'}`,
    vi: `${service} trả lời ${status}${code}: ${vi || 'không nêu lý do'}`,
  };
}

/** The words of a failed connection; `fetch` hides them in the cause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'timeout';
  const cause = error.cause;
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message;
  return error.message;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
