export { createDatabase, type SpecDatabase } from './create-database.ts';
export { createVhost, manage, type SpecVhost } from './create-vhost.ts';
export { testEnvironment, type TestEnvironment } from './environment.ts';
export { eventually, type Patience } from './eventually.ts';
export { startPrivateBroker } from './start-spec-broker.ts';
export { type PrivateBroker } from '@par/infrastructure';
