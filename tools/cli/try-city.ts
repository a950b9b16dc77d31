import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { SERVICES } from '@par/contracts';
import { startInfrastructure, migrateService, withDatabase, databaseNameOf } from '@par/infrastructure';
const dir = '/tmp/edw-city';
const infra = await startInfrastructure({ purpose: 'test', directory: dir, progress: (l) => console.log(l) });
const ports = { reporting: 18280, 'dossier-intake': 18281, 'edocument-workflow': 18282, 'index-scoring': 18283 } as Record<string, number>;
const lines: string[] = [`# ${process.pid}`];
const kids = [];
for (const s of SERVICES) {
  const url = withDatabase(infra.postgres.url, databaseNameOf(s));
  await migrateService(s, url);
  const n = { 'dossier-intake': 'INTAKE', 'edocument-workflow': 'WORKFLOW', 'index-scoring': 'SCORING', reporting: 'REPORTING' }[s];
  lines.push(`export PAR_${n}_URL=http://127.0.0.1:${ports[s]} PAR_${n}_DATABASE_URL='${url}'`);
  kids.push(spawn(process.execPath, ['tools/run.mjs', `services/${s}/src/main.ts`], { env: { ...process.env, PORT: String(ports[s]), DATABASE_URL: url, AMQP_URL: infra.rabbitmq.amqpUrl, LOG_LEVEL: 'info' }, stdio: 'inherit' }));
}
writeFileSync('/tmp/edw-city/env.sh', lines.join('\n') + '\n');
process.on('SIGTERM', async () => { for (const k of kids) k.kill('SIGTERM'); await Promise.all(kids.map((k) => k.exitCode !== null ? 0 : new Promise((r) => k.on('exit', r)))); await infra.stop(); process.exit(0); });
