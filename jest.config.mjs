import { swcOptions } from './tools/swc-hooks.mjs';

const suite = (name, extra = {}) => ({
  displayName: name,
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@par/source', 'node', 'node-addons'] },
  testMatch: [`<rootDir>/{libs,services,tools}/**/*.${name}.spec.ts`],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/generated/'],
  modulePathIgnorePatterns: ['/dist/', '/dist-types/', '<rootDir>/.par/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', swcOptions] },
  setupFiles: ['<rootDir>/tools/testrun/jest.setup.mjs'],
  ...extra,
});

/** Suites by file suffix: unit (pure), int (real PostgreSQL and RabbitMQ), e2e (whole services as processes). */
export default {
  projects: [suite('unit'), suite('int'), suite('e2e')],
  testTimeout: 60_000,
};
