// node tools/build.mjs SERVICE... | --all [--minify]: services/SERVICE/src/main.ts → services/SERVICE/dist, a folder that runs anywhere with
// `node main.js` and needs no node_modules: main.js, its source map, package.json, and under files/ what the code reads at run time.
// esbuild links; SWC compiles the .ts files, because esbuild emits no decorator metadata.
import { cpSync, existsSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transform } from '@swc/core';
import { build } from 'esbuild';
import { generate } from './generate.mjs';
import { swcOptions } from './swc-hooks.mjs';

const require = createRequire(import.meta.url);
const root = realpathSync(fileURLToPath(new URL('..', import.meta.url)));

/** Packages that a library loads only where they are installed; one that is not installed stays out of the bundle. */
const OPTIONAL = [
  '@fastify/multipart',
  '@fastify/view',
  '@grpc/grpc-js',
  '@grpc/proto-loader',
  '@nats-io/transport-node',
  '@nestjs/platform-express',
  '@nestjs/websockets',
  '@nestjs/websockets/socket-module',
  'amqp-connection-manager',
  'cache-manager',
  'ioredis',
  'kafkajs',
  'mqtt',
  'pg-native',
];

/** Of those, what is installed for tools/bench alone: never part of a service, installed or not. */
const NEVER_BUNDLED = new Set(['amqp-connection-manager', 'ioredis']);

/** CommonJS packages inside an ES module still ask for these. */
const BANNER = [
  "import { createRequire as __parCreateRequire } from 'node:module';",
  "import { dirname as __parDirname } from 'node:path';",
  "import { fileURLToPath as __parFileURLToPath } from 'node:url';",
  'const require = __parCreateRequire(import.meta.url);',
  'const __filename = __parFileURLToPath(import.meta.url);',
  'const __dirname = __parDirname(__filename);',
].join(' ');

const FILE_BESIDE_SOURCE = /new URL\(\s*(['"])(\.[^'"]+)\1\s*,\s*import\.meta\.url\s*\)/g;

/**
 * Builds one service.
 * @returns {Promise<{ folder: string, bytes: number, files: string[] }>} where it lies, the size of main.js, and the files copied beside it.
 * @throws Error where the service does not compile or reads a file that lies outside its package.
 */
export async function buildService(service, { minify = false } = {}) {
  const entry = join(root, 'services', service, 'src/main.ts');
  if (!existsSync(entry)) throw new Error(`there is no service ${service} (${relative(root, entry)} is missing)`);
  const folder = join(root, 'services', service, 'dist');
  rmSync(folder, { recursive: true, force: true });
  const files = new Map();
  const result = await build({
    entryPoints: [entry],
    outfile: join(folder, 'main.js'),
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@par/source'],
    mainFields: ['module', 'main'],
    // Nest, class-validator and the event types go by the names of classes.
    keepNames: true,
    minify,
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
    external: OPTIONAL.filter((name) => NEVER_BUNDLED.has(name) || !isInstalled(name)),
    banner: { js: BANNER },
    plugins: [ownSources(files), nestDrivers, oneClassTransformer],
  });
  asciiOnly(join(folder, 'main.js'));
  const copied = copyFiles(folder, files);
  // main.js is an ES module wherever the folder is put.
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  return { folder, bytes: result.metafile.outputs[relative(root, join(folder, 'main.js')).split(sep).join('/')].bytes, files: copied };
}

/**
 * Writes every character beyond ASCII as an escape, which means the same in strings, regular expressions and templates. One letter beyond Latin-1 makes V8 keep the
 * whole text with two bytes a character: ten megabytes of memory in each service.
 */
function asciiOnly(file) {
  const text = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    text.replace(/[^\x00-\x7f]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}

/** Compiles the .ts files, and points each `new URL('../x', import.meta.url)` in them at files/, collecting what is to be copied there. */
function ownSources(files) {
  return {
    name: 'own-sources',
    setup(esbuild) {
      esbuild.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const text = (await readFile(path, 'utf8')).replace(FILE_BESIDE_SOURCE, (_, quote, specifier) => {
          const file = fileURLToPath(new URL(specifier, pathToFileURL(path)));
          const place = `./files/${relative(root, file).split(sep).join('/')}`;
          files.set(place, { file, source: path });
          return `new URL(${quote}${place}${quote}, import.meta.url)`;
        });
        const { code } = await transform(text, { ...swcOptions, filename: path });
        return { contents: code, loader: 'js', resolveDir: dirname(path) };
      });
    },
  };
}

/** Nest loads its drivers with `createRequire(import.meta.url)('x')`, which esbuild does not follow; it does follow `require('x')`. */
const nestDrivers = {
  name: 'nest-drivers',
  setup(esbuild) {
    esbuild.onLoad({ filter: /node_modules[\\/]@nestjs[\\/].+\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(/createRequire\(import\.meta\.url\)\((?=['"])/g, 'require('),
      loader: 'js',
    }));
  },
};

/** The schemas are read from the store of class-transformer's CommonJS build, which Node takes too; a second build of it beside would keep the types. */
const oneClassTransformer = {
  name: 'one-class-transformer',
  setup(esbuild) {
    esbuild.onResolve({ filter: /^class-transformer$/ }, () => ({ path: require.resolve('class-transformer') }));
  },
};

/** Copies the files that the linked code still names; those named only in code that was left out stay behind. */
function copyFiles(folder, files) {
  const linked = readFileSync(join(folder, 'main.js'), 'utf8');
  const copied = [];
  for (const [place, { file, source }] of files) {
    if (!linked.includes(`"${place}"`)) continue;
    const package_ = /^(libs|services)[\\/][^\\/]+[\\/]/.exec(relative(root, source))?.[0];
    if (package_ === undefined || !resolve(file).startsWith(join(root, package_)))
      throw new Error(
        `${relative(root, source)} reads ${relative(root, file) || 'the checkout'}, which lies outside its package: it cannot be built`,
      );
    if (!existsSync(file)) throw new Error(`${relative(root, source)} reads ${relative(root, file)}, which does not exist`);
    cpSync(file, join(folder, place), { recursive: true });
    copied.push(relative(root, file));
  }
  return copied;
}

function isInstalled(name) {
  try {
    require.resolve(name);
    return true;
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return false;
    // Installed, but with no entry for require().
    return error.code === 'ERR_PACKAGE_PATH_NOT_EXPORTED';
  }
}

async function main(args) {
  const options = new Set(args.filter((arg) => arg.startsWith('--')));
  const unknown = [...options].filter((option) => option !== '--all' && option !== '--minify');
  const services = options.has('--all') ? readdirSync(join(root, 'services')).sort() : args.filter((arg) => !arg.startsWith('--'));
  if (services.length === 0 || unknown.length > 0) {
    console.error('usage: node tools/build.mjs SERVICE... | --all [--minify]');
    process.exit(2);
  }
  await generate();
  for (const service of services) {
    const began = performance.now();
    const { folder, bytes, files } = await buildService(service, { minify: options.has('--minify') });
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(
      `${relative(root, folder)}/main.js  ${(bytes / 1e6).toFixed(2)} MB  ${seconds} s${files.length > 0 ? `  with ${files.join(', ')}` : ''}`,
    );
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await main(process.argv.slice(2)).catch((error) => {
    console.error(error.message);
    process.exit(1);
  });
}
