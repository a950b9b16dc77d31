import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

const lib = (name) => `lib:${name}`;
/** Which libraries a library may use. Services may use all but `infrastructure` and `testing`; services never use each other. */
const LIBRARIES = {
  contracts: [],
  administration: ['contracts'],
  'service-kit': ['contracts'],
  messaging: ['contracts', 'service-kit'],
  organisation: ['contracts', 'administration', 'service-kit'],
  edxml: [],
  signatures: ['contracts'],
  ingress: ['contracts', 'administration', 'service-kit', 'messaging', 'organisation'],
  infrastructure: [],
  testing: ['infrastructure'],
};
const RUNTIME = ['contracts', 'administration', 'service-kit', 'messaging', 'organisation', 'ingress', 'edxml', 'signatures'].map(lib);
const SERVICES = ['dossier-intake', 'edocument-workflow', 'index-scoring', 'reporting'];
const TOOLS = {
  'demo-year': [lib('contracts'), lib('administration')],
  'demo-documents': [lib('contracts'), 'tool:cli'],
  cli: [...RUNTIME, 'tool:demo-year'],
  start: [...RUNTIME, lib('infrastructure'), 'tool:demo-year'],
  testrun: [lib('infrastructure')],
  e2e: [...RUNTIME, lib('infrastructure'), lib('testing'), 'tool:cli'],
  chaos: [...RUNTIME, lib('infrastructure'), 'tool:cli', 'tool:demo-year'],
  bench: [...RUNTIME, lib('infrastructure'), 'tool:cli', 'tool:demo-year'],
};

export const boundaries = [
  ...Object.entries(LIBRARIES).map(([name, uses]) => ({ sourceTag: lib(name), onlyDependOnLibsWithTags: uses.map(lib) })),
  ...SERVICES.map((service) => ({ sourceTag: `service:${service}`, onlyDependOnLibsWithTags: RUNTIME })),
  ...Object.entries(TOOLS).map(([tool, uses]) => ({ sourceTag: `tool:${tool}`, onlyDependOnLibsWithTags: uses })),
];
/** Specs may also use what starts databases and brokers for them. */
const specBoundaries = boundaries.map((rule) => ({
  ...rule,
  onlyDependOnLibsWithTags: [...rule.onlyDependOnLibsWithTags, lib('testing'), lib('infrastructure')],
}));
const moduleBoundaries = (depConstraints) => ['error', { enforceBuildableLibDependency: false, allow: [], depConstraints }];

export default tseslint.config(
  {
    ignores: [
      '**/dist',
      '**/dist-types',
      '**/generated',
      '**/node_modules',
      '.par',
      '.nx',
      'tools/tidy/boundary-fixture',
      'services/reporting/web/*.d.ts',
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    files: ['**/*.ts'],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      // Either every member is named, or a default says what the others mean.
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@nx/enforce-module-boundaries': moduleBoundaries(boundaries),
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      // An empty catch hides what went wrong.
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "Property[key.name='noAck'][value.value=true]",
          message: 'A message is acknowledged after its work is committed, never on delivery.',
        },
        {
          selector: "CallExpression[callee.property.name='random'][callee.object.name='Math']",
          message: 'No invented figures: nothing here is random.',
        },
      ],
    },
  },
  {
    // Specs, and what only specs use (`spec-*.ts`).
    files: ['**/*.spec.ts', '**/spec-*.ts', 'tools/e2e/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': moduleBoundaries(specBoundaries),
      'max-lines': 'off',
      'max-lines-per-function': 'off',
      // A caller may read its own reply queue without acknowledging.
      'no-restricted-syntax': 'off',
      // Bodies of answers are read as they come; the expectations are the check.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
    },
  },
  { files: ['**/*.mjs', '**/*.js'], ...tseslint.configs.disableTypeChecked },
  { files: ['**/prisma.config.ts'], ...tseslint.configs.disableTypeChecked },
);
