// Every package of the lockfile must have a permissive licence. Licences are read from the lockfile, or from the installed package where
// the lockfile does not say; packages of other platforms are in the lockfile as well, so the check is the same on every machine.
import { readFile } from 'node:fs/promises';

const PERMISSIVE = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'CC-BY-4.0',
  'CC-BY-3.0',
  'Python-2.0',
  'Unlicense',
  'WTFPL',
  'Zlib',
  'PostgreSQL',
]);
/** Licence of packages whose metadata has none or another spelling, each looked up in the package itself. */
const LOOKED_UP = JSON.parse(await readFile(new URL('licences-looked-up.json', import.meta.url), 'utf8'));

const lock = JSON.parse(await readFile(new URL('../../package-lock.json', import.meta.url), 'utf8'));
const wrong = [];
let checked = 0;
for (const [path, entry] of Object.entries(lock.packages)) {
  if (!path.includes('node_modules/') || entry.link) continue;
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const licence = LOOKED_UP[name] ?? entry.license ?? (await installedLicence(path));
  checked += 1;
  if (!isPermissive(licence)) wrong.push(`${name}@${entry.version}: ${licence ?? 'no licence'}`);
}
if (wrong.length > 0) {
  console.error(`licences: not permissive:\n  ${[...new Set(wrong)].join('\n  ')}`);
  process.exit(1);
}
console.log(`licences: ${checked} packages, all permissive`);

/** `A OR B` needs one permissive side, `A AND B` both. */
function isPermissive(licence) {
  if (typeof licence !== 'string') return false;
  const text = licence.replace(/^\((.*)\)$/, '$1');
  if (/ AND /.test(text)) return text.split(/ AND /).every(isPermissive);
  if (/ OR /.test(text)) return text.split(/ OR /).some(isPermissive);
  return PERMISSIVE.has(text);
}

async function installedLicence(path) {
  try {
    const manifest = JSON.parse(await readFile(new URL(`../../${path}/package.json`, import.meta.url), 'utf8'));
    return typeof manifest.license === 'string' ? manifest.license : (manifest.license?.type ?? manifest.licenses?.[0]?.type);
  } catch (error) {
    // A package of another platform is not installed here.
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
