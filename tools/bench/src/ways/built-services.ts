import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SERVICES } from '@par/contracts';
import { CHECKOUT } from '@par/infrastructure';
import type { BenchContext } from '../row.ts';

/**
 * The four services as they are shipped: built bundles, without node_modules. Copied into the folder of this run, so that a build beside it
 * changes nothing under a running process. Built once a run.
 */
export async function buildServices(ctx: Pick<BenchContext, 'directory' | 'say'>): Promise<string> {
  const folder = join(ctx.directory, 'services');
  if (existsSync(folder)) return folder;
  const scratch = `${folder}.partial`;
  const { buildService } = (await import(pathToFileURL(join(CHECKOUT, 'tools/build.mjs')).href)) as {
    buildService: (service: string, options: { minify: boolean }) => Promise<{ folder: string }>;
  };
  for (const service of SERVICES) {
    ctx.say(`building ${service}`);
    const built = await buildService(service, { minify: true });
    cpSync(built.folder, join(scratch, service), { recursive: true });
  }
  cpSync(scratch, folder, { recursive: true });
  return folder;
}
