import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { writeFileSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { SpecCity } from './spec-city.ts';

let city: SpecCity;
beforeAll(async () => { city = await SpecCity.start(); }, 180_000);
afterAll(() => city?.stop(), 60_000);

it('imports, declares, posts', async () => {
  const dir = mkdtempSync('/tmp/imp/e2e-');
  const to = ['--key', city.key, ...city.addresses('dossier-intake', 'edocument-workflow', 'index-scoring'), '--lang', 'en'];
  const run = async (...args: string[]) => { const o = await city.par([...args, ...to]); console.log(args.join(' '), o.code, o.stdout, o.stderr.split('\n').filter((l) => !l.includes('%')).join('\n')); return o; };
  const fill = async (kind: string, ext: string) => {
    const t = await city.par(['template', kind]);
    const lines = t.stdout.trimEnd().split('\r\n');
    const file = join(dir, `${kind}.${ext}`);
    writeFileSync(file, lines.map((l) => (!l.includes(' / ') ? l.replace(/^("?)# /, '$1') : l)).join('\n'));
    return file;
  };
  for (const kind of ['staff-standards', 'procedures', 'surveys', 'function-reviews', 'paper-work', 'secret-counts', 'tslcd-connections', 'inspections', 'assessments', 'rankings']) {
    const file = await fill(kind, 'csv');
    expect((await run('declare', kind, file)).code).toBe(0);
    expect(JSON.parse((await city.par(['declare', kind, file, ...to, '--json'])).stdout).posted).toMatchObject({ accepted: 0, conflict: 0, refused: 0 });
  }
  expect((await run('import', '/work/shared/data/receipt.csv', '--mapping', 'tools/cli/mappings/coselog.yaml', '--dry-run')).code).toBe(0);
  const figures = await city.par(['figures', '--year', '2021', '--unit', 'hue', '--lang', 'vi', ...city.addresses('index-scoring')]);
  console.log(figures.stdout, figures.stderr);
  expect((await city.audit()).code).toBe(0);
}, 300_000);
