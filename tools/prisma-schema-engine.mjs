#!/usr/bin/env node
// Stand-in for Prisma's native `schema-engine` binary: the same JSON-RPC protocol on
// stdin/stdout, answered by the WebAssembly build of the very same engine
// (@prisma/schema-engine-wasm, pinned to the CLI's engines-version) over @prisma/adapter-pg.
// Use: PRISMA_SCHEMA_ENGINE_BINARY=tools/prisma-schema-engine.mjs npx prisma migrate deploy
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const argv = process.argv.slice(2);
const opts = { datamodels: [] };
let cli = null;
for (let i = 0; i < argv.length; i++) {
  if (argv[i] === '--datamodels') opts.datamodels.push(argv[++i]);
  else if (argv[i] === '--datasource') opts.datasource = JSON.parse(argv[++i]);
  else if (argv[i] === 'cli') cli = argv[++i];
  else if (argv[i] === '--version' || argv[i] === '-V') cli = 'version';
  else i++; // --enabled-preview-features X, --extension-types X
}

async function fail(code, message) {
  // The CLI drops the first line and parses every other one, so: a line to drop, and no newline at the end.
  process.stderr.write(
    '{}\n' +
      JSON.stringify({
        timestamp: new Date().toISOString(),
        level: 'ERROR',
        fields: { message, error_code: code, is_panic: false },
        target: 'schema_engine::logger',
      }),
  );
  process.exitCode = 1;
}

if (cli) {
  if (cli === 'version') {
    console.log('schema-engine-cli 0edf323efd1d98336f3f0a68684b56f689b900d3');
  } else {
    const { default: pg } = await import('pg');
    const url = new URL(opts.datasource.url);
    const name = decodeURIComponent(url.pathname.slice(1)) || 'postgres';
    const ident = (s) => `"${s.replaceAll('"', '""')}"`;
    const connect = async (db) => {
      const u = new URL(url);
      if (db) u.pathname = '/' + encodeURIComponent(db);
      u.searchParams.delete('schema');
      const c = new pg.Client({ connectionString: u.toString(), connectionTimeoutMillis: 5000 });
      await c.connect();
      return c;
    };
    try {
      if (cli === 'can-connect-to-database') await (await connect()).end();
      else {
        const c = await connect('postgres');
        await c.query(`${cli === 'create-database' ? 'CREATE' : 'DROP'} DATABASE ${ident(name)}`);
        await c.end();
      }
    } catch (e) {
      const code = e.code === '3D000' ? 'P1003' : e.code === '28P01' ? 'P1000' : e.code === '42P04' ? 'P1009' : 'P1001';
      await fail(
        code,
        code === 'P1003'
          ? `Database \`${name}\` does not exist`
          : `Can't reach database server at \`${url.hostname}:${url.port || 5432}\` (${e.message})`,
      );
    }
  }
} else {
  const require = createRequire(import.meta.url);
  const glue = require.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bg = await import(pathToFileURL(glue).href);
  const wasm = await WebAssembly.instantiate(readFileSync(join(dirname(glue), 'schema_engine_bg.wasm')), { './schema_engine_bg.js': bg });
  bg.__wbg_set_wasm(wasm.instance.exports);
  wasm.instance.exports.__wbindgen_start();
  const { bindMigrationAwareSqlAdapterFactory } = await import('@prisma/driver-adapter-utils');
  const { PrismaPg } = await import('@prisma/adapter-pg');
  const { default: pg } = await import('pg');
  // The adapter knows no column of type "char" (OID 18), which the engine reads from pg_catalog: take it as text.
  const addFields = pg.Result.prototype.addFields;
  pg.Result.prototype.addFields = function (fields) {
    for (const f of fields) if (f.dataTypeID === 18) f.dataTypeID = 25;
    return addFields.call(this, fields);
  };
  // ?schema=x in the URL: the schema in which an unqualified model and _prisma_migrations live, as with the native engine.
  let url = opts.datasource?.url;
  let schema;
  if (url) {
    const u = new URL(url);
    schema = u.searchParams.get('schema') ?? undefined;
    u.searchParams.delete('schema');
    if (schema) u.searchParams.set('options', `-c search_path="${schema}"`);
    url = u.toString().replaceAll('+', '%20');
  }
  const adapterOptions = schema ? { schema } : undefined;
  // @prisma/adapter-pg 7.10's own connectToShadowDb() is unsafe with a connectionString: pg lets that win over
  // `database`, so the "shadow" is the real database. Make, use and drop a scratch database here instead.
  class Factory extends PrismaPg {
    async connectToShadowDb() {
      const admin = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
      await admin.connect();
      const name = `prisma_migrate_shadow_db_${randomUUID()}`;
      await admin.query(`CREATE DATABASE "${name}"`);
      const target = new URL(url);
      target.pathname = '/' + name;
      const adapter = await new PrismaPg({ connectionString: target.toString().replaceAll('+', '%20') }, adapterOptions).connect();
      const dispose = adapter.dispose.bind(adapter);
      adapter.dispose = async () => {
        await dispose();
        await admin.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`).finally(() => admin.end());
      };
      return adapter;
    }
  }
  const factory = new Factory({ connectionString: url ?? 'postgresql://127.0.0.1:1/none', connectionTimeoutMillis: 5000 }, adapterOptions);
  const bound = bindMigrationAwareSqlAdapterFactory(factory);
  let engine;
  const get = () =>
    (engine ??= bg.SchemaEngine.new(
      { datamodels: opts.datamodels.length ? opts.datamodels.map((f) => [f, readFileSync(f, 'utf8')]) : undefined },
      (log) => process.env.DEBUG_SCHEMA_ENGINE && process.stderr.write(log + '\n'),
      bound,
    ));
  const names = { getDatabaseVersion: 'version' };
  const pending = new Set();
  const rl = createInterface({ input: process.stdin, crlfDelay: Infinity });
  rl.on('line', (line) => {
    if (!line.trim()) return;
    const p = handle(JSON.parse(line)).finally(() => pending.delete(p));
    pending.add(p);
  });
  rl.on('close', async () => {
    await Promise.allSettled(pending);
    process.exit(0);
  });
  async function handle({ id, method, params, result }) {
    if (!method) return result;
    let out;
    try {
      const r = await (await get())[names[method] ?? method](params);
      if (method === 'diff' && r?.stdout)
        process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'print', params: { content: r.stdout } }) + '\n');
      out = { jsonrpc: '2.0', id, result: r ?? {} };
    } catch (err) {
      const message = err?.message ?? String(err);
      out = {
        jsonrpc: '2.0',
        id,
        error: {
          code: 4466,
          message: 'An error happened. Check the data field for details.',
          data: { is_panic: false, message, error_code: err?.code ?? null },
        },
      };
    }
    process.stdout.write(JSON.stringify(out) + '\n');
  }
}
