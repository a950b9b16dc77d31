// node tools/run.mjs deploy/migrate.mjs: creates the databases of the four services on the server that POSTGRES_URL names, where they are
// missing, and applies every migration that is waiting. Can be run again at any time; it then only looks. Exits with 1 and the reason
// where a migration fails, so that no service starts on tables that it does not know.
import { SERVICES } from '@par/contracts';
import { databaseNameOf, migrateServices, withDatabase } from '@par/infrastructure';

const server = process.env.POSTGRES_URL;
if (server === undefined || server === '') {
  console.error(
    'POSTGRES_URL is not set: the PostgreSQL server whose databases are to be migrated, postgresql://user:password@host:5432/postgres',
  );
  process.exit(2);
}
try {
  await migrateServices(
    SERVICES,
    (service) => withDatabase(server, databaseNameOf(service)),
    (line) => console.log(line),
  );
  console.log(`the tables of ${SERVICES.join(', ')} are up to date`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
