// Proves that the module boundaries are enforced: a service that reaches into another service, or into the library that starts databases,
// must be refused by the very rule that `npm run lint` uses.
import nx from '@nx/eslint-plugin';
import { ESLint } from 'eslint';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import tseslint from 'typescript-eslint';
import { boundaries } from '../../eslint.config.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const eslint = new ESLint({
  cwd: root,
  overrideConfigFile: true,
  overrideConfig: [
    {
      files: ['**/*.ts'],
      plugins: { '@nx': nx },
      languageOptions: { parser: tseslint.parser },
      rules: {
        '@nx/enforce-module-boundaries': ['error', { enforceBuildableLibDependency: false, allow: [], depConstraints: boundaries }],
      },
    },
  ],
});
const fixture = await readFile(new URL('boundary-fixture/reaches-into-another-service.ts', import.meta.url), 'utf8');
const [result] = await eslint.lintText(fixture, { filePath: `${root}services/reporting/src/reaches-into-another-service.ts` });
const refused = result.messages.filter(({ ruleId, line }) => ruleId === '@nx/enforce-module-boundaries' && (line === 2 || line === 3));
if (new Set(refused.map(({ line }) => line)).size !== 2) {
  console.error('boundaries: the fixture that breaks them was not refused:', result.messages);
  process.exit(1);
}
console.log('boundaries: the two forbidden imports of the fixture are refused');
