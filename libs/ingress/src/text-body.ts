import { RouteConfig } from '@nestjs/platform-fastify';
import { isMarkedJson, isMarkedProse, isMarkedSecret, mayHoldMark } from './secrecy.ts';

/** What stands in the configuration of a route whose body is left as text for the secrecy edge. */
interface TextBodyConfig {
  bodyAsText?: boolean;
}

/** Marks a controller's method whose JSON body is read by `readTextBody`, and not by a parser, which would drop a name that is given twice. */
export function TextBody(): MethodDecorator {
  return RouteConfig({ bodyAsText: true } satisfies TextBodyConfig);
}

export function isTextBody(config: unknown): boolean {
  return (config as TextBodyConfig | undefined)?.bodyAsText === true;
}

export type ReadBody =
  { ok: true; value: unknown } | { ok: false; status: 400 | 415 | 422; code: 'request.media-type' | 'secrecy.marked' | 'request.not-json' };

const MARKED = { ok: false, status: 422, code: 'secrecy.marked' } as const;

/** Reads a JSON body that came as text. The secrecy edge is here, before anything else looks at it. */
export function readTextBody(body: unknown): ReadBody {
  if (typeof body !== 'string') return { ok: false, status: 415, code: 'request.media-type' };
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    // The parser's own words quote the body, so they go nowhere.
    return isMarkedProse(body) ? MARKED : { ok: false, status: 400, code: 'request.not-json' };
  }
  const marked = mayHoldMark(body) && (isMarkedSecret(value) || isMarkedJson(body));
  return marked ? MARKED : { ok: true, value };
}
