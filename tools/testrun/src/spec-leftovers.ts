import pg from 'pg';
import { manage } from '@par/testing';

/** Removes databases and virtual hosts of specs that were killed before they could do so. Only for servers that this run has to itself. */
export async function clearSpecLeftovers(postgresUrl: string, managementUrl: string): Promise<void> {
  const admin = new pg.Client({ connectionString: postgresUrl });
  await admin.connect();
  try {
    const { rows } = await admin.query<{ datname: string }>(`SELECT datname FROM pg_database WHERE starts_with(datname, 'spec_')`);
    for (const { datname } of rows) await admin.query(`DROP DATABASE ${pg.escapeIdentifier(datname)} WITH (FORCE)`);
  } finally {
    await admin.end();
  }
  const vhosts = (await manage(managementUrl, 'GET', '/api/vhosts?columns=name')) as { name: string }[];
  for (const { name } of vhosts) if (name.startsWith('spec-')) await manage(managementUrl, 'DELETE', `/api/vhosts/${name}`);
}
