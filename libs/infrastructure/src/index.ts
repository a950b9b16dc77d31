export { ALLOCATOR_ENVIRONMENT } from './allocator.ts';
export { CHECKOUT, InfrastructureError, type Progress } from './checkout.ts';
export { type Choice, type Purpose } from './choice.ts';
export { runCommand, waitUntil, type CommandOptions, type CommandResult } from './command.ts';
export { fetchDebianTree, type DebianTree, type DebianTreeRecipe } from './debian-tree.ts';
export { findRabbitmqFiles, type RabbitmqServer } from './find-rabbitmq.ts';
export { type PostgresServer } from './find-postgres.ts';
export { isPortFree } from './free-ports.ts';
export { databaseNameOf, migrateService, migrateServices, migrationsHash, withDatabase, type TablesOf } from './migrate-service.ts';
export { LockHeldError, takeOwnerLock } from './owner-lock.ts';
export { onEndOfNpm } from './parent-watch.ts';
export { runRabbitmqctl, startPrivateBroker, stopPrivateBroker, type PrivateBroker } from './private-broker.ts';
export { startPrivateCluster, stopPrivateCluster, type PrivateCluster } from './private-cluster.ts';
export { embeddedBinaries, machineBinaries, type PostgresBinaries } from './postgres-binaries.ts';
export { startPrivatePostgres, stopPrivatePostgres, type PrivatePostgres } from './private-postgres.ts';
export { birthOf, commandLineOf, endProcesses, isAlive, processesWithEnvironment } from './running-processes.ts';
export { makePrivateDirectory, makeStateDirectory, postgresUser } from './server-user.ts';
export {
  DEFAULT_CACHE,
  removeInstances,
  startInfrastructure,
  stopLeftovers,
  type Infrastructure,
  type InfrastructureOptions,
} from './start-infrastructure.ts';
