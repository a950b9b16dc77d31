import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Everything on the page comes from this service, and nothing else may run or be loaded. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Serves the files of `web/` at `/`, each under its own route, so that an unknown path stays a problem and not a file search. */
export async function servePage(fastify: FastifyInstance): Promise<void> {
  await fastify.register(fastifyStatic, {
    root: fileURLToPath(new URL('../web', import.meta.url)),
    wildcard: false,
    cacheControl: false,
    setHeaders: (reply) => {
      void reply.header('cache-control', 'no-cache');
      void reply.header('content-security-policy', CONTENT_SECURITY_POLICY);
      void reply.header('x-content-type-options', 'nosniff');
      void reply.header('referrer-policy', 'no-referrer');
    },
  });
}
